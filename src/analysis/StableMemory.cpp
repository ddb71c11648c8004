//===- StableMemory.cpp - Loads that can be repeated ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Alias analysis compares pointers within one iteration of a loop: a[i] and
// a[i+1] do not alias, although the store of one iteration writes what the
// next one loads. What is asked here spans iterations. So the questions are
// put for whole underlying objects, and only where these are the same in all
// iterations.
//
//===----------------------------------------------------------------------===//

#include "analysis/StableMemory.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

/// Beyond this many writers the answer is "may be overwritten".
static constexpr size_t MaxWriters = 2000;

/// True if \p Object denotes the same memory in all iterations.
static bool isFixedObject(const Value *Object, const LoopInfo &LI) {
  if (isa<Argument, GlobalValue, AllocaInst>(Object))
    return true;
  auto *I = dyn_cast<Instruction>(Object);
  return I && !LI.getLoopFor(I->getParent());
}

bool StableMemory::mayFollow(const Instruction &Writer,
                             const Instruction &I) const {
  return isPotentiallyReachable(&I, &Writer, nullptr, &DT, &LI);
}

bool StableMemory::mayClobber(Instruction &Writer, const LoadInst &Load) const {
  const Value *Object = getUnderlyingObject(Load.getPointerOperand(), 0);
  auto Whole = [](const Value *O, const Instruction &I) {
    return MemoryLocation::getBeforeOrAfter(O, I.getAAMetadata());
  };
  if (!isFixedObject(Object, LI))
    return true;
  if (auto *Store = dyn_cast<StoreInst>(&Writer)) {
    const Value *Target = getUnderlyingObject(Store->getPointerOperand(), 0);
    return !isFixedObject(Target, LI) ||
           !AA.isNoAlias(Whole(Object, Load), Whole(Target, *Store));
  }
  if (auto *Mem = dyn_cast<AnyMemIntrinsic>(&Writer)) {
    const Value *Target = getUnderlyingObject(Mem->getRawDest(), 0);
    return !isFixedObject(Target, LI) ||
           !AA.isNoAlias(Whole(Object, Load), Whole(Target, *Mem));
  }
  // Calls: their effects are stated for all their memory, not an iteration's.
  return isModSet(AA.getModRefInfo(&Writer, Whole(Object, Load)));
}

bool StableMemory::isStable(const LoadInst &Load) const {
  if (Load.hasMetadata(LLVMContext::MD_invariant_load))
    return true;
  const Value *Object = getUnderlyingObject(Load.getPointerOperand(), 0);
  if (auto *G = dyn_cast<GlobalVariable>(Object); G && G->isConstant())
    return true;
  // Nobody else may touch an alloca once its function has returned.
  bool Kept = CallerKeeps || isa<AllocaInst>(Object);
  if (!Kept || Writers.size() > MaxWriters)
    return false;
  return none_of(Writers, [&](Instruction *W) {
    return mayFollow(*W, Load) && mayClobber(*W, Load);
  });
}

bool StableMemory::isKeptAfter(const Instruction &Call) const {
  return CallerKeeps && Writers.size() <= MaxWriters &&
         none_of(Writers, [&](Instruction *W) { return mayFollow(*W, Call); });
}

} // namespace linkgrad
