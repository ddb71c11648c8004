//===- BlasRules.cpp - Derivatives of the functions of BLAS ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/BlasRules.h"
#include "analysis/ValueKinds.h"
#include "library/Library.h"
#include "support/Diagnostics.h"
#include "transform/Shadows.h"
#include "transform/TapeRuntime.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// The body of one function that calls rules.
class BlasBody {
public:
  BlasBody(const DiffRequest &R, const BlasFunction &Blas,
           const ShadowedClone &Clone)
      : R(R), Blas(Blas), Clone(Clone),
        B(BasicBlock::Create(Clone.F->getContext(), "entry", Clone.F)) {}

  /// The arguments of a rule in one lane. In the gradient only the order of the
  /// primal's arguments is given; nobody reads the others.
  SmallVector<Value *, 32> arguments(unsigned Lane, bool WithPrimal);

  /// Calls the rule linkgrad_ROLE_NAME.
  Expected<CallInst *> callRule(StringRef Role, ArrayRef<Value *> Args);

  Value *callPrimal() {
    SmallVector<Value *, 16> Args(Clone.Primals.begin(), Clone.Primals.end());
    CallInst *Call = B.CreateCall(R.Primal, Args);
    Call->setCallingConv(R.Primal->getCallingConv());
    return Call->getType()->isVoidTy() ? nullptr : Call;
  }

  /// The adjoint or tangent of the number that is parameter \p I of CBLAS.
  AllocaInst *cell(unsigned I) {
    AllocaInst *&Cell = Cells[I];
    if (!Cell) {
      IRBuilder<> Entry(&Clone.F->getEntryBlock(),
                        Clone.F->getEntryBlock().begin());
      Cell = Entry.CreateAlloca(Clone.Primals[I]->getType());
    }
    return Cell;
  }

  void finish(ArrayRef<Value *> Fields) {
    Type *T = Clone.F->getReturnType();
    if (T->isVoidTy()) {
      B.CreateRetVoid();
      return;
    }
    Value *Result = PoisonValue::get(T);
    for (auto [No, Field] : enumerate(Fields))
      Result = B.CreateInsertValue(Result, Field, {unsigned(No)});
    B.CreateRet(Result);
  }

  const DiffRequest &R;
  const BlasFunction &Blas;
  const ShadowedClone &Clone;
  IRBuilder<> B;
  DenseMap<unsigned, AllocaInst *> Cells;
};

} // namespace

/// True if parameter \p I is a number that is passed by value.
static bool isByValue(const BlasFunction &Blas, unsigned I) {
  return Blas.IsCblas && Blas.parameter(I) == BlasParameter::Number;
}

SmallVector<Value *, 32> BlasBody::arguments(unsigned Lane, bool WithPrimal) {
  SmallVector<Value *, 32> Args;
  for (unsigned I = 0; I < Blas.Parameters.size(); ++I) {
    Argument *Primal = Clone.Primals[I];
    bool Given = WithPrimal || Blas.parameter(I) == BlasParameter::Order;
    Args.push_back(Given ? static_cast<Value *>(Primal)
                         : Constant::getNullValue(Primal->getType()));
    if (!Blas.isDifferentiable(I))
      continue;
    if (R.Args[I] == Activity::Const)
      Args.push_back(ConstantPointerNull::get(B.getPtrTy()));
    else if (isByValue(Blas, I))
      Args.push_back(cell(I));
    else
      Args.push_back(Clone.Shadows[I][Lane]);
  }
  return Args;
}

Expected<CallInst *> BlasBody::callRule(StringRef Role,
                                        ArrayRef<Value *> Args) {
  Module &M = *Clone.F->getParent();
  std::string Name = ("linkgrad_" + Role + "_" + R.Primal->getName()).str();
  Function *Rule = libraryFunction(M, Name);
  if (!Rule || Rule->arg_size() != Args.size() ||
      M.getDataLayout().getPointerSize() != 8)
    return makeError(Reason::UnsupportedCall, *R.Primal,
                     "there is no derivative of '" + displayName(*R.Primal) +
                         "' on this target, or the program has a '" + Name +
                         "' of its own");
  return B.CreateCall(Rule, Args);
}

/// What is written needs a shadow if anything is active.
static Error checkOutputs(const DiffRequest &R, const BlasFunction &Blas) {
  for (unsigned I = 0; I < Blas.Parameters.size(); ++I)
    if (Blas.parameter(I) == BlasParameter::Output && !isDup(R.Args[I]))
      return makeError(Reason::InactiveMemory, *R.Primal,
                       "'" + displayName(*R.Primal) +
                           "' writes active values to memory that has no "
                           "shadow (parameter " +
                           Twine(I + 1) + ")",
                       "pass the memory with enzyme_dup and a shadow");
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

/// Keeps what is needed; the frame holds its address, the list of deferred
/// frees releases it.
static Error emitAugmented(BlasBody &Body) {
  auto Args = Body.arguments(0, /*WithPrimal=*/true);
  Args.push_back(ConstantPointerNull::get(Body.B.getPtrTy()));
  auto Saved = Body.callRule("save", Args);
  if (!Saved)
    return Saved.takeError();
  Body.B.CreateStore(*Saved, Body.Clone.Extra[0]);
  emitDeferral(Body.B, Body.Clone.Extra[1], *Saved,
               tapeReleaseFunction(Body.B, 0), {});
  if (Value *Result = Body.callPrimal())
    Body.finish({Result});
  else
    Body.finish({});
  return Error::success();
}

static Error emitReverse(BlasBody &Body) {
  const DiffRequest &R = Body.R;
  IRBuilder<> &B = Body.B;
  Value *Saved = B.CreateLoad(B.getPtrTy(), Body.Clone.Extra.back(), "saved");
  SmallVector<unsigned, 2> Numbers;
  for (unsigned I = 0; I < Body.Blas.Parameters.size(); ++I)
    if (R.Args[I] == Activity::Active)
      Numbers.push_back(I);
  SmallVector<Value *, 2> Adjoints(Numbers.size());
  for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
    for (unsigned I : Numbers)
      B.CreateStore(Constant::getNullValue(Body.Clone.Primals[I]->getType()),
                    Body.cell(I));
    auto Args = Body.arguments(Lane, /*WithPrimal=*/false);
    if (Body.Blas.GivesNumber) {
      Value *Seed = Constant::getNullValue(R.Primal->getReturnType());
      if (resultAdjointType(R))
        Seed = R.Width == 1 ? static_cast<Value *>(Body.Clone.Extra[0])
                            : B.CreateExtractValue(Body.Clone.Extra[0], {Lane});
      Args.push_back(Seed);
    }
    Args.push_back(Saved);
    auto Call = Body.callRule("gradient", Args);
    if (!Call)
      return Call.takeError();
    for (auto [No, I] : enumerate(Numbers)) {
      Type *T = Body.Clone.Primals[I]->getType();
      Value *&Pack = Adjoints[No];
      Value *G = B.CreateLoad(T, Body.cell(I));
      if (!Pack)
        Pack = PoisonValue::get(shadowType(T, R.Width));
      Pack = R.Width == 1 ? G : B.CreateInsertValue(Pack, G, {Lane});
    }
  }
  Body.finish(Adjoints);
  return Error::success();
}

/// Of the arguments the reverse sweep needs the order and the shadows.
static BitVector readByReverse(const DiffRequest &R, const BlasFunction &Blas) {
  BitVector Reads;
  for (unsigned I = 0; I < R.Args.size(); ++I) {
    bool IsParameter = I < Blas.Parameters.size();
    Reads.push_back(IsParameter && Blas.parameter(I) == BlasParameter::Order);
    for (unsigned Lane = 0; isDup(R.Args[I]) && Lane < R.Width; ++Lane)
      Reads.push_back(IsParameter && Blas.isDifferentiable(I));
  }
  return Reads;
}

Expected<SplitDerivative> blasGradient(const DiffRequest &R,
                                       const BlasFunction &Blas) {
  if (Error E = checkOutputs(R, Blas))
    return std::move(E);
  Type *Ptr = PointerType::getUnqual(R.Primal->getContext());
  std::string Name = R.Primal->getName().str();
  ShadowedClone Augmented =
      declareShadowed(*R.Primal, R.Args, R.Width, augmentedResultType(R),
                      {Ptr, Ptr}, Name + ".linkgrad.aug");
  ShadowedClone Reverse = declareReverse(*R.Primal, R, Name + ".linkgrad.rev");
  BlasBody AugmentedBody(R, Blas, Augmented), ReverseBody(R, Blas, Reverse);
  Error E = emitAugmented(AugmentedBody);
  if (!E)
    E = emitReverse(ReverseBody);
  if (E) {
    Augmented.F->eraseFromParent();
    Reverse.F->eraseFromParent();
    return std::move(E);
  }
  SplitDerivative Result;
  Result.Augmented = Augmented.F;
  Result.Reverse = Reverse.F;
  const DataLayout &DL = R.Primal->getDataLayout();
  Result.FrameSize = DL.getTypeAllocSize(Ptr);
  Result.FrameAlign = DL.getABITypeAlign(Ptr);
  Result.Reads = readByReverse(R, Blas);
  return Result;
}

//===----------------------------------------------------------------------===//
// Tangents
//===----------------------------------------------------------------------===//

static Error emitTangent(BlasBody &Body) {
  const DiffRequest &R = Body.R;
  IRBuilder<> &B = Body.B;
  Value *Tangent = nullptr;
  for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
    auto Args = Body.arguments(Lane, /*WithPrimal=*/true);
    for (unsigned I = 0; I < Body.Blas.Parameters.size(); ++I)
      if (isByValue(Body.Blas, I) && R.Args[I] != Activity::Const)
        B.CreateStore(Body.Clone.Shadows[I][Lane], Body.cell(I));
    Args.push_back(ConstantPointerNull::get(B.getPtrTy()));
    auto Call = Body.callRule("tangent", Args);
    if (!Call)
      return Call.takeError();
    if (!Body.Blas.GivesNumber || !isDup(R.Result))
      continue;
    if (!Tangent)
      Tangent = PoisonValue::get(shadowType((*Call)->getType(), R.Width));
    Tangent = R.Width == 1 ? static_cast<Value *>(*Call)
                           : B.CreateInsertValue(Tangent, *Call, {Lane});
  }
  SmallVector<Value *, 2> Fields;
  if (Value *Result = Body.callPrimal(); Result && R.ReturnPrimal)
    Fields.push_back(Result);
  if (Tangent)
    Fields.push_back(Tangent);
  Body.finish(Fields);
  return Error::success();
}

Expected<Function *> blasTangent(const DiffRequest &R,
                                 const BlasFunction &Blas) {
  if (Error E = checkOutputs(R, Blas))
    return std::move(E);
  ShadowedClone Clone = declareShadowed(*R.Primal, R.Args, R.Width,
                                        R.derivativeType()->getReturnType(), {},
                                        R.Primal->getName() + ".linkgrad.fwd");
  BlasBody Body(R, Blas, Clone);
  if (Error E = emitTangent(Body)) {
    Clone.F->eraseFromParent();
    return std::move(E);
  }
  return Clone.F;
}

} // namespace linkgrad
