//===- VariadicOutput.cpp - Variadic functions that print -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function leaves no trace of its arguments in active values if it calls only
// inactive functions and others of this kind, and if what it writes outside of
// its own variables, and what it returns, are counts and handles: constants,
// results of inactive functions, and what is computed from these.
//
//===----------------------------------------------------------------------===//

#include "prepare/VariadicOutput.h"
#include "rules/KnownFunctions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

namespace {

class OutputFinder {
public:
  /// Nothing that \p F writes depends on its arguments.
  bool isHarmless(const Function &F);
  /// Nor does what it returns.
  bool returnsCounts(const Function &F);

private:
  bool isHarmless(const Instruction &I);
  bool isHarmlessCall(const CallBase &Call);
  bool isHarmlessStore(const StoreInst &Store);
  bool isCount(const Value *V);
  bool isVariableOfCounts(const Value *Ptr);

  /// Looked at already; with recursion, being looked at.
  SmallPtrSet<const Function *, 4> Functions;
  SmallPtrSet<const Value *, 8> Counts;
};

} // namespace

static bool isLocal(const Value *Ptr) {
  return isa<AllocaInst>(getUnderlyingObject(Ptr));
}

/// A variable as unoptimised code has them, or a global one.
bool OutputFinder::isVariableOfCounts(const Value *Ptr) {
  if (auto *G = dyn_cast<GlobalVariable>(Ptr))
    return G->getValueType()->isIntegerTy();
  return isa<AllocaInst>(Ptr) && all_of(Ptr->users(), [&](const User *U) {
           if (auto *Store = dyn_cast<StoreInst>(U))
             return Store->getPointerOperand() == Ptr &&
                    isCount(Store->getValueOperand());
           return isa<LoadInst>(U) ||
                  cast<Instruction>(U)->isLifetimeStartOrEnd();
         });
}

bool OutputFinder::isCount(const Value *V) {
  if (isa<ConstantInt, ConstantPointerNull>(V) || !Counts.insert(V).second)
    return true;
  // Overflow checks of integers.
  if (auto *Extract = dyn_cast<ExtractValueInst>(V))
    return isCount(Extract->getAggregateOperand());
  if (auto *Overflow = dyn_cast<WithOverflowInst>(V))
    return isCount(Overflow->getLHS()) && isCount(Overflow->getRHS());
  if (isa<IntrinsicInst>(V))
    return false;
  if (auto *Call = dyn_cast<CallBase>(V)) {
    const Function *Callee = Call->getCalledFunction();
    return Callee && (classifyCallee(*Callee) == CalleeKind::Inactive ||
                      returnsCounts(*Callee));
  }
  if (auto *Load = dyn_cast<LoadInst>(V))
    return isVariableOfCounts(Load->getPointerOperand());
  if (isa<PHINode, SelectInst, BinaryOperator>(V))
    return all_of(cast<User>(V)->operands(), [&](const Use &U) {
      return U->getType() != V->getType() || isCount(U);
    });
  return false;
}

bool OutputFinder::isHarmlessCall(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  if (!Callee)
    return false;
  switch (Callee->getIntrinsicID()) {
  case Intrinsic::vastart:
  case Intrinsic::vacopy:
  case Intrinsic::vaend:
    return isLocal(Call.getArgOperand(0));
  case Intrinsic::not_intrinsic:
    break;
  default:
    if (auto *Memory = dyn_cast<MemIntrinsic>(&Call))
      return isLocal(Memory->getDest());
  }
  return classifyCallee(*Callee) == CalleeKind::Inactive || isHarmless(*Callee);
}

bool OutputFinder::isHarmlessStore(const StoreInst &Store) {
  if (isLocal(Store.getPointerOperand()))
    return true;
  auto *G = dyn_cast<GlobalVariable>(Store.getPointerOperand());
  Type *T = Store.getValueOperand()->getType();
  return G && G->getValueType() == T &&
         (T->isIntegerTy() || T->isPointerTy()) &&
         isCount(Store.getValueOperand());
}

bool OutputFinder::isHarmless(const Instruction &I) {
  if (auto *Call = dyn_cast<CallBase>(&I))
    return isHarmlessCall(*Call);
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return isHarmlessStore(*Store);
  return !I.mayWriteToMemory() || isa<VAArgInst, FenceInst>(I);
}

bool OutputFinder::isHarmless(const Function &F) {
  if (F.isDeclaration() || F.isInterposable())
    return false;
  return !Functions.insert(&F).second ||
         all_of(instructions(F),
                [&](const Instruction &I) { return isHarmless(I); });
}

bool OutputFinder::returnsCounts(const Function &F) {
  return !F.isDeclaration() && !F.isInterposable() &&
         all_of(F, [&](const BasicBlock &BB) {
           auto *Return = dyn_cast<ReturnInst>(BB.getTerminator());
           return !Return || !Return->getReturnValue() ||
                  isCount(Return->getReturnValue());
         });
}

static bool onlyPrints(const Function &F) {
  OutputFinder Finder;
  return Finder.isHarmless(F) && Finder.returnsCounts(F);
}

void markVariadicOutput(Function &F) {
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I))
      if (Function *Callee = Call->getCalledFunction();
          Callee && Callee->isVarArg() && onlyPrints(*Callee))
        Call->addFnAttr(Attribute::get(F.getContext(), "enzyme_inactive"));
}

} // namespace linkgrad
