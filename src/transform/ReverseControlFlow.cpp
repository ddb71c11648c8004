//===- ReverseControlFlow.cpp - The primal's path, backwards --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For each live block of the primal there is one block here; each edge is
// turned around. Where the primal merges, the reverse sweep branches on the
// merge's selector; where the primal enters a loop from outside, the reverse
// loop ends, which is when its counter is down to zero; where the primal
// leaves a loop, the reverse loop begins, with the counter's last value.
//
//===----------------------------------------------------------------------===//

#include "transform/ReverseSweep.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

void ReverseSweep::createBlocks() {
  Function &R = *Reverse.F;
  LLVMContext &C = R.getContext();
  BasicBlock *Entry = BasicBlock::Create(C, "entry", &R);
  for (BasicBlock *BB : reverse(Primal.Trace.Live))
    Blocks[BB] = BasicBlock::Create(C, "reverse." + BB->getName(), &R);
  B.SetInsertPoint(Entry);
  Values.begin(B);
  B.CreateBr(Blocks[Primal.Trace.Exit]);
}

/// The adjoint of the result comes as an argument.
void ReverseSweep::seedResult() {
  const DiffRequest &D = Primal.Request.Request;
  Value *Returned =
      cast<ReturnInst>(Primal.Trace.Exit->getTerminator())->getReturnValue();
  if (!resultAdjointType(D) || !Returned)
    return;
  B.SetInsertPoint(Reverse.F->getEntryBlock().getTerminator());
  Value *Seed = Reverse.Extra.front();
  for (unsigned Lane = 0; Lane < D.Width; ++Lane)
    Adjoint.add(B, *Returned, Lane,
                D.Width == 1 ? Seed : B.CreateExtractValue(Seed, {Lane}));
}

void ReverseSweep::takePhis(BasicBlock &BB) {
  PhiAdjoints.clear();
  for (Instruction *I : Primal.Body[&BB]) {
    auto *Phi = dyn_cast<PHINode>(I);
    if (!Phi)
      break;
    if (isActive(*Phi))
      for (unsigned Lane = 0; Lane < Primal.Shadow->width(); ++Lane)
        PhiAdjoints.push_back({Phi, Lane, Adjoint.take(B, *Phi, Lane)});
  }
}

/// From \p BB back to \p Pred, at the builder's position.
void ReverseSweep::emitEdge(BasicBlock &BB, BasicBlock &Pred) {
  for (auto [Phi, Lane, G] : PhiAdjoints)
    Adjoint.add(B, *Phi->getIncomingValueForBlock(&Pred), Lane, G);
  // The loops that the primal left by this edge, innermost last: the order in
  // which they are entered from behind does not matter.
  for (Loop *L = Primal.Trace.LI->getLoopFor(&Pred); L && !L->contains(&BB);
       L = L->getParentLoop())
    Values.enterLoop(
        B, L,
        Values.get(B, *Primal.Trace.trace(L).LastValue.find(&BB)->second));
  B.CreateBr(Blocks[&Pred]);
}

BasicBlock *ReverseSweep::edgeBlock(BasicBlock &BB, BasicBlock &Pred) {
  IRBuilder<>::InsertPointGuard Guard(B);
  auto *Edge = BasicBlock::Create(
      B.getContext(), "reverse." + BB.getName() + ".to." + Pred.getName(),
      Reverse.F);
  B.SetInsertPoint(Edge);
  emitEdge(BB, Pred);
  return Edge;
}

void ReverseSweep::finishBlock(BasicBlock &BB) {
  takePhis(BB);
  auto Preds = Primal.Trace.predecessors(&BB);
  if (Preds.empty())
    returnAdjoints();
  else if (Primal.Trace.LI->isLoopHeader(&BB))
    finishLoopHeader(BB, *Primal.Trace.LI->getLoopFor(&BB));
  else if (Preds.size() == 1)
    emitEdge(BB, *Preds.front());
  else
    finishMerge(BB, Preds);
}

/// The first iteration was entered from outside, all others by the backedge.
void ReverseSweep::finishLoopHeader(BasicBlock &Header, const Loop &L) {
  AllocaInst *Slot = Values.counter(&L);
  Value *Counter = B.CreateLoad(B.getInt64Ty(), Slot, "counter");
  Value *IsFirst = B.CreateICmpEQ(Counter, B.getInt64(0), "is.first");
  BasicBlock *Out = edgeBlock(Header, *L.getLoopPreheader());
  BasicBlock *Back = edgeBlock(Header, *L.getLoopLatch());
  B.CreateCondBr(IsFirst, Out, Back);
  B.SetInsertPoint(Back, Back->begin());
  B.CreateStore(B.CreateSub(Counter, B.getInt64(1), "counter.prev"), Slot);
}

void ReverseSweep::finishMerge(BasicBlock &BB, ArrayRef<BasicBlock *> Preds) {
  Value *Selector = Values.get(B, *Primal.Trace.Selector.lookup(&BB));
  if (Selector->getType()->isIntegerTy(1)) {
    BasicBlock *First = edgeBlock(BB, *Preds[0]);
    B.CreateCondBr(Selector, First, edgeBlock(BB, *Preds[1]));
    return;
  }
  SwitchInst *Switch =
      B.CreateSwitch(Selector, edgeBlock(BB, *Preds[0]), Preds.size() - 1);
  for (unsigned K = 1; K < Preds.size(); ++K)
    Switch->addCase(cast<ConstantInt>(ConstantInt::get(Selector->getType(), K)),
                    edgeBlock(BB, *Preds[K]));
}

/// The sweep is back at the primal's entry: the adjoints of the parameters are
/// complete.
void ReverseSweep::returnAdjoints() {
  const DiffRequest &D = Primal.Request.Request;
  Type *T = Reverse.F->getReturnType();
  Value *Result = T->isVoidTy() ? nullptr : PoisonValue::get(T);
  unsigned Field = 0;
  for (auto [A, Arg] : zip(D.Args, Primal.Clone.Primals)) {
    if (A != Activity::Active)
      continue;
    for (unsigned Lane = 0; Lane < D.Width; ++Lane) {
      Value *G = isActive(*Arg) ? Adjoint.take(B, *Arg, Lane)
                                : Constant::getNullValue(Arg->getType());
      Result = D.Width == 1 ? B.CreateInsertValue(Result, G, {Field})
                            : B.CreateInsertValue(Result, G, {Field, Lane});
    }
    ++Field;
  }
  Values.end(B);
  Result ? B.CreateRet(Result) : B.CreateRetVoid();
}

} // namespace linkgrad
