//===- AugmentedPrimal.h - The forward sweep --------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The augmented primal is a copy of the primal that also moves shadow pointers
// beside pointers, calls augmented callees, and records what the plan says. It
// is built in two steps: prepare() makes everything that the reverse sweep can
// ask for an SSA value of this function; finish() records what was planned.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_AUGMENTEDPRIMAL_H
#define LINKGRAD_TRANSFORM_AUGMENTEDPRIMAL_H

#include "analysis/StableMemory.h"
#include "prepare/ControlFlowTrace.h"
#include "transform/Shadows.h"
#include "transform/SplitDerivative.h"
#include "transform/Tape.h"
#include "transform/TapePlan.h"
#include "transform/Teams.h"
#include "llvm/ADT/MapVector.h"
#include <memory>

namespace llvm {
class AllocaInst;
class BasicBlock;
class CallInst;
class Instruction;
class InvokeInst;
class StoreInst;
} // namespace llvm

namespace linkgrad {

/// A call that is differentiated.
struct ActiveCall {
  llvm::CallInst *Augmented = nullptr;
  SplitDerivative Callee;
  DiffRequest Request;
};

class AugmentedPrimal {
public:
  AugmentedPrimal(llvm::Function &Prepared, const SplitRequest &R,
                  DerivativeSource &Source);

  /// Shadows, augmented calls, control-flow trace.
  llvm::Error prepare();
  /// Lays out the tape for \p Plan.
  void layOut(const TapePlan &Plan);
  /// Records, returns.
  void finish(const TapePlan &Plan);

  /// True if a load gives the same value in the reverse sweep.
  std::function<bool(const llvm::LoadInst &)> stableLoads();

  const SplitRequest &Request;
  DerivativeSource &Source;
  ShadowedClone Clone;
  ControlFlowTrace Trace;
  std::unique_ptr<TypeTrees> Types;
  std::unique_ptr<ValueKinds> Kinds;
  std::unique_ptr<ActivityAnalysis> Activities;
  std::unique_ptr<Shadows> Shadow;
  std::unique_ptr<TapeLayout> Layout;
  /// The primal's own instructions, by block.
  llvm::MapVector<llvm::BasicBlock *, llvm::SmallVector<llvm::Instruction *, 8>>
      Body;
  /// The primal call, which stays in place until finish().
  llvm::MapVector<llvm::CallInst *, ActiveCall> Calls;
  /// The critical sections of a parallel region, by the calls around them.
  llvm::MapVector<const llvm::CallBase *, Turn> Turns;
  /// Calls that end the program instead.
  llvm::DenseSet<const llvm::CallBase *> Stopped;

private:
  void standInForInvokes();
  void finishCall(llvm::CallInst &Call, const ActiveCall &Active,
                  TapeWriter &Writer);
  llvm::Error visitThrowers();
  llvm::Error visit(llvm::Instruction &I);
  llvm::Error visitStore(llvm::StoreInst &Store);
  void stopAtAddress(llvm::StoreInst &Store);
  llvm::Error visitCall(llvm::CallBase &Call);
  llvm::Error visitFree(llvm::CallBase &Call);
  llvm::Error visitMemory(llvm::CallBase &Call);
  llvm::Error visitAllocation(llvm::CallBase &Call);
  llvm::Error visitActiveCall(llvm::CallBase &Call);
  llvm::Error visitCritical(llvm::CallBase &Call);
  llvm::Error stopAt(llvm::CallBase &Call, llvm::Error E,
                     bool MayInline = true);
  void visitCleanups();
  llvm::Error visitCleanup(llvm::Instruction &I);
  void freeShadows(llvm::CallBase &Free);
  llvm::Error callWithShadows(llvm::CallInst &Call);
  void closeShadowInductions();
  void findWriters();
  StableMemory stableMemory();
  SplitRequest splitRequest(const llvm::CallBase &Call, DiffRequest Callee);

  // Unions, in UnionStores.cpp.
  llvm::Error checkUnionMove(llvm::Instruction &I);
  bool hasJournal(const llvm::Value &Ptr) const;
  static llvm::Error noJournal(const llvm::Instruction &I);
  static bool isOwn(const llvm::Value &Ptr);
  bool mayOverwritePointers(const llvm::Value &Ptr) const;
  llvm::Error visitFloatsStored(llvm::StoreInst &Store, llvm::Value &Ptr,
                                llvm::Type *T);

  void moveIntoFrame(llvm::AllocaInst &Alloca, TapeWriter &Writer);
  void finishReturn();

  /// An invoke ends its block, but what it does to the primal belongs behind
  /// it. So until finish() a call in the normal destination stands for it.
  llvm::MapVector<llvm::CallInst *, llvm::InvokeInst *> Invokes;
  llvm::SmallVector<llvm::Instruction *, 8> Erased;
  /// Calls on the way out by an exception, with the primal call that they stand
  /// for, if they do.
  llvm::SmallVector<std::pair<llvm::CallInst *, llvm::CallInst *>, 4> Cleanups;
  llvm::SmallVector<llvm::Instruction *, 16> Writers;
  llvm::SmallVector<const llvm::Value *, 8> KeptArgs;
  llvm::SmallVector<llvm::AllocaInst *, 4> Moved;
};

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_AUGMENTEDPRIMAL_H
