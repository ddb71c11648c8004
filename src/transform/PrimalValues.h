//===- PrimalValues.h - The primal as a sweep sees it ----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sweep is emitted twice by the same code. In the *rehearsal* each request
// for a primal value is only noted: that is the exact list of what the sweep
// needs, with nothing to keep in step by hand. The tape is planned for that
// list, and in the performance the values come from where the plan says.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_PRIMALVALUES_H
#define LINKGRAD_TRANSFORM_PRIMALVALUES_H

#include "transform/AugmentedPrimal.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/IRBuilder.h"

namespace linkgrad {

class PrimalValues {
public:
  /// \p Plan is null for the rehearsal.
  PrimalValues(AugmentedPrimal &Primal, const TapePlan *Plan,
               const ShadowedClone &Sweep, SweepDirection Direction);

  /// Emits what comes before everything else.
  void begin(llvm::IRBuilderBase &B);
  /// Emits what comes last: frees tape buffers.
  void end(llvm::IRBuilderBase &B);

  /// The value that \p V, a value of the augmented primal, had when the primal
  /// was where the sweep is now.
  llvm::Value *get(llvm::IRBuilderBase &B, llvm::Value &V);
  /// The shadow of \p V.
  llvm::Value *shadow(llvm::IRBuilderBase &B, llvm::Value &V, unsigned Lane,
                      const llvm::Instruction &User);

  /// The address of the shadow of what \p Access loads or stores.
  llvm::Value *address(llvm::IRBuilderBase &B, const llvm::Instruction &Access,
                       unsigned Lane);
  /// Those of the \p Bytes behind \p Dst and \p Src; see Shadows::addresses.
  std::pair<llvm::Value *, llvm::Value *>
  addresses(llvm::IRBuilderBase &B, llvm::Value &Dst, llvm::Value *Src,
            llvm::Value *Bytes, unsigned Lane, const llvm::Instruction &User);

  /// The variable that holds the counter of \p L in the sweep.
  llvm::AllocaInst *counter(const llvm::Loop *L) { return Counters[L]; }
  /// The sweep enters \p L from behind; its counter was \p Last.
  void enterLoop(llvm::IRBuilderBase &B, const llvm::Loop *L,
                 llvm::Value *Last);
  /// The sweep leaves \p L forwards.
  void leaveLoop(llvm::IRBuilderBase &B, const llvm::Loop *L);

  /// The address of a callee's frame.
  llvm::Value *frame(llvm::IRBuilderBase &B, const ActiveCall &Call);
  /// What the sweeps of the callee of \p Active take first: the arguments of
  /// \p Call and their shadows. Poison for those that they do not read.
  llvm::SmallVector<llvm::Value *, 16> arguments(llvm::IRBuilderBase &B,
                                                 llvm::CallInst &Call,
                                                 const ActiveCall &Active);

  /// Clears the floats in the shadow of memory that the allocation \p Call
  /// fills with zeros, if it does: another sweep that reads the same tape
  /// leaves them as it wants.
  void clearZeroedMemory(llvm::IRBuilderBase &B, llvm::CallBase &Call,
                         unsigned Lane);

  /// What was asked for, in order (rehearsal).
  llvm::ArrayRef<llvm::Value *> needed() const { return Needed.getArrayRef(); }
  bool isRehearsal() const { return !Plan; }

private:
  llvm::Value *address(llvm::IRBuilderBase &B, llvm::Value &Ptr,
                       llvm::Value *Bytes, unsigned Lane,
                       const llvm::Instruction &User);
  llvm::Value *recorded(llvm::IRBuilderBase &B, llvm::Instruction &I);
  llvm::Value *recompute(llvm::IRBuilderBase &B, llvm::Instruction &I);
  llvm::Value *loopCounter(llvm::IRBuilderBase &B, const llvm::Loop *L);

  AugmentedPrimal &Primal;
  const TapePlan *Plan;
  const ShadowedClone &Sweep;
  std::unique_ptr<TapeReader> Tape;
  llvm::DenseMap<const llvm::Loop *, llvm::AllocaInst *> Counters;
  llvm::DenseMap<const llvm::Value *, const llvm::Loop *> LoopOfCounter;
  llvm::SetVector<llvm::Value *> Needed;
  /// Values are found again within one block of the sweep.
  llvm::DenseMap<std::pair<llvm::BasicBlock *, llvm::Value *>, llvm::Value *>
      Cache;
};

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_PRIMALVALUES_H
