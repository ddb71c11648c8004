//===- WordMoves.cpp - Loops that move things word by word ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/WordMoves.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace linkgrad {

/// How many words a struct has at most.
static constexpr uint64_t MaxWords = 32;

/// The number of rounds of the loop that is the block of \p Counter, which
/// counts them from 0; 0 if that is not known.
static uint64_t roundsOf(const PHINode &Counter) {
  const BasicBlock *Loop = Counter.getParent();
  auto *Branch = dyn_cast<BranchInst>(Loop->getTerminator());
  int Back = Counter.getBasicBlockIndex(Loop);
  if (!Branch || Branch->isUnconditional() || Back < 0 ||
      Counter.getNumIncomingValues() != 2 ||
      !match(Counter.getIncomingValue(1 - Back), m_Zero()))
    return 0;
  const Value *Next = Counter.getIncomingValue(Back);
  auto *Done = dyn_cast<ICmpInst>(Branch->getCondition());
  const APInt *Rounds;
  if (!match(Next, m_Add(m_Specific(&Counter), m_One())) || !Done ||
      !match(Done, m_SpecificICmp(CmpInst::ICMP_EQ, m_Specific(Next),
                                  m_APInt(Rounds))) ||
      Branch->getSuccessor(1) != Loop || Branch->getSuccessor(0) == Loop)
    return 0;
  return Rounds->getLimitedValue();
}

/// The one index of \p Ptr, an element of \p Size bytes of a table.
static const PHINode *indexOf(const Value &Ptr, uint64_t Size,
                              const DataLayout &DL) {
  auto *GEP = dyn_cast<GetElementPtrInst>(&Ptr);
  if (!GEP || GEP->getNumIndices() != 1 ||
      DL.getTypeAllocSize(GEP->getSourceElementType()) !=
          TypeSize::getFixed(Size))
    return nullptr;
  return dyn_cast<PHINode>(GEP->getOperand(1));
}

std::optional<WordMove> wordMove(const LoadInst &Load) {
  const DataLayout &DL = Load.getDataLayout();
  uint64_t Size = DL.getPointerSize();
  if (!Load.isSimple() || !Load.getType()->isIntegerTy(8 * Size) ||
      !Load.hasOneUse())
    return std::nullopt;
  auto *Store = dyn_cast<StoreInst>(Load.user_back());
  const PHINode *Counter = indexOf(*Load.getPointerOperand(), Size, DL);
  if (!Counter || !Store || !Store->isSimple() ||
      Store->getValueOperand() != &Load ||
      indexOf(*Store->getPointerOperand(), Size, DL) != Counter ||
      Load.getParent() != Counter->getParent() ||
      Store->getParent() != Counter->getParent())
    return std::nullopt;
  uint64_t Rounds = roundsOf(*Counter);
  if (Rounds == 0 || Rounds > MaxWords)
    return std::nullopt;
  auto BaseOf = [](const Value *Ptr) {
    return cast<GetElementPtrInst>(Ptr)->getPointerOperand();
  };
  return WordMove{BaseOf(Load.getPointerOperand()),
                  BaseOf(Store->getPointerOperand()), Rounds * Size};
}

} // namespace linkgrad
