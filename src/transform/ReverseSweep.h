//===- ReverseSweep.h - The way back ----------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Emits the function that runs the primal's path backwards and, for each
// instruction, adds to the adjoints of its operands what its own adjoint says
// (the transpose of the tangent map). It reads the plan and the tape only; no
// analysis runs here.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_REVERSESWEEP_H
#define LINKGRAD_TRANSFORM_REVERSESWEEP_H

#include "transform/Adjoints.h"
#include "transform/PrimalValues.h"

namespace llvm {
class LoadInst;
class SelectInst;
class ShuffleVectorInst;
} // namespace llvm

namespace linkgrad {

class ReverseSweep {
public:
  /// \p Reverse is declared and empty; \p Plan is null for the rehearsal.
  ReverseSweep(AugmentedPrimal &Primal, const TapePlan *Plan,
               ShadowedClone &Reverse);

  /// Emits the body.
  llvm::Error emit();

  llvm::ArrayRef<llvm::Value *> needed() const { return Values.needed(); }

private:
  // ReverseControlFlow.cpp: which block comes after which.
  void createBlocks();
  void seedResult();
  void finishBlock(llvm::BasicBlock &BB);
  void finishLoopHeader(llvm::BasicBlock &Header, const llvm::Loop &L);
  void finishMerge(llvm::BasicBlock &BB,
                   llvm::ArrayRef<llvm::BasicBlock *> Preds);
  void takePhis(llvm::BasicBlock &BB);
  void emitEdge(llvm::BasicBlock &BB, llvm::BasicBlock &Pred);
  llvm::BasicBlock *edgeBlock(llvm::BasicBlock &BB, llvm::BasicBlock &Pred);
  void returnAdjoints();

  // ReverseSweep.cpp: structural instructions and rules.
  llvm::Error visit(llvm::Instruction &I, unsigned Lane);
  llvm::Error checkAdjoint(llvm::Instruction &I);
  void visitLoad(llvm::LoadInst &Load, unsigned Lane);
  void visitStore(llvm::StoreInst &Store, unsigned Lane);
  void stopAtAdjoint(llvm::StoreInst &Store, unsigned Lane);
  void visitAtomicSum(llvm::AtomicRMWInst &I, unsigned Lane);
  void visitSelect(llvm::SelectInst &Select, unsigned Lane);
  llvm::Error checkElements(llvm::Instruction &I);
  void visitShuffle(llvm::ShuffleVectorInst &Shuffle, unsigned Lane);
  void visitVectorElement(llvm::Instruction &I, unsigned Lane);
  llvm::Error checkAggregate(llvm::Instruction &I);
  llvm::Error checkField(llvm::Instruction &I);
  void visitAggregateField(llvm::Instruction &I, unsigned Lane);
  void visitPacking(llvm::Instruction &I, unsigned Lane);
  llvm::Error visitCast(llvm::Instruction &I, unsigned Lane);
  llvm::Error visitMemory(llvm::CallBase &Call, unsigned Lane);
  bool visitRule(llvm::Instruction &I, unsigned Lane);
  struct Arm {
    llvm::Value *Condition = nullptr;
    bool IsTrue = false;
    bool operator==(const Arm &) const = default;
  };
  Arm speculatedFor(llvm::Instruction &I);
  void visitOpenMP(llvm::CallBase &Call);
  void visitActiveCall(llvm::CallInst &Call, const ActiveCall &Active);

  llvm::Value *zeroOf(const llvm::Value &V) const;
  bool inTeam() const { return Primal.Request.Request.Parallel; }
  bool isActive(const llvm::Value &V) const { return Adjoint.isActive(V); }

  AugmentedPrimal &Primal;
  ShadowedClone &Reverse;
  const ActivityAnalysis &Activities;
  PrimalValues Values;
  Adjoints Adjoint;
  llvm::IRBuilder<> B;
  llvm::DenseMap<const llvm::BasicBlock *, llvm::BasicBlock *> Blocks;
  llvm::DenseMap<const llvm::Instruction *, Arm> Speculated;
  /// Adjoints of the phis of the block that is being finished, taken all at
  /// once because phis are read all at once.
  llvm::SmallVector<std::tuple<llvm::PHINode *, unsigned, llvm::Value *>, 8>
      PhiAdjoints;
};

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_REVERSESWEEP_H
