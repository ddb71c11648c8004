//===- Adjoints.h - Adjoints of SSA values ----------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_ADJOINTS_H
#define LINKGRAD_TRANSFORM_ADJOINTS_H

#include "analysis/ActivityAnalysis.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class AllocaInst;
} // namespace llvm

namespace linkgrad {

/// The adjoints of the primal's SSA values in the reverse sweep. Each active
/// value has a running sum, zero at the start, that its users add to and its
/// definition takes from.
///
/// A value that never leaves its block is added to and taken from within one
/// block of the reverse sweep, in order, so its sum is an SSA value at once.
/// Only what lives across blocks has a variable, which mem2reg turns into SSA
/// values: mem2reg looks through a block once for each variable in it, so
/// variables for all would make long blocks cost the square of their length.
class Adjoints {
public:
  Adjoints(llvm::Function &Reverse, const ActivityAnalysis &Activities)
      : Reverse(Reverse), Activities(Activities) {}

  /// Adds \p Contribution to the adjoint of \p Primal.
  /// \param Contribution of the type kinds().adjointType(Primal); units:
  /// d(output)/d(Primal). Ignored if \p Primal is not active.
  void add(llvm::IRBuilderBase &B, llvm::Value &Primal, unsigned Lane,
           llvm::Value *Contribution);

  /// The adjoint of \p Primal, which is zero from here on: the sweep is at the
  /// definition, and in a loop the next thing to come is the use of an earlier
  /// iteration's value.
  llvm::Value *take(llvm::IRBuilderBase &B, const llvm::Value &Primal,
                    unsigned Lane);

  bool isActive(const llvm::Value &V) const { return Activities.isActive(V); }

private:
  /// True if all adds and the take happen in one block of the reverse sweep,
  /// the adds first.
  bool staysInBlock(const llvm::Value &Primal);
  llvm::AllocaInst *slot(const llvm::Value &Primal, unsigned Lane);

  llvm::Function &Reverse;
  const ActivityAnalysis &Activities;
  llvm::DenseMap<std::pair<const llvm::Value *, unsigned>, llvm::AllocaInst *>
      Slots;
  /// What staysInBlock() said first: the question is asked for each use, and
  /// the augmented primal may still grow.
  llvm::DenseMap<const llvm::Value *, bool> Stays;
  /// The sums of values that stay in their block, null for zero.
  llvm::DenseMap<std::pair<const llvm::Value *, unsigned>, llvm::Value *> Sums;
};

/// The zero that adjoints start from. Inside the sweep that is -0.0, for which
/// -0.0 + x is x and folds away, while 0.0 + x does not fold (it is 0.0 for a
/// negative zero x).
llvm::Constant *zeroAdjoint(llvm::Type *T);

/// Sum of two adjoints of the same type: element-wise for vectors and
/// aggregates, where fields that are not floating point are left alone.
llvm::Value *addAdjoints(llvm::IRBuilderBase &B, llvm::Value *A,
                         llvm::Value *C);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_ADJOINTS_H
