//===- ForwardSweep.h - Tangents from a tape --------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Emits the function that runs the primal's path forwards once more and moves
// tangents along it. It runs nothing of the primal: what its maps read comes
// from the tape, as for the reverse sweep. Shadow pointers are those that the
// augmented primal made; of shadow memory it writes the floats only.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_FORWARDSWEEP_H
#define LINKGRAD_TRANSFORM_FORWARDSWEEP_H

#include "transform/PrimalValues.h"

namespace llvm {
class BranchInst;
class LoadInst;
class PHINode;
} // namespace llvm

namespace linkgrad {

class ForwardSweep {
public:
  /// \p Forward is declared and empty; \p Plan is null for the rehearsal.
  ForwardSweep(AugmentedPrimal &Primal, const TapePlan *Plan,
               ShadowedClone &Forward);

  /// Emits the body.
  llvm::Error emit();

  llvm::ArrayRef<llvm::Value *> needed() const { return Values.needed(); }

private:
  void createBlocks();
  void takeArguments();
  void beginBlock(llvm::BasicBlock &BB);
  void finishBlock(llvm::BasicBlock &BB);
  void finishPhis();
  void branch(llvm::BasicBlock &BB, llvm::Instruction &Terminator);
  llvm::Value *condition(llvm::BasicBlock &BB, llvm::BranchInst &Branch);
  llvm::Error checkInvokes() const;
  void returnTangents();

  llvm::Error visit(llvm::Instruction &I, unsigned Lane);
  llvm::Error visitCall(llvm::CallBase &Call, unsigned Lane);
  llvm::Error visitActiveCall(llvm::CallInst &Call, const ActiveCall &Active);
  llvm::Error visitMemory(llvm::CallBase &Call, unsigned Lane);
  bool visitRule(llvm::Instruction &I, unsigned Lane);
  void visitLoad(llvm::LoadInst &Load, unsigned Lane);
  void visitStore(llvm::StoreInst &Store, unsigned Lane);
  void visitAtomicSum(llvm::AtomicRMWInst &I, unsigned Lane);
  void visitMove(llvm::Instruction &I, unsigned Lane);

  llvm::Value *tangent(llvm::Value &V, unsigned Lane) const;
  void set(llvm::Value &V, unsigned Lane, llvm::Value *Tangent) {
    Tangents[{&V, Lane}] = Tangent;
  }
  unsigned width() const { return Primal.Shadow->width(); }
  bool isActive(const llvm::Value &V) const { return Activities.isActive(V); }

  AugmentedPrimal &Primal;
  ShadowedClone &Forward;
  const ActivityAnalysis &Activities;
  PrimalValues Values;
  llvm::IRBuilder<> B;
  llvm::DenseMap<const llvm::BasicBlock *, llvm::BasicBlock *> Blocks;
  llvm::DenseMap<std::pair<const llvm::Value *, unsigned>, llvm::Value *>
      Tangents;
  /// Counters of loops, and phis of tangents, whose operands are filled in
  /// last.
  llvm::SmallVector<std::pair<const llvm::Loop *, llvm::PHINode *>, 4> Counters;
  llvm::SmallVector<std::tuple<llvm::PHINode *, llvm::PHINode *, unsigned>, 8>
      Phis;
};

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_FORWARDSWEEP_H
