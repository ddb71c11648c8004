//===- SplitDerivative.cpp - The story of an augmented primal -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/SplitDerivative.h"
#include "prepare/AnalysisManagers.h"
#include "support/Diagnostics.h"
#include "support/Options.h"
#include "transform/AugmentedPrimal.h"
#include "transform/ForwardSweep.h"
#include "transform/ReverseSweep.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace llvm;

namespace linkgrad {

Type *augmentedResultType(const DiffRequest &R) {
  Type *T = R.Primal->getReturnType();
  if (T->isVoidTy())
    return T;
  SmallVector<Type *, 2> Fields = {T};
  if (isDup(R.Result) && containsPointer(T))
    Fields.push_back(shadowType(T, R.Width));
  return StructType::get(T->getContext(), Fields);
}

Type *reverseResultType(const DiffRequest &R) {
  LLVMContext &C = R.Primal->getContext();
  SmallVector<Type *, 4> Fields;
  for (auto [A, Param] : zip(R.Args, R.Primal->args()))
    if (A == Activity::Active)
      Fields.push_back(shadowType(Param.getType(), R.Width));
  return Fields.empty() ? Type::getVoidTy(C)
                        : static_cast<Type *>(StructType::get(C, Fields));
}

Type *resultAdjointType(const DiffRequest &R) {
  Type *T = R.Primal->getReturnType();
  return R.Result != Activity::Const && containsFloat(T) ? T : nullptr;
}

ShadowedClone declareReverse(Function &Prepared, const DiffRequest &R,
                             const Twine &Name) {
  SmallVector<Type *, 2> Extra;
  if (Type *T = resultAdjointType(R))
    Extra.push_back(shadowType(T, R.Width));
  Extra.push_back(PointerType::getUnqual(Prepared.getContext()));
  return declareShadowed(Prepared, R.Args, R.Width, reverseResultType(R), Extra,
                         Name);
}

ShadowedClone declareForward(Function &Prepared, const DiffRequest &R,
                             const Twine &Name) {
  LLVMContext &C = Prepared.getContext();
  SmallVector<Type *, 8> Extra;
  for (auto [A, Param] : zip(R.Args, Prepared.args()))
    Extra.append(A == Activity::Active ? R.Width : 0, Param.getType());
  Extra.push_back(PointerType::getUnqual(C));
  Type *Result = Type::getVoidTy(C);
  if (Type *T = resultAdjointType(R))
    Result = StructType::get(shadowType(T, R.Width));
  return declareShadowed(Prepared, R.Args, R.Width, Result, Extra, Name);
}

SmallVector<Function *, 3> SplitDerivative::functions() const {
  SmallVector<Function *, 3> List = {Augmented, Reverse};
  if (Forward)
    List.push_back(Forward);
  return List;
}

Error SplitDerivative::whyNoForward(const Function &Primal) const {
  if (NoForward)
    return Error(std::make_unique<DiffError>(*NoForward));
  return makeError(Reason::UnsupportedRequest, Primal,
                   "split forward mode of '" + displayName(Primal) +
                       "', which has a derivative of its own kind (registered, "
                       "of BLAS or of a parallel region), is not supported",
                   "use __enzyme_fwddiff");
}

/// Turns the variables of the sweeps (adjoints, counters, buffers) into SSA
/// values and drops what the derivative cannot carry.
static void tidy(Function &F, AnalysisManagers &AMs) {
  stripDebugInfo(F);
  SmallVector<AllocaInst *, 32> Variables;
  for (Instruction &I : F.getEntryBlock())
    if (auto *Alloca = dyn_cast<AllocaInst>(&I);
        Alloca && isAllocaPromotable(Alloca))
      Variables.push_back(Alloca);
  DominatorTree DT(F);
  PromoteMemToReg(Variables, DT);
  AMs.invalidate(F);
}

static void discard(Function *F, AnalysisManagers &AMs) {
  AMs.FAM.clear(*F, F->getName());
  F->eraseFromParent();
}

/// Tells what goes on the tape, as a remark for each value
/// (-Rpass-analysis=linkgrad) and in the printer of the plan.
static void explainTape(const AugmentedPrimal &Augmented, const TapePlan &Plan,
                        DerivativeSource &Source) {
  Function &A = *Augmented.Clone.F;
  OptimizationRemarkEmitter ORE(&A);
  for (Instruction *I : Plan.recorded())
    ORE.emit([&] {
      return OptimizationRemarkAnalysis("linkgrad", "Recorded", I)
             << ore::NV("Bytes",
                        I->getDataLayout().getTypeStoreSize(I->getType()))
             << " bytes recorded on the tape";
    });
  if (raw_ostream *OS = Source.options().PrintTape) {
    *OS << "tape of " << displayName(*Augmented.Request.Request.Primal)
        << ": frame of " << Augmented.Layout->frameSize() << " bytes\n";
    Plan.print(*OS);
  }
}

/// What a sweep asks for.
template <class Sweep>
static Expected<SmallVector<Value *, 32>>
rehearse(AugmentedPrimal &Primal, ShadowedClone Draft, AnalysisManagers &AMs) {
  Sweep Rehearsal(Primal, nullptr, Draft);
  Error E = Rehearsal.emit();
  SmallVector<Value *, 32> Needed(Rehearsal.needed());
  discard(Draft.F, AMs);
  if (E)
    return std::move(E);
  return Needed;
}

Expected<SplitDerivative> buildSplitDerivative(Function &Prepared,
                                               const SplitRequest &R,
                                               DerivativeSource &Source) {
  AnalysisManagers &AMs = Source.analyses();
  std::string Name = (R.Request.Primal->getName() + ".linkgrad.").str();

  // Shadows, augmented callees, the path taken: from here on everything that
  // a sweep can ask for is a value of the augmented primal.
  AugmentedPrimal Augmented(Prepared, R, Source);
  Function *A = Augmented.Clone.F;
  if (Error E = Augmented.prepare()) {
    discard(A, AMs);
    return std::move(E);
  }

  if (raw_ostream *OS = Source.options().PrintActivity)
    Augmented.Activities->print(*OS);

  // The rehearsal tells what the sweeps ask for.
  auto Needed = rehearse<ReverseSweep>(
      Augmented, declareReverse(Prepared, R.Request, Name + "rev.draft"), AMs);
  if (!Needed) {
    discard(A, AMs);
    return Needed.takeError();
  }
  SplitDerivative Result;
  if (R.Reusable) {
    auto More = rehearse<ForwardSweep>(
        Augmented, declareForward(Prepared, R.Request, Name + "fwd.draft"),
        AMs);
    if (More)
      append_range(*Needed, *More);
    else
      handleAllErrors(More.takeError(), [&](const DiffError &E) {
        Result.NoForward = std::make_shared<DiffError>(E);
      });
  }

  // From here on the tape is fixed; no analysis runs again.
  TapePlan Plan(Augmented.Trace, *Needed, Augmented.stableLoads());
  Augmented.layOut(Plan);
  if (!Source.acceptsFrame(R, Augmented.Layout->frameSize())) {
    discard(A, AMs);
    return SplitDerivative();
  }
  explainTape(Augmented, Plan, Source);

  ShadowedClone Reverse = declareReverse(Prepared, R.Request, Name + "rev");
  if (Error E = ReverseSweep(Augmented, &Plan, Reverse).emit()) {
    discard(Reverse.F, AMs);
    discard(A, AMs);
    return std::move(E);
  }
  if (R.Reusable && !Result.NoForward) {
    ShadowedClone Forward =
        declareForward(Prepared, R.Request, Name + "fwd.sweep");
    Result.Forward = Forward.F;
    if (Error E = ForwardSweep(Augmented, &Plan, Forward).emit()) {
      discard(Forward.F, AMs);
      discard(Reverse.F, AMs);
      discard(A, AMs);
      return std::move(E);
    }
  }
  Augmented.finish(Plan);
  if (Augmented.Types->hasAssumedOneMember())
    Source.noteAssumedMember();

  Result.Augmented = A;
  Result.Reverse = Reverse.F;
  Result.FrameSize = Augmented.Layout->frameSize();
  Result.FrameAlign = Augmented.Layout->frameAlign();
  Result.Pinned = Augmented.Layout->isPinned();
  Result.Deferred = Augmented.Layout->releasesLate();
  for (Argument &Arg : A->args())
    Result.Reads.push_back(Plan.isRead(Arg));
  for (Function *F : Result.functions())
    tidy(*F, AMs);
  return Result;
}

} // namespace linkgrad
