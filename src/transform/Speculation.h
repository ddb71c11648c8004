//===- Speculation.h - Derivatives that may not be needed -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What cannot be differentiated stops the build, unless it is not known that
// it is ever reached (prepare/IndirectCalls.h). Then it stops the program.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_SPECULATION_H
#define LINKGRAD_TRANSFORM_SPECULATION_H

#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/Error.h"

namespace llvm {
class CallBase;
} // namespace llvm

namespace linkgrad {

bool isSpeculative(const llvm::CallBase &Call);

/// Lets the program print \p E to the standard error stream and abort when it
/// gets to where \p B stands.
void emitStop(llvm::IRBuilderBase &B, llvm::Error E);

/// The same if \p Condition holds there; \p B stays in its block.
void emitStopIf(llvm::IRBuilderBase &B, llvm::Value *Condition, llvm::Error E);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_SPECULATION_H
