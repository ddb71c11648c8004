//===- Prepare.cpp - The copy that is differentiated ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/Prepare.h"
#include "analysis/CountedUnit.h"
#include "analysis/FunctionObjects.h"
#include "analysis/SizeMembers.h"
#include "analysis/TextAccesses.h"
#include "library/Library.h"
#include "prepare/AnalysisManagers.h"
#include "prepare/BitwiseFloats.h"
#include "prepare/ComputedGotos.h"
#include "prepare/DefinePoison.h"
#include "prepare/ExchangeLoops.h"
#include "prepare/InactiveResults.h"
#include "prepare/IndirectCalls.h"
#include "prepare/LowerAllocations.h"
#include "prepare/LowerBarriers.h"
#include "prepare/LowerLibraryCalls.h"
#include "prepare/LowerReallocations.h"
#include "prepare/LowerX86Intrinsics.h"
#include "prepare/MixedResults.h"
#include "prepare/MoveLoops.h"
#include "prepare/ParallelRegions.h"
#include "prepare/ReadOnlyArguments.h"
#include "prepare/RoundedAddresses.h"
#include "prepare/UnionCopies.h"
#include "prepare/UnionLoads.h"
#include "prepare/UnpackCalls.h"
#include "prepare/UnreadCopies.h"
#include "prepare/VariableArrays.h"
#include "prepare/VariadicOutput.h"
#include "request/Registration.h"
#include "request/RequestCall.h"
#include "rules/Allocations.h"
#include "rules/BlasFunctions.h"
#include "rules/KnownFunctions.h"
#include "rules/LibraryBodies.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/ScalarizeMaskedMemIntrin.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/FixIrreducible.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LowerSwitch.h"
#include "llvm/Transforms/Utils/UnifyFunctionExitNodes.h"
#include "llvm/Transforms/Vectorize/VectorCombine.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// Inlines callees into the copy of one primal, within bounds.
///
/// Inlining matters more here than in an ordinary compile: what is inlined
/// needs no tape of its own and no split derivative. It is done on the copy
/// only, so the callee's linkage does not enter the decision and the cost
/// model's bonus for the last call of a static function, which would collapse
/// long call chains into one function, is bounded by the budget.
class Inliner {
public:
  Inliner(Function &Copy, AnalysisManagers &AMs, const Options &Opts,
          const InlineSet &Always, bool AlwaysOnly = false)
      : Copy(Copy), AMs(AMs), Opts(Opts), Always(Always),
        AlwaysOnly(AlwaysOnly) {}

  void run(const Function &Original) {
    History.push_back({&Original, -1});
    for (Instruction &I : instructions(Copy))
      enqueue(I, 0);
    for (size_t Next = 0; Next < Work.size(); ++Next)
      if (auto *Call = dyn_cast_or_null<CallBase>(Work[Next].first))
        visit(*Call, Work[Next].second);
    for (Function *Body : Bodies)
      if (Body->use_empty())
        Body->eraseFromParent();
  }

private:
  void enqueue(Instruction &I, int HistoryIndex) {
    if (isa<CallInst, InvokeInst>(I) && !isa<IntrinsicInst>(I))
      Work.push_back({WeakTrackingVH(&I), HistoryIndex});
  }

  /// True if \p Callee is being inlined already on this path.
  bool isRecursive(const Function *Callee, int HistoryIndex) const {
    for (; HistoryIndex >= 0; HistoryIndex = History[HistoryIndex].second)
      if (History[HistoryIndex].first == Callee)
        return true;
    return false;
  }

  /// -O0 marks every function noinline and optnone; that speaks of the
  /// program's code, not of this copy. Unoptimised code is about three times as
  /// long.
  bool isSmallUnoptimized(Function &Callee) const {
    constexpr unsigned CostOfInstruction = 5, Bloat = 3;
    return Callee.hasOptNone() && isInlineViable(Callee).isSuccess() &&
           Callee.getInstructionCount() * CostOfInstruction <=
               unsigned(Opts.InlineThreshold) * Bloat;
  }

  /// What \p Call calls then, if it is of a function of C's library for which
  /// there is a body.
  void callBody(CallBase &Call) {
    auto Known = libraryBody(*Call.getCalledFunction());
    if (!Known || !Known->knowsSize(Call))
      return;
    Function *Body = libraryFunction(*Copy.getParent(), Known->Body);
    if (!Body || Body->getFunctionType() != Call.getFunctionType())
      return;
    Bodies.insert(Body);
    Call.setCalledFunction(Body);
  }

  bool isProfitable(CallBase &Call, Function &Callee) {
    bool Wanted = Always.contains(&Callee) || Bodies.contains(&Callee);
    if (AlwaysOnly || Wanted)
      return Wanted;
    if (isSmallUnoptimized(Callee))
      return Size < Opts.InlineBudget;
    auto &FAM = AMs.FAM;
    auto Params = getInlineParams(Opts.InlineThreshold);
    Params.ComputeFullInlineCost = false;
    auto Cost = getInlineCost(
        Call, &Callee, Params, FAM.getResult<TargetIRAnalysis>(Callee),
        [&](Function &F) -> AssumptionCache & {
          return FAM.getResult<AssumptionAnalysis>(F);
        },
        [&](Function &F) -> const TargetLibraryInfo & {
          return FAM.getResult<TargetLibraryAnalysis>(F);
        });
    if (Cost.isAlways())
      return true;
    return !Cost.isNever() && Cost && Size < Opts.InlineBudget;
  }

  void visit(CallBase &Call, int HistoryIndex) {
    if (Function *F = Call.getCalledFunction(); F && Always.contains(F))
      callBody(Call);
    Function *Callee = Call.getCalledFunction();
    if (!Callee || Callee->isDeclaration() || Callee->isInterposable() ||
        (classifyCallee(*Callee) != CalleeKind::Unknown &&
         !Always.contains(Callee)) ||
        reallocatorKind(*Callee) ||
        Callee->hasFnAttribute(CustomRuleAttribute) ||
        Call.hasFnAttr("enzyme_inactive") ||
        isRecursive(Callee, HistoryIndex) || !isProfitable(Call, *Callee) ||
        asksForDerivative(*Callee))
      return;
    const bool Speculative = Call.hasFnAttr(SpeculativeCallAttribute);
    SmallPtrSet<const BasicBlock *, 32> Known;
    if (Callee->hasPersonalityFn())
      Known.insert_range(make_pointer_range(Copy));
    InlineFunctionInfo Info;
    if (!InlineFunction(Call, Info).isSuccess())
      return;
    Size += Callee->getInstructionCount();
    History.push_back({Callee, HistoryIndex});
    // InlineFunction lists nothing if the callee has invokes and no calls.
    if (Callee->hasPersonalityFn() && Info.InlinedCallSites.empty())
      for (BasicBlock &BB : Copy)
        if (auto *Invoke = dyn_cast<InvokeInst>(BB.getTerminator());
            Invoke && !Known.contains(&BB))
          Info.InlinedCallSites.push_back(Invoke);
    for (CallBase *New : Info.InlinedCallSites) {
      if (Speculative)
        New->addFnAttr(
            Attribute::get(Copy.getContext(), SpeculativeCallAttribute));
      enqueue(*New, History.size() - 1);
    }
  }

  Function &Copy;
  AnalysisManagers &AMs;
  const Options &Opts;
  const InlineSet &Always;
  bool AlwaysOnly;
  /// Those that were taken from src/library.
  SmallSetVector<Function *, 2> Bodies;
  unsigned Size = 0;
  SmallVector<std::pair<WeakTrackingVH, int>, 32> Work;
  /// (function, index of the entry that it was inlined into).
  SmallVector<std::pair<const Function *, int>, 32> History;
};

} // namespace

/// A callee's `byval` parameter is a private copy. Make the copy explicit, so
/// that the sweeps see an alloca and a memcpy and nothing else.
static void makeByValCopiesExplicit(Function &F) {
  const DataLayout &DL = F.getDataLayout();
  IRBuilder<> B(&*F.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
  for (Argument &A : F.args()) {
    if (!A.hasByValAttr())
      continue;
    Type *T = A.getParamByValType();
    Align Alignment = A.getParamAlign().value_or(DL.getABITypeAlign(T));
    auto *Copy = B.CreateAlloca(T, nullptr, A.getName() + ".byval");
    Copy->setAlignment(Alignment);
    A.replaceAllUsesWith(Copy);
    B.CreateMemCpy(Copy, Alignment, &A, Alignment, DL.getTypeAllocSize(T));
    A.removeAttr(Attribute::ByVal);
    // The type says what the copy has between its fields.
    A.addAttr(Attribute::getWithByRefType(F.getContext(), T));
  }
}

/// Names thread-local variables directly, as a shadow variable is then found by
/// name. (The intrinsic serves coroutines, which change threads.)
static void nameThreadLocals(Function &F) {
  for (Instruction &I : make_early_inc_range(instructions(F)))
    if (auto *Call = dyn_cast<IntrinsicInst>(&I);
        Call && Call->getIntrinsicID() == Intrinsic::threadlocal_address) {
      Call->replaceAllUsesWith(Call->getArgOperand(0));
      Call->eraseFromParent();
    }
}

/// Gives each invoke a normal destination of its own, where the sweeps can put
/// what follows a call.
static void splitNormalEdges(Function &F) {
  SmallVector<InvokeInst *, 8> Invokes;
  for (BasicBlock &BB : F)
    if (auto *Invoke = dyn_cast<InvokeInst>(BB.getTerminator()))
      Invokes.push_back(Invoke);
  for (InvokeInst *Invoke : Invokes)
    SplitEdge(Invoke->getParent(), Invoke->getNormalDest());
}

static bool isReducible(Function &F, const LoopInfo &LI) {
  ReversePostOrderTraversal<const Function *> RPOT(&F);
  return !containsIrreducibleCFG<const BasicBlock *>(RPOT, LI);
}

/// Brings the control flow into the form that the reverse sweep inverts.
static Error canonicalizeControlFlow(Function &F, AnalysisManagers &AMs) {
  for (Instruction &I : instructions(F)) {
    if (isa<CallBrInst, CatchSwitchInst, CatchReturnInst, CleanupReturnInst>(I))
      return makeError(Reason::UnsupportedControlFlow, I,
                       "cannot reverse this control transfer");
    if (auto *Call = dyn_cast<CallBase>(&I);
        Call && Call->hasFnAttr(Attribute::ReturnsTwice))
      return makeError(Reason::UnsupportedControlFlow, I,
                       "this call returns twice: a derivative cannot follow "
                       "longjmp back to it",
                       "call setjmp outside of the differentiated function");
  }
  FunctionPassManager FPM;
  FPM.addPass(UnifyFunctionExitNodesPass());
  AMs.invalidate(F);
  removeUnreachableBlocks(F);
  if (!isReducible(F, AMs.FAM.getResult<LoopAnalysis>(F))) {
    FPM.addPass(LowerSwitchPass());
    FPM.addPass(FixIrreduciblePass());
  }
  FPM.addPass(LoopSimplifyPass());
  FPM.run(F, AMs.FAM);
  splitNormalEdges(F);
  AMs.invalidate(F);
  FunctionPassManager Closing;
  Closing.addPass(LCSSAPass());
  Closing.run(F, AMs.FAM);
  AMs.invalidate(F);

  auto &LI = AMs.FAM.getResult<LoopAnalysis>(F);
  for (Loop *L : LI.getLoopsInPreorder())
    if (!L->isLoopSimplifyForm())
      return makeError(Reason::UnsupportedControlFlow,
                       *L->getHeader()->getTerminator(),
                       "this loop cannot be brought into simplified form");
  if (!isReducible(F, LI))
    return makeError(Reason::UnsupportedControlFlow, F,
                     "the control flow stays irreducible");
  return Error::success();
}

void simplifyFunction(Function &F, AnalysisManagers &AMs) {
  AMs.invalidate(F);
  FunctionPassManager FPM =
      AMs.passBuilder().buildFunctionSimplificationPipeline(
          OptimizationLevel::O2, ThinOrFullLTOPhase::None);
  // Its last passes leave comparisons that are known now.
  for (unsigned Round = 0; Round < 2; ++Round) {
    FPM.addPass(InstCombinePass());
    FPM.addPass(SimplifyCFGPass());
  }
  FPM.run(F, AMs.FAM);
  // In derivatives too: X86's FastISel takes a pointer that is cast from a
  // float from the floating-point register (LLVM 22, -O0).
  splitUnionLoads(F);
  AMs.invalidate(F);
}

void inlineCallees(Function &F, const Function &Original, AnalysisManagers &AMs,
                   const Options &Opts, const InlineSet &Always) {
  Inliner(F, AMs, Opts, Always).run(Original);
  noteSizeAccesses(F);
  noteObjectPointers(F);
  AMs.invalidate(F);
}

/// Makes calls through pointers direct. Of the callees only those are inlined
/// of which next to nothing remains, such as std::function's manager for a
/// known operation: what is wrong with others may never matter.
static void resolveIndirectCalls(Function &F, const Function &Original,
                                 AnalysisManagers &AMs, Options Opts,
                                 const Inlining &Inline) {
  Opts.InlineThreshold = 25;
  constexpr unsigned MaxRounds = 4; // Inlining can bring new ones.
  for (unsigned Round = 0; promoteIndirectCalls(F); ++Round) {
    AMs.invalidate(F);
    if (!Opts.Optimize || !Inline.Targets || Round == MaxRounds)
      return;
    inlineCallees(F, Original, AMs, Opts, Inline.Always);
    moveVariableArrays(F, AMs);
    simplifyFunction(F, AMs);
  }
}

/// What the linker takes from the C library has no bitcode anywhere.
static bool isLibraryFunction(Function &F, AnalysisManagers &AMs) {
  LibFunc Known;
  return F.isDeclaration() &&
         AMs.FAM.getResult<TargetLibraryAnalysis>(F).getLibFunc(F, Known);
}

/// Before LLVM folds the casts around the sign bits of vectors into loads and
/// stores (in code from -O0).
static void liftSignsEarly(Function &F, AnalysisManagers &AMs) {
  if (none_of(instructions(F), [](const Instruction &I) {
        return I.isBitwiseLogicOp() && I.getType()->isVectorTy();
      }))
    return;
  AMs.invalidate(F);
  FunctionPassManager FPM;
  FPM.addPass(SROAPass(SROAOptions::PreserveCFG));
  FPM.addPass(EarlyCSEPass());
  FPM.run(F, AMs.FAM);
  liftSignBits(F);
}

/// Shuffles of floating point that are written as shuffles of integers (Eigen's
/// for SSE2) become what they are.
static void foldVectorCasts(Function &F, AnalysisManagers &AMs) {
  if (none_of(instructions(F), [](const Instruction &I) {
        return isa<BitCastInst>(I) && I.getType()->isVectorTy() &&
               I.getType()->isFPOrFPVectorTy() &&
               I.getOperand(0)->getType()->isIntOrIntVectorTy();
      }))
    return;
  AMs.invalidate(F);
  FunctionPassManager FPM;
  FPM.addPass(VectorCombinePass());
  FPM.addPass(InstCombinePass());
  FPM.run(F, AMs.FAM);
  AMs.invalidate(F);
}

/// Loads and stores of some lanes of a vector become branches around the
/// lanes' own.
static void scalarizeMaskedAccesses(Function &F, AnalysisManagers &AMs) {
  if (none_of(instructions(F), [](const Instruction &I) {
        auto *Call = dyn_cast<IntrinsicInst>(&I);
        return Call &&
               Call->getCalledFunction()->getName().starts_with("llvm.masked.");
      }))
    return;
  AMs.invalidate(F);
  FunctionPassManager FPM;
  FPM.addPass(ScalarizeMaskedMemIntrinPass());
  FPM.run(F, AMs.FAM);
  AMs.invalidate(F);
}

/// Of the libraries of POSIX and C: a body would not help.
static bool isOfThreads(StringRef Name) {
  return Name.starts_with("pthread_") || Name.starts_with("thrd_");
}

Expected<Function *> preparePrimal(Function &Primal, AnalysisManagers &AMs,
                                   const Options &Opts,
                                   const Inlining &Inline) {
  // Not Reason::MissingBody: no file with its body would help.
  if (Primal.isIntrinsic() || isLibraryFunction(Primal, AMs))
    return makeError(
        Reason::UnsupportedCall, Primal,
        "no derivative of '" + displayName(Primal) +
            "': LinkGrad has no rule for this " +
            (Primal.isIntrinsic() ? "intrinsic" : "library function"),
        "write it in terms of functions that have rules "
        "(docs/rules.md), register a derivative for it, or mark "
        "it inactive");
  if (Primal.isDeclaration() && isOfThreads(Primal.getName()))
    return makeError(Reason::UnsupportedCall, Primal,
                     "no derivative of '" + displayName(Primal) +
                         "': threads are not differentiated",
                     "start them outside of the differentiated function; each "
                     "can call a derivative, with shadows of its own");
  if (Primal.isDeclaration())
    return makeError(Reason::MissingBody, Primal,
                     "no derivative of '" + displayName(Primal) +
                         "': its body is not in this module",
                     "link with ld.linkgrad and compile its source with "
                     "-flto=thin, or mark it inactive");
  if (Primal.isInterposable())
    return makeError(Reason::MissingBody, Primal,
                     "the definition of '" + displayName(Primal) +
                         "' seen here may be replaced by another at link time",
                     "link with ld.linkgrad, which knows the prevailing one");

  ValueToValueMapTy VMap;
  Function *Copy = CloneFunction(&Primal, VMap);
  Copy->setName(Primal.getName() + ".linkgrad.prepared");
  Copy->setLinkage(GlobalValue::InternalLinkage);
  Copy->setVisibility(GlobalValue::DefaultVisibility);
  Copy->setComdat(nullptr);
  Copy->setDSOLocal(true);
  for (auto Kind : {Attribute::OptimizeNone, Attribute::NoInline,
                    Attribute::OptimizeForSize, Attribute::MinSize})
    Copy->removeFnAttr(Kind);
  auto Discard = [&](Error E) {
    AMs.FAM.clear(*Copy, Copy->getName());
    Copy->eraseFromParent();
    return E;
  };
  if (Error E = lowerComputedGotos(*Copy, Primal, AMs))
    return Discard(std::move(E));
  makeByValCopiesExplicit(*Copy);
  relaxTailCalls(*Copy);

  const InlineSet &Always = Inline.Always;
  if (Opts.Optimize) {
    inlineCallees(*Copy, Primal, AMs, Opts, Always);
    lowerParallelRegions(*Copy, AMs, Opts);
    bool Calls = unpackCalls(*Copy), Results = splitMixedResults(*Copy);
    if (Calls || Results) // The new callees can be in Always.
      inlineCallees(*Copy, Primal, AMs, Opts, Always);
    lowerAllocations(*Copy);
    lowerBarriers(*Copy);
    lowerRoundedAddresses(*Copy);
    moveVariableArrays(*Copy, AMs);
    annotateBlasCalls(*Copy);
    noteCountedUnits(*Copy);
    liftSignsEarly(*Copy, AMs);
    simplifyFunction(*Copy, AMs);
    if (any_of(Always, [](const Function *F) { return libraryBody(*F); })) {
      // The size of the elements is known now.
      inlineCallees(*Copy, Primal, AMs, Opts, Always);
      simplifyFunction(*Copy, AMs);
    }
    if (unrollMoveLoops(*Copy, AMs))
      simplifyFunction(*Copy, AMs);
    while (trimCopies(*Copy)) // Each shows what another's source is read for.
      ;
    markReadOnlyArguments(*Copy);
  } else {
    Inliner(*Copy, AMs, Opts, Always, /*AlwaysOnly=*/true).run(Primal);
    lowerParallelRegions(*Copy, AMs, Opts);
    moveVariableArrays(*Copy, AMs);
    annotateBlasCalls(*Copy);
    AMs.invalidate(*Copy);
    FunctionPassManager FPM;
    FPM.addPass(SROAPass(SROAOptions::PreserveCFG));
    FPM.run(*Copy, AMs.FAM);
  }
  resolveIndirectCalls(*Copy, Primal, AMs, Opts, Inline);
  if (lowerParallelRegions(*Copy, AMs, Opts) && Opts.Optimize)
    simplifyFunction(*Copy, AMs);
  if (Opts.Optimize) {
    bool Calls = unpackCalls(*Copy), Merges = unpackMerges(*Copy);
    bool Results = splitMixedResults(*Copy);
    if (Results) {
      Inliner(*Copy, AMs, Opts, Always, /*AlwaysOnly=*/true).run(Primal);
      splitMixedResults(*Copy);
    }
    if (Calls || Merges || Results)
      simplifyFunction(*Copy, AMs);
  }
  if (foldExchangeLoops(*Copy)) {
    AMs.invalidate(*Copy);
    if (Opts.Optimize)
      simplifyFunction(*Copy, AMs);
  }
  nameThreadLocals(*Copy);
  lowerAllocations(*Copy);
  lowerLibraryCalls(*Copy);
  clearInactiveResults(*Copy);
  if (lowerReallocations(*Copy))
    AMs.invalidate(*Copy);
  lowerX86Intrinsics(*Copy);
  lowerBarriers(*Copy);
  lowerRoundedAddresses(*Copy);
  liftBitwiseFloats(*Copy);
  splitUnionLoads(*Copy);
  if (Opts.Optimize)
    foldVectorCasts(*Copy, AMs);
  markVariadicOutput(*Copy);
  scalarizeMaskedAccesses(*Copy, AMs);
  noteTextAccesses(*Copy);
  definePoison(*Copy);
  copyUnions(*Copy);
  if (Error E = canonicalizeControlFlow(*Copy, AMs))
    return Discard(std::move(E));
  return Copy;
}

} // namespace linkgrad
