//===- ReadOnlyArguments.h - What callees leave alone -----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_READONLYARGUMENTS_H
#define LINKGRAD_PREPARE_READONLYARGUMENTS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Marks the pointers that calls in \p F pass to functions which only read
/// through them, also when those are recursive, where LLVM's own inference
/// gives up. What a callee leaves alone need not be recorded.
void markReadOnlyArguments(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_READONLYARGUMENTS_H
