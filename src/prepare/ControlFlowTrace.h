//===- ControlFlowTrace.h - The path taken, as ordinary values --*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reverse sweep walks the primal's path backwards. What it must know for
// that is made explicit as ordinary SSA values of the primal, so that the tape
// plan treats it like everything else (recompute it if it can be recomputed,
// record it if not):
//
//  - each loop has a canonical counter: i64, 0 in the first iteration;
//  - each exit block of a loop has the counter's last value;
//  - each merge has a selector that tells by which edge it was entered: the
//    condition of the branch that the merge closes where there is one, else a
//    phi of edge numbers.
//
// From then on a reverse loop counts its counter down to zero, and a reversed
// merge is a switch over its selector. Any reducible graph is covered.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_CONTROLFLOWTRACE_H
#define LINKGRAD_PREPARE_CONTROLFLOWTRACE_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class BasicBlock;
class DominatorTree;
class Function;
class Instruction;
class Loop;
class LoopInfo;
class PHINode;
class ScalarEvolution;
class Value;
} // namespace llvm

namespace linkgrad {

class AnalysisManagers;

struct LoopTrace {
  llvm::Loop *L = nullptr;
  /// i64 phi in the header: 0, 1, 2, …
  llvm::PHINode *Counter = nullptr;
  /// The counter's last value, in each exit block that can reach the end.
  llvm::SmallMapVector<llvm::BasicBlock *, llvm::Value *, 2> LastValue;
  /// Iterations of L from one entry, i64, available in L's preheader; null if
  /// that cannot be computed ahead.
  llvm::Value *Iterations = nullptr;
  /// Preheader is that of L or of an enclosing loop; L runs at most
  /// MaxIterations iterations (i64) for one execution of it. Null if there is
  /// no such bound.
  llvm::Value *MaxIterations = nullptr;
  llvm::BasicBlock *Preheader = nullptr;
};

struct ControlFlowTrace {
  llvm::LoopInfo *LI = nullptr;
  llvm::DominatorTree *DT = nullptr;
  llvm::ScalarEvolution *SE = nullptr;
  /// The block that returns; null if the function never does.
  llvm::BasicBlock *Exit = nullptr;
  /// Blocks from which Exit can be reached, in reverse post-order. Others end
  /// in `unreachable` or by unwinding and are not reversed.
  llvm::SmallVector<llvm::BasicBlock *, 16> Live;
  llvm::SmallPtrSet<const llvm::BasicBlock *, 16> LiveSet;
  /// In preorder.
  llvm::SmallVector<LoopTrace, 4> Loops;
  /// Edge numbers into predecessors(), or an i1 that is true for edge 0.
  llvm::DenseMap<const llvm::BasicBlock *, llvm::Value *> Selector;
  /// An affine integer or pointer induction, and what recomputes it from the
  /// loop's counter.
  llvm::DenseMap<const llvm::Value *, llvm::Value *> Closed;

  /// The trace of \p L, which must be one of Loops.
  const LoopTrace &trace(const llvm::Loop *L) const;
  /// The distinct live predecessors of \p BB in a fixed order.
  llvm::SmallVector<llvm::BasicBlock *, 4>
  predecessors(const llvm::BasicBlock *BB) const;
};

/// Adds counters, last values and selectors to the prepared function \p F.
/// The analyses it refers to stay valid as long as no block is added.
ControlFlowTrace traceControlFlow(llvm::Function &F, AnalysisManagers &AMs);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_CONTROLFLOWTRACE_H
