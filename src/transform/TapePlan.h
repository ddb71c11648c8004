//===- TapePlan.h - Recompute or record -------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reverse sweep needs values of the primal. Some are free (constants,
// arguments, loop counters), some can be recomputed from others (arithmetic,
// address computations, loads of memory that nobody changes in between), the
// rest is recorded on the tape. Which values to record is a minimum vertex
// cut of the use graph between what cannot be recomputed and what is needed,
// where the weight of a value is the bytes that it takes on the tape times an
// estimate of how often it is computed.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_TAPEPLAN_H
#define LINKGRAD_TRANSFORM_TAPEPLAN_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SetVector.h"

namespace llvm {
class Function;
class Instruction;
class LoadInst;
class Value;
class raw_ostream;
} // namespace llvm

namespace linkgrad {

struct ControlFlowTrace;

class TapePlan {
public:
  enum class Source {
    Free,      ///< constant, argument, counter, alloca of the primal
    Recompute, ///< from its operands, where it is needed
    Record,    ///< from the tape
    Unplanned, ///< not needed, so not available
  };

  /// Plans for the values in \p Needed. \p IsStable tells whether a load gives
  /// the same value again when it is repeated in the reverse sweep.
  TapePlan(const ControlFlowTrace &Trace, llvm::ArrayRef<llvm::Value *> Needed,
           llvm::function_ref<bool(const llvm::LoadInst &)> IsStable);

  Source source(const llvm::Value &V) const;

  /// What to record, in program order.
  llvm::ArrayRef<llvm::Instruction *> recorded() const {
    return Recorded.getArrayRef();
  }

  /// True if the reverse sweep reads \p V, directly or to recompute others.
  bool isRead(const llvm::Value &V) const { return Reads.contains(&V); }

  void print(llvm::raw_ostream &OS) const;

private:
  const ControlFlowTrace &Trace;
  llvm::SetVector<llvm::Instruction *> Recorded;
  llvm::SetVector<const llvm::Value *> Reads;
};

/// The value whose computation stands for \p V in the reverse sweep: its
/// closed form for an induction variable, else \p V itself.
llvm::Value *closedForm(llvm::Value *V, const ControlFlowTrace &Trace);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_TAPEPLAN_H
