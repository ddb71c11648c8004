//===- TableExtent.cpp - How far a table certainly reaches ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/TableExtent.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// Scalar evolution of one function. Built for a question, because the engine
/// changes the function between questions; they are rare.
class Extents {
public:
  explicit Extents(Function &F)
      : F(F), Impl(F.getParent()->getTargetTriple()), TLI(Impl, &F), AC(F),
        DT(F), LI(DT), SE(F, TLI, AC, DT, LI) {}

  bool reach(const Value &Ptr, uint64_t From, uint64_t End) {
    const SCEV *Base = SE.getSCEV(const_cast<Value *>(&Ptr));
    return any_of(instructions(F), [&](Instruction &I) {
      return isa<LoadInst, StoreInst>(I) &&
             getLoadStoreType(&I)->isFPOrFPVectorTy() &&
             covers(I, Base, From, End);
    });
  }

  bool stepOver(const Value &Ptr, int64_t Stride, int64_t Bytes) {
    const SCEV *Base = SE.getSCEV(const_cast<Value *>(&Ptr));
    return any_of(instructions(F), [&](Instruction &I) {
      return isa<LoadInst, StoreInst>(I) && steps(I, Base, Stride, Bytes);
    });
  }

private:
  /// True if \p Access goes by \p Stride from the first of its elements to the
  /// last, forwards or backwards.
  bool steps(Instruction &Access, const SCEV *Base, int64_t Stride,
             int64_t Bytes) {
    auto *Rec = dyn_cast<SCEVAddRecExpr>(
        SE.getMinusSCEV(SE.getSCEV(getLoadStorePointerOperand(&Access)), Base));
    if (!Rec || !Rec->isAffine() || !runsAlways(Access, *Rec->getLoop()))
      return false;
    auto *Start = dyn_cast<SCEVConstant>(Rec->getStart());
    auto *Step = dyn_cast<SCEVConstant>(Rec->getStepRecurrence(SE));
    int64_t Count = SE.getSmallConstantTripCount(Rec->getLoop());
    if (!Start || !Step || Count != Bytes / Stride ||
        Start->getAPInt().getSignificantBits() > 62)
      return false;
    int64_t First = Start->getAPInt().getSExtValue();
    if (Step->getAPInt() == -Stride)
      First -= Bytes - Stride;
    else if (Step->getAPInt() != Stride)
      return false;
    return First >= 0 && First < Stride;
  }

  bool covers(Instruction &Access, const SCEV *Base, uint64_t From,
              uint64_t End) {
    const SCEV *Offset =
        SE.getMinusSCEV(SE.getSCEV(getLoadStorePointerOperand(&Access)), Base);
    int64_t Low = 0, High = 0;
    while (auto *Rec = dyn_cast<SCEVAddRecExpr>(Offset)) {
      const Loop *L = Rec->getLoop();
      auto *Step = dyn_cast<SCEVConstant>(Rec->getStepRecurrence(SE));
      unsigned Count = SE.getSmallConstantTripCount(L);
      if (!Rec->isAffine() || !Step || Step->getAPInt().getBitWidth() > 64 ||
          Count == 0 || !runsAlways(Access, *L))
        return false;
      int64_t Way;
      if (MulOverflow(Step->getAPInt().getSExtValue(), int64_t(Count - 1), Way))
        return false;
      if (AddOverflow(Way < 0 ? Low : High, Way, Way < 0 ? Low : High))
        return false;
      Offset = Rec->getStart();
    }
    auto *Start = dyn_cast<SCEVConstant>(Offset);
    if (!Start || Start->getAPInt().getBitWidth() > 64)
      return false;
    int64_t First = Start->getAPInt().getSExtValue();
    int64_t Size =
        F.getDataLayout().getTypeStoreSize(getLoadStoreType(&Access));
    return First + Low <= int64_t(From) && First + High + Size >= int64_t(End);
  }

  /// An access under a condition may never see the last iterations.
  bool runsAlways(const Instruction &Access, const Loop &L) const {
    return L.getLoopLatch() &&
           DT.dominates(Access.getParent(), L.getLoopLatch());
  }

  Function &F;
  TargetLibraryInfoImpl Impl;
  TargetLibraryInfo TLI;
  AssumptionCache AC;
  DominatorTree DT;
  LoopInfo LI;
  ScalarEvolution SE;
};

} // namespace

bool floatsReach(Function &F, const Value &Ptr, uint64_t From, uint64_t End) {
  return Extents(F).reach(Ptr, From, End);
}

bool accessesEach(Function &F, const Value &Ptr, uint64_t Stride,
                  uint64_t Bytes) {
  return Extents(F).stepOver(Ptr, Stride, Bytes);
}

} // namespace linkgrad
