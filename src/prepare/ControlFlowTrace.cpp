//===- ControlFlowTrace.cpp - The path taken, as ordinary values ----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/ControlFlowTrace.h"
#include "prepare/AnalysisManagers.h"
#include "prepare/EdgeSelector.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace linkgrad {

const LoopTrace &ControlFlowTrace::trace(const Loop *L) const {
  return *find_if(Loops, [&](const LoopTrace &T) { return T.L == L; });
}

SmallVector<BasicBlock *, 4>
ControlFlowTrace::predecessors(const BasicBlock *BB) const {
  SmallVector<BasicBlock *, 4> Preds;
  for (const BasicBlock *Pred : llvm::predecessors(BB))
    if (!is_contained(Preds, Pred))
      Preds.push_back(const_cast<BasicBlock *>(Pred));
  return Preds;
}

namespace {

class Tracer {
public:
  Tracer(Function &F, AnalysisManagers &AMs)
      : F(F), Int64(Type::getInt64Ty(F.getContext())) {
    AMs.invalidate(F);
    T.LI = &AMs.FAM.getResult<LoopAnalysis>(F);
    T.DT = &AMs.FAM.getResult<DominatorTreeAnalysis>(F);
    T.SE = &AMs.FAM.getResult<ScalarEvolutionAnalysis>(F);
  }

  ControlFlowTrace run() {
    findLiveBlocks();
    if (!T.Exit)
      return std::move(T);
    for (Loop *L : T.LI->getLoopsInPreorder())
      if (T.LiveSet.contains(L->getHeader())) {
        LoopTrace &Trace = T.Loops.emplace_back();
        Trace.L = L;
        Trace.Counter = addCounter(*L);
      }
    for (LoopTrace &L : T.Loops)
      computeMaxIterations(L);
    for (LoopTrace &L : T.Loops) {
      addLastValues(L);
      closeInductions(L);
    }
    for (BasicBlock *BB : T.Live)
      addSelector(*BB);
    return std::move(T);
  }

private:
  void findLiveBlocks() {
    for (BasicBlock &BB : F)
      if (isa<ReturnInst>(BB.getTerminator()))
        T.Exit = &BB;
    if (!T.Exit)
      return;
    SmallVector<BasicBlock *, 16> Work = {T.Exit};
    while (!Work.empty()) {
      BasicBlock *BB = Work.pop_back_val();
      if (T.LiveSet.insert(BB).second)
        append_range(Work, predecessors(BB));
    }
    for (BasicBlock *BB : ReversePostOrderTraversal<Function *>(&F))
      if (T.LiveSet.contains(BB))
        T.Live.push_back(BB);
  }

  PHINode *addCounter(Loop &L) {
    BasicBlock *Header = L.getHeader();
    IRBuilder<> B(Header, Header->begin());
    PHINode *Counter = B.CreatePHI(Int64, 2, "counter");
    B.SetInsertPoint(Header, Header->getFirstInsertionPt());
    Value *Next = B.CreateAdd(Counter, B.getInt64(1), "counter.next",
                              /*HasNUW=*/true, /*HasNSW=*/true);
    Counter->addIncoming(B.getInt64(0), L.getLoopPreheader());
    Counter->addIncoming(Next, L.getLoopLatch());
    return Counter;
  }

  /// The only block by which \p L is left alive, or null. Exits towards an
  /// abort do not matter: if one is taken there is nothing to reverse.
  BasicBlock *singleLiveExiting(const Loop &L) const {
    SmallVector<BasicBlock *, 4> Exiting;
    L.getExitingBlocks(Exiting);
    BasicBlock *Single = nullptr;
    for (BasicBlock *BB : Exiting)
      for (BasicBlock *Succ : successors(BB))
        if (!L.contains(Succ) && T.LiveSet.contains(Succ) && BB != Single) {
          if (Single)
            return nullptr;
          Single = BB;
        }
    return Single;
  }

  /// True if each iteration of \p Outer, once begun, enters \p Inner: then
  /// what guards Inner holds at Outer's preheader too, and Inner's trip count
  /// may be evaluated there.
  bool isAlwaysEntered(const Loop &Inner, const Loop &Outer) const {
    SmallVector<BasicBlock *, 4> Exiting;
    Outer.getExitingBlocks(Exiting);
    return all_of(Exiting, [&](BasicBlock *BB) {
      return T.DT->dominates(Inner.getLoopPreheader(), BB);
    });
  }

  /// Multiplies trip counts outwards as long as they are known ahead, so that
  /// one allocation serves a whole nest.
  void computeMaxIterations(LoopTrace &Trace) {
    auto &SE = *T.SE;
    const SCEV *Product = nullptr;
    SCEVExpander Expander(SE, "trip");
    for (Loop *L = Trace.L; L; L = L->getParentLoop()) {
      if (Product &&
          !(SE.isLoopInvariant(Product, L) && isAlwaysEntered(*Trace.L, *L)))
        break;
      BasicBlock *Exiting = singleLiveExiting(*L);
      const SCEV *Count =
          Exiting ? SE.getExitCount(L, Exiting) : SE.getCouldNotCompute();
      if (isa<SCEVCouldNotCompute>(Count) ||
          SE.getTypeSizeInBits(Count->getType()) > 64)
        break;
      Count =
          SE.getAddExpr(SE.getNoopOrZeroExtend(Count, Int64), SE.getOne(Int64));
      const SCEV *Total = Product ? SE.getMulExpr(Product, Count) : Count;
      Instruction *Before = L->getLoopPreheader()->getTerminator();
      if (!Expander.isSafeToExpandAt(Total, Before))
        break;
      if (L == Trace.L)
        Trace.Iterations = Expander.expandCodeFor(Total, Int64, Before);
      Product = Total;
      Trace.Preheader = L->getLoopPreheader();
    }
    if (Product)
      Trace.MaxIterations = Expander.expandCodeFor(
          Product, Int64, Trace.Preheader->getTerminator());
  }

  void addLastValues(LoopTrace &Trace) {
    Loop &L = *Trace.L;
    SmallVector<BasicBlock *, 4> Exits;
    L.getUniqueExitBlocks(Exits);
    // With one way out, the count may be known in the preheader already.
    Value *Known = nullptr;
    if (Trace.Iterations) {
      IRBuilder<> B(L.getLoopPreheader()->getTerminator());
      Known = B.CreateSub(Trace.Iterations, B.getInt64(1), "counter.last");
    }
    for (BasicBlock *Exit : Exits) {
      if (!T.LiveSet.contains(Exit))
        continue;
      if (Known && T.LI->getLoopFor(Exit) == L.getParentLoop()) {
        Trace.LastValue[Exit] = Known;
        continue;
      }
      IRBuilder<> B(Exit, Exit->begin());
      PHINode *Last = B.CreatePHI(Int64, 2, "counter.last");
      for (BasicBlock *Pred : predecessors(Exit))
        Last->addIncoming(Trace.Counter, Pred);
      Trace.LastValue[Exit] = Last;
    }
  }

  /// {start,+,step} is start + counter * step: no need to record it.
  void closeInductions(LoopTrace &Trace) {
    auto &SE = *T.SE;
    BasicBlock *Header = Trace.L->getHeader();
    BasicBlock *Preheader = Trace.L->getLoopPreheader();
    for (PHINode &Phi : make_early_inc_range(Header->phis())) {
      if (&Phi == Trace.Counter || !SE.isSCEVable(Phi.getType()))
        continue;
      auto *Rec = dyn_cast<SCEVAddRecExpr>(SE.getSCEV(&Phi));
      if (!Rec || Rec->getLoop() != Trace.L || !Rec->isAffine())
        continue;
      const SCEV *Step = Rec->getStepRecurrence(SE);
      SCEVExpander Expander(SE, "step");
      if (!Expander.isSafeToExpandAt(Step, Preheader->getTerminator()))
        continue;
      Value *StepV = Expander.expandCodeFor(Step, Step->getType(),
                                            Preheader->getTerminator());
      Value *Start = Phi.getIncomingValueForBlock(Preheader);
      IRBuilder<> B(Header, Header->getFirstInsertionPt());
      Value *Scaled = B.CreateMul(
          B.CreateZExtOrTrunc(Trace.Counter, StepV->getType()), StepV);
      T.Closed[&Phi] = Phi.getType()->isPointerTy()
                           ? B.CreateGEP(B.getInt8Ty(), Start, Scaled)
                           : B.CreateAdd(Start, Scaled);
    }
  }

  /// The i1 that decides a two-way merge: the condition at its immediate
  /// dominator, if each side of that branch leads to one edge of the merge.
  Value *branchCondition(BasicBlock &BB, ArrayRef<BasicBlock *> Preds) {
    BasicBlock *IDom = T.DT->getNode(&BB)->getIDom()->getBlock();
    auto *Br = dyn_cast<BranchInst>(IDom->getTerminator());
    if (Preds.size() != 2 || !Br || !Br->isConditional() ||
        Br->getSuccessor(0) == Br->getSuccessor(1) ||
        T.LI->getLoopFor(IDom) != T.LI->getLoopFor(&BB))
      return nullptr;
    auto ComesBy = [&](unsigned Succ, BasicBlock *Pred) {
      BasicBlockEdge Edge(IDom, Br->getSuccessor(Succ));
      return Pred == IDom ? Br->getSuccessor(Succ) == &BB
                          : T.DT->dominates(Edge, Pred);
    };
    if (ComesBy(0, Preds[0]) && ComesBy(1, Preds[1]))
      return Br->getCondition();
    if (ComesBy(1, Preds[0]) && ComesBy(0, Preds[1]))
      return IRBuilder<>(Br).CreateNot(Br->getCondition());
    return nullptr;
  }

  void addSelector(BasicBlock &BB) {
    auto Preds = T.predecessors(&BB);
    if (Preds.size() < 2 || T.LI->isLoopHeader(&BB))
      return;
    if (Value *Condition = branchCondition(BB, Preds)) {
      T.Selector[&BB] = Condition;
      return;
    }
    IRBuilder<> B(&BB, BB.begin());
    IntegerType *Narrow = Preds.size() <= 256 ? B.getInt8Ty() : B.getInt32Ty();
    PHINode *Edge = B.CreatePHI(Narrow, Preds.size(), "edge");
    for (BasicBlock *Pred : predecessors(&BB))
      Edge->addIncoming(
          ConstantInt::get(Narrow, find(Preds, Pred) - Preds.begin()), Pred);
    T.Selector[&BB] = Edge;
    if (Value *Conditions = edgeFromConditions(BB, Preds, Narrow, T))
      T.Closed[Edge] = Conditions;
  }

  Function &F;
  Type *Int64;
  ControlFlowTrace T;
};

} // namespace

ControlFlowTrace traceControlFlow(Function &F, AnalysisManagers &AMs) {
  return Tracer(F, AMs).run();
}

} // namespace linkgrad
