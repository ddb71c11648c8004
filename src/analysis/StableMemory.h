//===- StableMemory.h - Loads that can be repeated --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_STABLEMEMORY_H
#define LINKGRAD_ANALYSIS_STABLEMEMORY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/AliasAnalysis.h"

namespace llvm {
class DominatorTree;
class Function;
class Instruction;
class LoadInst;
class LoopInfo;
class Value;
} // namespace llvm

namespace linkgrad {

/// Decides which loads of a function give the same value again when they are
/// repeated after its end: nothing that can run after the load writes to what
/// it reads. The reverse sweep itself writes to shadows only.
class StableMemory {
public:
  /// \p Writers are the instructions of the primal that may write to memory.
  /// \p CallerKeeps tells that nobody writes to the memory that the function
  /// can see between its end and its reverse sweep; \p KeptArgs are pointer
  /// arguments for whose objects that is true in any case. \p Concurrent tells
  /// that other threads run the function too: what is written anywhere in it,
  /// they may write after any load.
  StableMemory(llvm::ArrayRef<llvm::Instruction *> Writers, bool CallerKeeps,
               llvm::ArrayRef<const llvm::Value *> KeptArgs, bool Concurrent,
               llvm::AAResults &AA, const llvm::DominatorTree &DT,
               const llvm::LoopInfo &LI)
      : Writers(Writers), CallerKeeps(CallerKeeps), KeptArgs(KeptArgs),
        Concurrent(Concurrent), AA(AA), DT(DT), LI(LI) {}

  bool isStable(const llvm::LoadInst &Load) const;

  /// True if nothing that can run after \p Call writes to memory: a callee may
  /// then rely on what it read.
  bool isKeptAfter(const llvm::Instruction &Call) const;

  /// The same for the object that \p Ptr points into.
  bool isKeptAfter(const llvm::Instruction &Call, const llvm::Value &Ptr) const;

private:
  bool isKeptByCaller(const llvm::Value *Object) const;
  bool mayFollow(const llvm::Instruction &Writer,
                 const llvm::Instruction &I) const;
  bool mayClobber(llvm::Instruction &Writer, const llvm::Value *Object,
                  const llvm::AAMDNodes &AccessTags) const;

  llvm::ArrayRef<llvm::Instruction *> Writers;
  bool CallerKeeps;
  llvm::ArrayRef<const llvm::Value *> KeptArgs;
  bool Concurrent;
  llvm::AAResults &AA;
  const llvm::DominatorTree &DT;
  const llvm::LoopInfo &LI;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_STABLEMEMORY_H
