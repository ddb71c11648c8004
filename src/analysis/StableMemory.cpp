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
  return Concurrent || isPotentiallyReachable(&I, &Writer, nullptr, &DT, &LI);
}

bool StableMemory::mayClobber(Instruction &Writer, const Value *Object,
                              const AAMDNodes &AccessTags) const {
  if (!isFixedObject(Object, LI))
    return true;
  auto Location = MemoryLocation::getBeforeOrAfter(Object, AccessTags);
  const Value *Target = nullptr;
  if (auto *Store = dyn_cast<StoreInst>(&Writer))
    Target = Store->getPointerOperand();
  else if (auto *Mem = dyn_cast<AnyMemIntrinsic>(&Writer))
    Target = Mem->getRawDest();
  // Calls: their effects are stated for all their memory, not an iteration's.
  if (!Target)
    return isModSet(AA.getModRefInfo(&Writer, Location));
  Target = getUnderlyingObject(Target, 0);
  return !isFixedObject(Target, LI) ||
         !AA.isNoAlias(Location, MemoryLocation::getBeforeOrAfter(
                                     Target, Writer.getAAMetadata()));
}

/// Nobody else may touch an alloca once its function has returned.
bool StableMemory::isKeptByCaller(const Value *Object) const {
  return CallerKeeps || isa<AllocaInst>(Object) ||
         is_contained(KeptArgs, Object);
}

bool StableMemory::isStable(const LoadInst &Load) const {
  if (Load.hasMetadata(LLVMContext::MD_invariant_load))
    return true;
  const Value *Object = getUnderlyingObject(Load.getPointerOperand(), 0);
  if (auto *G = dyn_cast<GlobalVariable>(Object); G && G->isConstant())
    return true;
  // Another thread may run the reverse sweep.
  if (auto *G = dyn_cast<GlobalVariable>(Object);
      G && G->isThreadLocal() && Concurrent)
    return false;
  if (!isKeptByCaller(Object) || Writers.size() > MaxWriters)
    return false;
  return none_of(Writers, [&](Instruction *W) {
    return mayFollow(*W, Load) && mayClobber(*W, Object, Load.getAAMetadata());
  });
}

bool StableMemory::isKeptAfter(const Instruction &Call) const {
  return CallerKeeps && Writers.size() <= MaxWriters &&
         none_of(Writers, [&](Instruction *W) { return mayFollow(*W, Call); });
}

bool StableMemory::isKeptAfter(const Instruction &Call,
                               const Value &Ptr) const {
  const Value *Object = getUnderlyingObject(&Ptr, 0);
  return isKeptByCaller(Object) && Writers.size() <= MaxWriters &&
         none_of(Writers, [&](Instruction *W) {
           return mayFollow(*W, Call) && mayClobber(*W, Object, AAMDNodes());
         });
}

} // namespace linkgrad
