//===- EdgeSelector.cpp - A merge's edge from conditions ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows the branches from the merge's immediate dominator. A condition that
// is not evaluated on all paths is computed again in the merge; where it was
// not evaluated, the arm that holds it is not selected.
//
//===----------------------------------------------------------------------===//

#include "prepare/EdgeSelector.h"
#include "prepare/ControlFlowTrace.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

namespace {

class EdgeSelector {
public:
  EdgeSelector(BasicBlock &Merge, ArrayRef<BasicBlock *> Preds,
               IntegerType *Type, const ControlFlowTrace &Trace)
      : Merge(Merge), Preds(Preds), Type(Type), Trace(Trace),
        Around(Trace.LI->getLoopFor(&Merge)),
        B(&Merge, Merge.getFirstInsertionPt()) {}

  Value *build() {
    BasicBlock *Top = Trace.DT->getNode(&Merge)->getIDom()->getBlock();
    Value *Edge =
        Trace.LI->getLoopFor(Top) == Around ? edgeAfter(*Top) : nullptr;
    if (Edge && !Failed)
      return Edge;
    for (Instruction *I : reverse(Created))
      I->eraseFromParent();
    return nullptr;
  }

private:
  static constexpr unsigned MaxBlocks = 64, MaxDepth = 6;

  Value *fail() {
    Failed = true;
    return nullptr;
  }

  Instruction *insert(Instruction *I) {
    B.Insert(I);
    Created.push_back(I);
    return I;
  }

  /// The edge that is taken once \p BB has run; null if none is.
  Value *edgeAfter(BasicBlock &BB) {
    if (Failed || ++Blocks > MaxBlocks)
      return fail();
    if (auto *Invoke = dyn_cast<InvokeInst>(BB.getTerminator())) {
      Value *Normal = edgeBehind(BB, *Invoke->getNormalDest());
      Value *Unwound = edgeBehind(BB, *Invoke->getUnwindDest());
      // Nothing but the edge itself tells whether it threw.
      if (Normal && Unwound && Normal != Unwound)
        return fail();
      return Normal ? Normal : Unwound;
    }
    auto *Br = dyn_cast<BranchInst>(BB.getTerminator());
    if (!Br)
      return fail();
    Value *Then = edgeBehind(BB, *Br->getSuccessor(0));
    if (Br->isUnconditional() || Br->getSuccessor(0) == Br->getSuccessor(1))
      return Then;
    Value *Else = edgeBehind(BB, *Br->getSuccessor(1));
    if (Failed || !Then || !Else || Then == Else)
      return Then ? Then : Else;
    Value *Condition = inMerge(*Br->getCondition(), MaxDepth);
    if (!Condition)
      return fail();
    return insert(SelectInst::Create(Condition, Then, Else, "edge"));
  }

  /// The same once control passes from \p From to \p To.
  Value *edgeBehind(BasicBlock &From, BasicBlock &To) {
    if (&To == &Merge)
      return ConstantInt::get(Type, find(Preds, &From) - Preds.begin());
    // Who leaves the loop or begins its next iteration comes by the top again.
    BasicBlock *Next = &To;
    while (
        Trace.LiveSet.contains(Next) &&
        (!Around || (Around->contains(Next) && Next != Around->getHeader()))) {
      const Loop *L = Trace.LI->getLoopFor(Next);
      if (L == Around)
        return Next == &Merge ? fail() : edgeAfter(*Next);
      while (L->getParentLoop() != Around)
        L = L->getParentLoop();
      Next = onlyLiveExit(*L);
      if (!Next || Next == &Merge)
        return fail();
    }
    return nullptr;
  }

  BasicBlock *onlyLiveExit(const Loop &L) const {
    SmallVector<BasicBlock *, 4> Exits;
    L.getUniqueExitBlocks(Exits);
    erase_if(Exits, [&](auto *E) { return !Trace.LiveSet.contains(E); });
    return Exits.size() == 1 ? Exits.front() : nullptr;
  }

  /// \p V as a value of the merge: itself, or computed once more from what is
  /// there, if that is cheap and cannot trap.
  Value *inMerge(Value &V, unsigned Depth) {
    auto *I = dyn_cast<Instruction>(&V);
    if (!I)
      return &V;
    const Loop *L = Trace.LI->getLoopFor(I->getParent());
    if (L && !L->contains(&Merge))
      return nullptr; // Many values; LCSSA has the last one elsewhere.
    if (Trace.DT->dominates(I->getParent(), &Merge) && I->getParent() != &Merge)
      return I;
    if (!Depth || !isa<CmpInst, BinaryOperator, CastInst, SelectInst>(I) ||
        !isSafeToSpeculativelyExecute(I))
      return nullptr;
    SmallVector<Value *, 3> Operands;
    for (Value *Op : I->operands())
      if (Value *Here = inMerge(*Op, Depth - 1))
        Operands.push_back(Here);
      else
        return nullptr;
    Instruction *Copy = I->clone();
    for (auto [Index, Op] : enumerate(Operands))
      Copy->setOperand(Index, Op);
    return insert(Copy);
  }

  BasicBlock &Merge;
  ArrayRef<BasicBlock *> Preds;
  IntegerType *Type;
  const ControlFlowTrace &Trace;
  const Loop *Around;
  IRBuilder<> B;
  SmallVector<Instruction *, 8> Created;
  unsigned Blocks = 0;
  bool Failed = false;
};

} // namespace

Value *edgeFromConditions(BasicBlock &Merge, ArrayRef<BasicBlock *> Preds,
                          IntegerType *Type, const ControlFlowTrace &Trace) {
  return EdgeSelector(Merge, Preds, Type, Trace).build();
}

} // namespace linkgrad
