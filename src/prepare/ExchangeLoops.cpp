//===- ExchangeLoops.cpp - Atomic sums as such ----------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   loop:
//     %old = phi [ %first, %before ], [ %found, %loop ]
//     %new = fadd %old, %v
//     %pair = cmpxchg %p, %old, %new
//     %found = extractvalue %pair, 0
//     %done = extractvalue %pair, 1
//     br %done, %after, %loop
//
// with casts between the float and its bits. Optimisers take the first round
// out of the loop; %old is then the first part of a phi of pairs. What is added
// must be the same in all rounds, or it could depend on what others have
// stored.
//
//===----------------------------------------------------------------------===//

#include "prepare/ExchangeLoops.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/IR/ValueHandle.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"
#include <optional>

using namespace llvm;
using namespace llvm::PatternMatch;

namespace linkgrad {

namespace {

/// An exchange of *p for *p + Added, or + Added * Factor, or - Added.
struct Sum {
  Value *Added;
  Value *Factor; ///< or null
  AtomicRMWInst::BinOp Operation;

  bool operator==(const Sum &S) const {
    return Added == S.Added && Factor == S.Factor && Operation == S.Operation;
  }
};

} // namespace

static Value *withoutCasts(Value *V) {
  while (auto *Cast = dyn_cast<BitCastInst>(V))
    V = Cast->getOperand(0);
  return V;
}

/// What \p Exchange puts in the place of the value that it compares with, if
/// that is a sum of it.
static std::optional<Sum> matchSum(AtomicCmpXchgInst &Exchange) {
  Value *Old = withoutCasts(Exchange.getCompareOperand());
  auto IsOld = [&](Value *V) {
    V = withoutCasts(V);
    Value *Pair;
    return V == Old || (match(Old, m_ExtractValue<0>(m_Value(Pair))) &&
                        match(V, m_ExtractValue<0>(m_Specific(Pair))));
  };
  Value *New = withoutCasts(Exchange.getNewValOperand()), *X, *Y, *Z;
  if (!New->getType()->isFloatingPointTy())
    return std::nullopt;
  if (match(New, m_FAdd(m_Value(X), m_Value(Y))) && (IsOld(X) || IsOld(Y)))
    return Sum{IsOld(X) ? Y : X, nullptr, AtomicRMWInst::FAdd};
  if (match(New, m_Intrinsic<Intrinsic::fmuladd>(m_Value(X), m_Value(Y),
                                                 m_Value(Z))) &&
      IsOld(Z))
    return Sum{X, Y, AtomicRMWInst::FAdd};
  if (match(New, m_FSub(m_Value(X), m_Value(Y))) && IsOld(X))
    return Sum{Y, nullptr, AtomicRMWInst::FSub};
  return std::nullopt;
}

/// The branch that \p Exchange's block ends with, to the first successor if and
/// only if the exchange worked.
static BranchInst *matchBranch(AtomicCmpXchgInst &Exchange) {
  auto *Branch = dyn_cast<BranchInst>(Exchange.getParent()->getTerminator());
  return Branch && Branch->isConditional() && !Exchange.isVolatile() &&
                 match(Branch->getCondition(),
                       m_ExtractValue<1>(m_Specific(&Exchange)))
             ? Branch
             : nullptr;
}

/// True if \p V is what \p Exchange found, in the case that it failed.
static bool isFound(Value *V, AtomicCmpXchgInst &Exchange) {
  V = withoutCasts(V);
  Value *Failed;
  if (match(V, m_Select(m_ExtractValue<1>(m_Specific(&Exchange)), m_Value(),
                        m_Value(Failed))))
    V = withoutCasts(Failed);
  return V == &Exchange || match(V, m_ExtractValue<0>(m_Specific(&Exchange)));
}

/// The phi that brings \p Exchange what the round before found, if it is in a
/// loop of one block that does nothing but exchange until that works.
static PHINode *matchLoop(AtomicCmpXchgInst &Exchange) {
  BasicBlock *BB = Exchange.getParent();
  BranchInst *Branch = matchBranch(Exchange);
  Value *Old = withoutCasts(Exchange.getCompareOperand()), *Pair;
  if (match(Old, m_ExtractValue<0>(m_Value(Pair))))
    Old = Pair;
  auto *Phi = dyn_cast<PHINode>(Old);
  if (!Branch || Branch->getSuccessor(1) != BB ||
      Branch->getSuccessor(0) == BB || !Phi || &BB->front() != Phi ||
      Phi->getNumIncomingValues() != 2 ||
      !isFound(Phi->getIncomingValueForBlock(BB), Exchange))
    return nullptr;
  for (Instruction &I : *BB)
    if (&I != &Exchange &&
        (I.mayReadOrWriteMemory() || (&I != Phi && isa<PHINode>(I))))
      return nullptr;
  std::optional<Sum> S = matchSum(Exchange);
  if (!S)
    return nullptr;
  for (Value *V : {S->Added, S->Factor, Exchange.getPointerOperand()})
    if (auto *I = dyn_cast_or_null<Instruction>(V); I && I->getParent() == BB)
      return nullptr;
  return Phi;
}

static AtomicCmpXchgInst *exchangeIn(BasicBlock &BB) {
  for (Instruction &I : BB)
    if (auto *Exchange = dyn_cast<AtomicCmpXchgInst>(&I))
      return Exchange;
  return nullptr;
}

/// True if the sum can take the place of \p Load.
static bool isNextTo(const LoadInst &Load, const AtomicCmpXchgInst &Exchange,
                     const Sum &S) {
  if (Load.getParent() != Exchange.getParent())
    return false;
  for (const Instruction *I = Load.getNextNode(); I != &Exchange;
       I = I->getNextNode())
    if (!I || I->mayReadOrWriteMemory() || I == S.Added || I == S.Factor)
      return false;
  return true;
}

/// The load whose value \p Exchange compares with, if this is the first round
/// of such a loop.
static LoadInst *matchFirstRound(AtomicCmpXchgInst &Exchange) {
  BranchInst *Branch = matchBranch(Exchange);
  auto *Load = dyn_cast<LoadInst>(withoutCasts(Exchange.getCompareOperand()));
  if (!Branch || !Load || Load->isVolatile() ||
      Load->getPointerOperand() != Exchange.getPointerOperand())
    return nullptr;
  AtomicCmpXchgInst *Again = exchangeIn(*Branch->getSuccessor(1));
  PHINode *Phi = Again && Again != &Exchange ? matchLoop(*Again) : nullptr;
  if (!Phi ||
      !isFound(Phi->getIncomingValueForBlock(Exchange.getParent()), Exchange) ||
      Again->getPointerOperand() != Exchange.getPointerOperand() ||
      Again->getSuccessOrdering() != Exchange.getSuccessOrdering())
    return nullptr;
  std::optional<Sum> S = matchSum(Exchange);
  return S && *S == *matchSum(*Again) && isNextTo(*Load, Exchange, *S)
             ? Load
             : nullptr;
}

/// The first look at the memory was for the exchange.
static void dropFirstLook(Value *First, AtomicOrdering Ordering) {
  WeakVH Source = withoutCasts(First);
  RecursivelyDeleteTriviallyDeadInstructions(First);
  auto *Load = dyn_cast_or_null<LoadInst>(Source);
  if (Load && Load->use_empty() && !Load->isVolatile() &&
      isAtLeastOrStrongerThan(Ordering, Load->getOrdering()))
    Load->eraseFromParent();
}

/// Puts the sum before \p At, and in the place of \p Old, which lay in memory
/// before, and of \p Exchange.
static void fold(AtomicCmpXchgInst &Exchange, Instruction &Old,
                 Instruction &At) {
  Sum S = *matchSum(Exchange);
  IRBuilder<> B(&At);
  B.SetCurrentDebugLocation(Exchange.getDebugLoc());
  Value *Added = S.Factor ? B.CreateFMul(S.Added, S.Factor) : S.Added;
  auto *New = B.CreateAtomicRMW(
      S.Operation, Exchange.getPointerOperand(), Added, Exchange.getAlign(),
      Exchange.getSuccessOrdering(), Exchange.getSyncScopeID());
  New->setAAMetadata(Exchange.getAAMetadata());
  Old.replaceAllUsesWith(B.CreateBitCast(New, Old.getType()));
  B.SetInsertPoint(&Exchange);
  Value *Pair = B.CreateInsertValue(
      PoisonValue::get(Exchange.getType()),
      B.CreateBitCast(New, Exchange.getNewValOperand()->getType()), {0u});
  Exchange.replaceAllUsesWith(B.CreateInsertValue(Pair, B.getTrue(), {1u}));
  BranchInst *Branch = cast<BranchInst>(Exchange.getParent()->getTerminator());
  Branch->getSuccessor(1)->removePredecessor(Exchange.getParent(),
                                             /*KeepOneInputPHIs=*/true);
  ReplaceInstWithInst(Branch, BranchInst::Create(Branch->getSuccessor(0)));
  AtomicOrdering Ordering = Exchange.getSuccessOrdering();
  Exchange.eraseFromParent();
  auto *Phi = dyn_cast<PHINode>(&Old);
  Value *First = Phi ? Phi->getIncomingValue(0) : &Old;
  if (Phi)
    Phi->eraseFromParent();
  dropFirstLook(First, Ordering);
}

bool foldExchangeLoops(Function &F) {
  bool Changed = false;
  for (BasicBlock &BB : F)
    if (AtomicCmpXchgInst *Exchange = exchangeIn(BB))
      if (LoadInst *Load = matchFirstRound(*Exchange)) {
        fold(*Exchange, *Load, *Load->getNextNode());
        Changed = true;
      }
  if (Changed)
    removeUnreachableBlocks(F);
  for (BasicBlock &BB : F)
    if (AtomicCmpXchgInst *Exchange = exchangeIn(BB))
      if (PHINode *Old = matchLoop(*Exchange);
          Old && !Old->getType()->isStructTy()) {
        fold(*Exchange, *Old, *BB.getFirstInsertionPt());
        Changed = true;
      }
  return Changed;
}

} // namespace linkgrad
