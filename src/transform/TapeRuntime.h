//===- TapeRuntime.h - Helper functions in the user's module ----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// There is no runtime library to link: the few loops and branches that
// derivatives share are small internal functions, added to the module when
// first used and inlined like any other.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_TAPERUNTIME_H
#define LINKGRAD_TRANSFORM_TAPERUNTIME_H

#include "llvm/IR/IRBuilder.h"

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace linkgrad {

/// \p Bytes of memory from malloc, or from aligned_alloc if that is not aligned
/// enough.
llvm::Value *emitTapeAllocation(llvm::IRBuilderBase &B, llvm::Value *Bytes,
                                llvm::Align Alignment = llvm::Align(16));

/// free(\p Buffer).
void emitTapeRelease(llvm::IRBuilderBase &B, llvm::Value *Buffer);

/// The new capacity, in elements, of a buffer with room for \p Capacity that
/// needs room for \p Needed: unchanged if that is enough, else at least
/// doubled.
llvm::Value *emitTapeCapacity(llvm::IRBuilderBase &B, llvm::Value *Capacity,
                              llvm::Value *Needed);

/// \p Buffer, reallocated to emitTapeCapacity() elements if it is too small.
llvm::Value *emitTapeGrowth(llvm::IRBuilderBase &B, llvm::Value *Buffer,
                            llvm::Value *Capacity, llvm::Value *Needed,
                            uint64_t ElementSize);

/// Memory that the primal frees is kept until the reverse sweep has read it:
/// the augmented primal hangs it on the list at \p List (a ptr variable of the
/// function that runs both sweeps), to be freed by \p Release: void (ptr
/// memory, ptr operands), where each of \p Operands lies in eight bytes.
/// \returns the address of the operands, which may be changed later.
llvm::Value *emitDeferral(llvm::IRBuilderBase &B, llvm::Value *List,
                          llvm::Value *Memory, llvm::Value *Release,
                          llvm::ArrayRef<llvm::Value *> Operands);

/// For emitDeferral: frees the memory and as many tape buffers as operands.
llvm::Function *tapeReleaseFunction(llvm::IRBuilderBase &B, unsigned Buffers);

/// Frees all that hangs on \p List.
void emitReleaseDeferred(llvm::IRBuilderBase &B, llvm::Value *List);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_TAPERUNTIME_H
