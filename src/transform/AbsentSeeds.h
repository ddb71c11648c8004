//===- AbsentSeeds.h - Seeds of floats that are not there -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A variant of an enum of Rust may have nothing where another has a float: the
// payload of `None`. The caller's shadow then holds anything there, and no safe
// code can change that. But the primal writes those bytes: what a `Some` from
// before has left there, or what LLVM finds at hand in place of undef. So what
// they hold is no seed, and is cleared before the reverse sweep, when the tags
// are those that the primal has left.
//
// The room that a Vec has for more elements is the same, if the primal appends
// some. It is cleared before the forward sweep, when the lengths are those that
// the caller knows.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_ABSENTSEEDS_H
#define LINKGRAD_TRANSFORM_ABSENTSEEDS_H

#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/Error.h"

namespace linkgrad {

struct DiffRequest;

/// Refuses memory in which absent floats can be without being found.
llvm::Error checkAbsentSeeds(const DiffRequest &R);

/// Clears the spare room behind the shadows of \p F's parameters, those of a
/// derivative that answers \p R. \p B is before its sweeps.
void emitSpareSeeds(llvm::IRBuilderBase &B, llvm::Function &F,
                    const DiffRequest &R);

/// Clears absent floats in the shadows of \p F's parameters, those of a
/// derivative that answers \p R. \p B is between its sweeps.
void emitAbsentSeeds(llvm::IRBuilderBase &B, llvm::Function &F,
                     const DiffRequest &R);

/// The same for the adjoint \p Seed of \p Result, which the primal returns.
llvm::Value *withoutAbsentSeeds(llvm::IRBuilderBase &B, llvm::Value *Seed,
                                llvm::Value *Result, const DiffRequest &R);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_ABSENTSEEDS_H
