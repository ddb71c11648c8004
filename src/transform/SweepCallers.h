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

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

struct DiffRequest;
struct SplitDerivative;

/// Defines the pair \p Heap around \p D: the frame of D is allocated by the
/// augmented primal and freed by the reverse sweep; the frame of Heap is its
/// address.
void defineOnHeap(const SplitDerivative &Heap, const SplitDerivative &D);

/// Defines \p F, of type R.derivativeType(): both sweeps of \p Pair, one after
/// the other, on a frame on the stack.
void defineCombined(llvm::Function &F, const DiffRequest &R,
                    const SplitDerivative &Pair);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_SWEEPCALLERS_H
