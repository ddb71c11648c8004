//===- SweepCallers.h - Functions that run the sweeps -----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bodies of functions around a split pair: they provide the frame, release
// what was deferred, and return what the request asked for.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_SWEEPCALLERS_H
#define LINKGRAD_TRANSFORM_SWEEPCALLERS_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>

namespace llvm {
class Function;
class GlobalVariable;
} // namespace llvm

namespace linkgrad {

struct DiffRequest;
struct SplitDerivative;

/// Defines the pair \p Heap around \p D: the frame of D is allocated by the
/// augmented primal and freed by the reverse sweep, or with what was deferred;
/// the frame of Heap is its address.
void defineOnHeap(const SplitDerivative &Heap, const SplitDerivative &D);

/// Defines \p F, of type R.derivativeType(): both sweeps of \p Pair, one after
/// the other, on a frame on the stack.
void defineCombined(llvm::Function &F, const DiffRequest &R,
                    const SplitDerivative &Pair);

/// How many bytes the tape of \p Pair takes in memory of the caller's, wherever
/// that begins: a header, and the frame in its alignment.
uint64_t tapeSize(const SplitDerivative &Pair);

/// Defines \p F, of type R.derivativeType(), for split mode: one function of
/// \p Pair on a tape that lives between the calls. A sweep that is given the
/// tape of another request stops the program.
void defineAugmentFwd(llvm::Function &F, const DiffRequest &R,
                      const SplitDerivative &Pair);
void defineSweep(llvm::Function &F, const DiffRequest &R,
                 const SplitDerivative &Pair);

/// Defines \p F, of type R.derivativeType(), for Batch: calls of the primal.
void defineBatch(llvm::Function &F, const DiffRequest &R);

/// A function like \p F, which answers \p R, that first clears the shadows of
/// \p Globals: what lies there when a derivative begins is constant. If it runs
/// within another derivative, it leaves them as they were.
llvm::Function *
withClearedShadows(llvm::Function &F,
                   llvm::ArrayRef<llvm::GlobalVariable *> Globals,
                   const DiffRequest &R);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_SWEEPCALLERS_H
