//===- LowerReallocations.h - realloc as what it does -----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_LOWERREALLOCATIONS_H
#define LINKGRAD_PREPARE_LOWERREALLOCATIONS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Rewrites the calls in \p F, a copy that is being prepared, of realloc,
/// reallocarray and Rust's `__rust_realloc` into an allocation, a copy and a
/// free. The shadow does the same then, and the reverse sweep finds the old
/// memory as it was. \returns whether there were any.
bool lowerReallocations(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_LOWERREALLOCATIONS_H
