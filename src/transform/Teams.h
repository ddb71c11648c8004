//===- Teams.h - Derivatives of parallel regions ----------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A parallel region is a call of a team function (prepare/ParallelRegions.h).
// Its derivatives run those of the thread function in all threads of a team:
//
//  - the tangent forks the thread's tangent;
//  - the augmented primal forks the thread's, and each thread keeps its frame
//    in a slot of its own, in the order of the threads' numbers;
//  - the reverse sweep forks with the same number of threads. Each reads its
//    slot, adds to shadows that others may add to by atomic additions, and
//    meets the others at the primal's barriers. The adjoints of what the
//    threads were passed by value are added up when they have joined.
//
// library/OpenMP.c has what is not emitted here.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_TEAMS_H
#define LINKGRAD_TRANSFORM_TEAMS_H

#include "transform/SplitDerivative.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class Instruction;
class LoadInst;
class Module;
} // namespace llvm

namespace linkgrad {

class ActivityAnalysis;
enum class OpenMPCall;

/// How many bytes a region takes in its caller's frame.
uint64_t teamFrameSize(const llvm::Module &M);

/// The pair for \p R, whose primal is a team function, from that of the thread
/// function.
llvm::Expected<SplitDerivative> forkPair(const DiffRequest &R,
                                         const SplitDerivative &Thread);
/// The function of type R.derivativeType() from that of the thread function.
llvm::Function *forkTangent(const DiffRequest &R, llvm::Function &Thread);

/// Makes the team functions of \p M fork, which so far just call the thread
/// function, or erases those that nobody needs.
void finishTeams(llvm::Module &M, AnalysisManagers &AMs);

/// What \p I must not be where threads run side by side: refuses what the order
/// of threads decides about and the derivative could not repeat.
llvm::Error checkInTeam(const llvm::Instruction &I,
                        const ActivityAnalysis &Activities, DiffMode Mode);

/// What \p Call asks of the OpenMP runtime.
OpenMPCall openMPKind(const llvm::CallBase &Call);
/// True if \p Call makes threads wait at most, and changes no memory.
bool onlyOrdersThreads(const llvm::CallBase &Call);
/// Refuses what has no derivative anywhere: tasks, teams, devices.
llvm::Error checkOpenMP(const llvm::CallBase &Call);

/// True if several threads of a team may know the memory that \p Ptr points to.
bool isShared(const llvm::Value &Ptr);

/// Refuses types of which that cannot be done.
llvm::Error checkAtomicAdd(const llvm::Instruction &I, const llvm::Type &T);

/// *Ptr += V, for each floating-point number in V, atomically.
void emitAtomicAdd(llvm::IRBuilderBase &B, llvm::Value *Ptr, llvm::Value *V);

/// A critical section's number, at its begin or end in the augmented primal.
struct Turn {
  llvm::Instruction *Counter = nullptr;
  llvm::Instruction *Number = nullptr;
};
llvm::Expected<Turn> emitTurn(llvm::CallBase &Call, llvm::Value *Deferred);

/// What the reverse sweep does where the primal called the runtime.
/// \p Value gives values of the primal; \p Turn is null outside of regions.
void emitReverseCall(llvm::IRBuilderBase &B, llvm::CallBase &Call,
                     const Turn *Turn,
                     llvm::function_ref<llvm::Value *(llvm::Value &)> Value);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_TEAMS_H
