//===- ActiveMemory.h - Effects of calls on active memory -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What stores, allocators, memory intrinsics and calls mean for shadows: the
// part that does not depend on the direction of the sweep, and the checks that
// turn a would-be silent zero into an error.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_ACTIVEMEMORY_H
#define LINKGRAD_TRANSFORM_ACTIVEMEMORY_H

#include "transform/Shadows.h"

namespace llvm {
class CallBase;
class IRBuilderBase;
class StoreInst;
} // namespace llvm

namespace linkgrad {

class DerivativeSource;

/// Refuses everything but a load from a pointer that may or may not have a
/// shadow (ActivityAnalysis::mayLackShadow).
llvm::Error checkMixedPointers(const llvm::Instruction &I,
                               const ActivityAnalysis &Activities);

/// True if the derivative of \p I cannot deal with far memory (FarMemory.h).
bool needsShadow(const llvm::Instruction &I, const ActivityAnalysis &Activities,
                 bool Parallel);

/// Refuses floats that are made from integer arithmetic on the bits of others.
llvm::Error checkBits(const llvm::Instruction &I,
                      const ActivityAnalysis &Activities);

/// True if what \p Store stores, a pointer or a double, comes from elsewhere
/// and goes to where the other of these may be.
bool mayMoveUnion(const llvm::StoreInst &Store,
                  const ActivityAnalysis &Activities);

/// Refuses to keep, hand on, or make a pointer or float of a part of an active
/// address, which as a number has no shadow, and to move floats as pointers.
llvm::Error checkAddressBits(const llvm::Instruction &I,
                             const ActivityAnalysis &Activities);

/// The types in \p Clone, for \p R; what callers know of floats, too.
TypeTrees knownTypes(const ShadowedClone &Clone, const DiffRequest &R,
                     DerivativeSource &Source);
/// Lets \p Callee know of the floats that TypeTrees::floatsIn() finds in what
/// its derivative without that knowledge moves. Fails if \p Caller is going to
/// be prepared again.
llvm::Error tellFloats(const llvm::CallBase &Call, DiffRequest &Callee,
                       const llvm::Function &Caller, const TypeTrees &Types,
                       DerivativeSource &Source);
/// True if \p Call is one that a pointer may lead to, and \p Callee was told of
/// floats among its integers: inlined, it could not be left aside.
bool stopsIfMisread(const llvm::CallBase &Call, const DiffRequest &Callee,
                    DerivativeSource &Source);
/// Refuses a call whose callee takes floats for integers. Asked once it has a
/// derivative: if it has none, the reason is better known there.
llvm::Error checkMisread(const llvm::CallBase &Call,
                         const ActivityAnalysis &Activities,
                         DerivativeSource &Source);
/// What the derivative \p R in \p Clone has taken for integers, for callers.
void noteMovedBytes(const ShadowedClone &Clone, const DiffRequest &R,
                    const TypeTrees &Types, DerivativeSource &Source);

/// Refuses a hint (`__enzyme_nopointer`) that the types contradict.
llvm::Error checkInactiveCall(const llvm::CallBase &Call,
                              const ActivityAnalysis &Activities);

/// Refuses a store of an active value to memory without a shadow, and one of
/// an integer to active memory of which nobody knows whether it is a float.
llvm::Error checkActiveStore(const llvm::StoreInst &Store,
                             const ActivityAnalysis &Activities);

/// Refuses atomic updates of active memory but sums of floating point, and
/// those of integers.
llvm::Error checkAtomic(const llvm::Instruction &I,
                        const ActivityAnalysis &Activities);

/// True if \p I adds to floating point in memory, or subtracts from it,
/// atomically: *p += v, and gives what was there before.
bool isAtomicSum(const llvm::Instruction &I);

/// True if \p Store overwrites what are or may be floats in active memory by
/// the bits of an inactive integer (`*(long *)p = 0`, a copied constant). Their
/// shadow then becomes zero; if they were integers after all, nobody reads it.
bool overwritesByInteger(const llvm::StoreInst &Store,
                         const ActivityAnalysis &Activities);

/// memcpy, memmove or memset on active memory.
struct MemoryEffect {
  llvm::Value *Dst;
  llvm::Value *Src; ///< null for a fill
  llvm::Value *Length;
  bool SrcActive; ///< Src has a shadow
  /// May be empty for a fill, which has no need of it: a sweep clears the whole
  /// shadow then. That is right for floats; a shadow pointer there is not read
  /// again, since those from before the fill were recorded, and those from
  /// behind it too if a tape is read more than once.
  MemoryLayout Layout;
};

/// What \p Call does to active memory; nothing if it touches none.
llvm::Expected<std::optional<MemoryEffect>>
describeMemoryEffect(const llvm::CallBase &Call,
                     const ActivityAnalysis &Activities);

/// The layout of what the allocation \p Call gives, if that is active memory
/// filled with zeros; empty as that of MemoryEffect. Nothing if it is not.
std::optional<MemoryLayout>
describeZeroedMemory(const llvm::CallBase &Call,
                     const ActivityAnalysis &Activities);

/// Emits zeroed shadow memory behind the allocation \p Call.
llvm::Error emitShadowAllocation(llvm::CallBase &Call, Shadows &Shadow);

/// Lowers the result of malloc_usable_size to what the shadows have room for.
void emitUsableSize(llvm::CallBase &Call, Shadows &Shadow,
                    const ActivityAnalysis &Activities);

/// Runs the mirrored function (rules/MirroredFunctions.h) on the shadows of
/// the arguments, before \p Call, if they have any.
llvm::Error emitMirroredCall(llvm::CallBase &Call, Shadows &Shadow,
                             const ActivityAnalysis &Activities);

/// Hangs \p Memory on \p List (TapeRuntime.h), to be freed as \p Free does.
llvm::Error emitDeferredFree(llvm::CallBase &Free, llvm::Value *List,
                             llvm::Value *Memory);

/// The request that the active call \p Call makes of its callee.
llvm::Expected<DiffRequest>
describeActiveCall(const llvm::CallBase &Call,
                   const ActivityAnalysis &Activities, DiffMode Mode,
                   unsigned Width);

/// Where \p Call has returned: behind a call, in the normal destination of an
/// invoke.
void setPointBehind(llvm::IRBuilderBase &B, llvm::CallBase &Call);

/// "LOCATION: 'caller' calls 'callee'", for notes.
std::string callDescription(const llvm::CallBase &Call);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_ACTIVEMEMORY_H
