//===- UnneededStores.cpp - Results that nobody wants ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/UnneededStores.h"
#include "prepare/AnalysisManagers.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

/// The address that \p I writes to, if that is all that it does and nobody
/// would miss it; else null.
static const Value *onlyWritesTo(const Instruction &I) {
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return Store->isSimple() ? Store->getPointerOperand() : nullptr;
  if (auto *Mem = dyn_cast<MemIntrinsic>(&I))
    return Mem->isVolatile() ? nullptr : Mem->getRawDest();
  return nullptr;
}

/// True if \p F reads nothing of what it finds or puts behind \p Arg.
static bool isNeverRead(const Argument &Arg, AAResults &AA) {
  auto Memory = MemoryLocation::getBeforeOrAfter(&Arg);
  return none_of(instructions(*Arg.getParent()), [&](const Instruction &I) {
    return I.mayReadFromMemory() && isRefSet(AA.getModRefInfo(&I, Memory));
  });
}

bool eraseUnneededStores(Function &F, const DiffRequest &R,
                         AnalysisManagers &AMs) {
  SmallPtrSet<const Value *, 4> Unneeded;
  Argument *Arg = F.arg_begin();
  for (Activity A : R.Args) {
    if (A == Activity::DupNoNeed && Arg->getType()->isPointerTy() &&
        isNeverRead(*Arg, AMs.FAM.getResult<AAManager>(F)))
      Unneeded.insert(Arg);
    Arg += isDup(A) ? 1 + R.Width : 1;
  }
  if (Unneeded.empty())
    return false;
  SmallVector<Instruction *, 16> Erased;
  for (Instruction &I : instructions(F))
    if (const Value *Ptr = onlyWritesTo(I))
      if (Unneeded.contains(getUnderlyingObject(Ptr, /*MaxLookup=*/0)))
        Erased.push_back(&I);
  for (Instruction *I : Erased)
    I->eraseFromParent();
  AMs.invalidate(F);
  return !Erased.empty();
}

} // namespace linkgrad
