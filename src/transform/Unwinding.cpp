//===- Unwinding.cpp - What runs when an exception leaves -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// There is no way back from an exception that leaves the augmented primal. Its
// cleanups free the primal's memory at once; here they are made to free the
// shadows too. What belongs to the tape hangs on the list of deferred frees,
// which the function that runs both sweeps releases on this path as well.
//
//===----------------------------------------------------------------------===//

#include "rules/KnownFunctions.h"
#include "transform/ActiveMemory.h"
#include "transform/AugmentedPrimal.h"
#include "transform/CaughtExceptions.h"
#include "llvm/ADT/DepthFirstIterator.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

/// What is called to throw stands in a block that leads nowhere.
Error AugmentedPrimal::visitThrowers() {
  for (auto [Call, Invoke] : Invokes) {
    if (!Trace.LiveSet.contains(Invoke->getParent()) ||
        Trace.LiveSet.contains(Call->getParent()))
      continue;
    if (Error E = Activities->isActiveCall(*Call)
                      ? checkCaught(*Call, Invoke)
                      : checkThrower(*Call, Invoke, *Activities))
      if (Error Final = stopAt(*Call, std::move(E)))
        return Final;
  }
  return Error::success();
}

/// The blocks from which the way leads out by an exception and never to the
/// end, in reverse post-order.
static SmallVector<BasicBlock *, 8> unwindingBlocks(Function &F,
                                                    const ControlFlowTrace &T) {
  df_iterator_default_set<BasicBlock *> Unwinding;
  for (BasicBlock &BB : F)
    if (isa<ResumeInst>(BB.getTerminator()))
      for (BasicBlock *B : inverse_depth_first_ext(&BB, Unwinding))
        (void)B;
  SmallVector<BasicBlock *, 8> Blocks;
  for (BasicBlock *BB : ReversePostOrderTraversal<Function *>(&F))
    if (Unwinding.contains(BB) && !T.LiveSet.contains(BB))
      Blocks.push_back(BB);
  return Blocks;
}

/// Frees the shadows of what \p Free frees.
void AugmentedPrimal::freeShadows(CallBase &Free) {
  Value &Memory = *Free.getArgOperand(0);
  if (!Activities->hasShadow(Memory))
    return;
  for (unsigned Lane = 0; Lane < Shadow->width(); ++Lane) {
    auto *S = cast<CallInst>(Free.clone());
    S->insertBefore(Free.getIterator());
    IRBuilder<> B(S);
    S->setArgOperand(0, Shadow->freed(B, Memory, Lane, Free));
    Cleanups.push_back({nullptr, S});
  }
}

/// A destructor, say: the tangent function does to the shadows what the primal
/// does to its memory.
Error AugmentedPrimal::callWithShadows(CallInst &Call) {
  auto R = describeActiveCall(Call, *Activities, DiffMode::Forward,
                              Request.Request.Width);
  if (!R)
    return R.takeError();
  if (Shadow->has(Call))
    return makeError(Reason::UnsupportedCall, Call,
                     "a pointer from a call on the way out");
  R->Result = Activity::Const;
  R->ReturnPrimal = !Call.getType()->isVoidTy();
  for (auto [A, Arg] : zip(R->Args, Call.args()))
    if (isDup(A) && !Shadow->has(*Arg))
      A = Activity::Const; // A number: there are no tangents here.
  auto Tangent = Source.forward(*R);
  if (!Tangent)
    return Tangent.takeError();
  SmallVector<Value *, 8> Args;
  for (auto [A, Arg] : zip(R->Args, Call.args())) {
    Args.push_back(Arg);
    for (unsigned Lane = 0; isDup(A) && Lane < Shadow->width(); ++Lane)
      Args.push_back(Shadow->get(*Arg, Lane, Call));
  }
  IRBuilder<> B(&Call);
  CallInst *New = B.CreateCall(*Tangent, Args);
  // An exception during cleanup ends the program.
  New->setDoesNotThrow();
  Cleanups.push_back({&Call, New});
  return Error::success();
}

Error AugmentedPrimal::visitCleanup(Instruction &I) {
  if (Error E = checkMixedPointers(I, *Activities))
    return E;
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return visitStore(*Store);
  auto *Call = dyn_cast<CallInst>(&I);
  if (!Call) {
    Shadow->emitStructural(I);
    return Error::success();
  }
  const Function *Callee = directCallee(*Call);
  CalleeKind Kind = Callee ? classifyCallee(*Callee) : CalleeKind::Unknown;
  if (Kind == CalleeKind::Free)
    freeShadows(*Call);
  else if (Kind != CalleeKind::Unknown)
    return visitCall(*Call);
  else if (Activities->isActiveCall(*Call))
    return callWithShadows(*Call);
  return Error::success();
}

void AugmentedPrimal::visitCleanups() {
  for (BasicBlock *BB : unwindingBlocks(*Clone.F, Trace))
    for (Instruction *I : Body[BB])
      if (Error E = visitCleanup(*I))
        Shadow->fail(std::move(E));
  Shadow->finishPhis();
  bool Failed = false;
  if (Error E = Shadow->takeError()) {
    consumeError(std::move(E));
    Failed = true; // Better to leak than to free what may not be there.
  }
  for (auto [Primal, New] : Cleanups) {
    if (Failed) {
      New->eraseFromParent();
    } else if (Primal) {
      if (!Primal->getType()->isVoidTy()) {
        IRBuilder<> B(Primal);
        Primal->replaceAllUsesWith(B.CreateExtractValue(New, {0u}));
      }
      Erased.push_back(Primal);
    }
  }
}

} // namespace linkgrad
