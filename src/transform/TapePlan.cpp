//===- TapePlan.cpp - Recompute or record ---------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/TapePlan.h"
#include "prepare/ControlFlowTrace.h"
#include "transform/MinCut.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

Value *closedForm(Value *V, const ControlFlowTrace &Trace) {
  auto It = Trace.Closed.find(V);
  return It == Trace.Closed.end() ? V : It->second;
}

static bool isCounter(const Value &V, const ControlFlowTrace &Trace) {
  return any_of(Trace.Loops,
                [&](const LoopTrace &L) { return L.Counter == &V; });
}

static bool isFree(const Value &V, const ControlFlowTrace &Trace) {
  return isa<Constant, Argument, AllocaInst>(V) || isCounter(V, Trace);
}

/// Cheap intrinsics without effects; functions such as llvm.exp cost more than
/// a trip to memory.
static bool isCheapIntrinsic(Intrinsic::ID ID) {
  switch (ID) {
  case Intrinsic::fabs:
  case Intrinsic::fma:
  case Intrinsic::fmuladd:
  case Intrinsic::copysign:
  case Intrinsic::minnum:
  case Intrinsic::maxnum:
  case Intrinsic::minimum:
  case Intrinsic::maximum:
  case Intrinsic::sqrt:
  case Intrinsic::floor:
  case Intrinsic::ceil:
  case Intrinsic::trunc:
  case Intrinsic::smax:
  case Intrinsic::smin:
  case Intrinsic::umax:
  case Intrinsic::umin:
  case Intrinsic::abs:
    return true;
  default:
    return false;
  }
}

/// True if \p I gives the same value again from the same operands. It runs in
/// the reverse sweep only where it ran in the primal, with the same operands,
/// so it need not be speculatable.
static bool isRecomputable(const Instruction &I,
                           function_ref<bool(const LoadInst &)> IsStable) {
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return Load->isSimple() && IsStable(*Load);
  if (auto *Call = dyn_cast<IntrinsicInst>(&I))
    return isCheapIntrinsic(Call->getIntrinsicID());
  return isa<BinaryOperator, UnaryOperator, CastInst, CmpInst,
             GetElementPtrInst, SelectInst, ExtractElementInst,
             InsertElementInst, ShuffleVectorInst, ExtractValueInst,
             InsertValueInst>(I);
}

/// Bytes on the tape times ten for each loop around it. What is outside of
/// all loops stays in a register if the two sweeps end up in one function.
static uint64_t tapeWeight(const Instruction &I, const LoopInfo &LI) {
  uint64_t Weight = I.getDataLayout().getTypeStoreSize(I.getType());
  for (unsigned Depth = std::min(LI.getLoopDepth(I.getParent()), 6u); Depth;
       --Depth)
    Weight *= 10;
  return Weight;
}

TapePlan::TapePlan(const ControlFlowTrace &Trace, ArrayRef<Value *> Needed,
                   function_ref<bool(const LoadInst &)> IsStable)
    : Trace(Trace) {
  // The graph: all that the needed values can be recomputed from.
  MinCut Graph;
  DenseMap<Value *, unsigned> Index;
  SmallVector<Instruction *, 32> Work;
  auto NodeOf = [&](Value *V) {
    auto [It, New] = Index.try_emplace(V, 0);
    if (New) {
      auto *I = cast<Instruction>(V);
      It->second = Graph.addNode(tapeWeight(*I, *Trace.LI));
      Work.push_back(I);
    }
    return It->second;
  };
  for (Value *V : Needed)
    if (Value *C = closedForm(V, Trace); !isFree(*C, Trace))
      Graph.addSink(NodeOf(C));
  while (!Work.empty()) {
    Instruction *I = Work.pop_back_val();
    unsigned Node = Index.lookup(I);
    if (!isRecomputable(*I, IsStable)) {
      Graph.addSource(Node);
      continue;
    }
    for (Value *Op : I->operands())
      if (Value *C = closedForm(Op, Trace); !isFree(*C, Trace)) {
        unsigned OpNode = NodeOf(C);
        Graph.addEdge(OpNode, Node);
      }
  }
  Graph.solve();

  // From the needed values back to the cut: that is what the sweep reads.
  SetVector<Value *> Cut;
  SmallVector<Value *, 32> Reach;
  for (Value *V : Needed)
    Reach.push_back(closedForm(V, Trace));
  while (!Reach.empty()) {
    Value *V = Reach.pop_back_val();
    if (!Reads.insert(V) || isFree(*V, Trace))
      continue;
    auto *I = cast<Instruction>(V);
    if (Graph.isCut(Index.lookup(I))) {
      Cut.insert(I);
      continue;
    }
    for (Value *Op : I->operands())
      Reach.push_back(closedForm(Op, Trace));
  }
  if (!Trace.Exit)
    return;
  for (Instruction &I : instructions(*Trace.Exit->getParent()))
    if (Cut.contains(&I))
      Recorded.insert(&I);
}

TapePlan::Source TapePlan::source(const Value &V) const {
  if (isFree(V, Trace))
    return Source::Free;
  if (!Reads.contains(&V))
    return Source::Unplanned;
  auto *I = const_cast<Instruction *>(cast<Instruction>(&V));
  return Recorded.contains(I) ? Source::Record : Source::Recompute;
}

void TapePlan::print(raw_ostream &OS) const {
  uint64_t Bytes = 0;
  for (const Instruction *I : Recorded) {
    uint64_t Size = I->getDataLayout().getTypeStoreSize(I->getType());
    Bytes += Size;
    OS << "  record " << Size << " bytes, loop depth "
       << Trace.LI->getLoopDepth(I->getParent()) << ":";
    I->print(OS);
    OS << '\n';
  }
  OS << "  " << Recorded.size() << " values, " << Bytes
     << " bytes for one execution of each\n";
}

} // namespace linkgrad
