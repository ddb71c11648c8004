//===- InactiveResults.h - Results without derivatives ----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An inactive function that returns a struct through memory overwrites what was
// there. Where that memory has a shadow, the adjoint of what was there has to
// go, and so have pointers in it, which may be tangents of floats: Rust's
// format! writes the text of an Err where an Ok has a float.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_INACTIVERESULTS_H
#define LINKGRAD_PREPARE_INACTIVERESULTS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Clears such memory before each of these calls in \p F, a copy that is being
/// prepared.
void clearInactiveResults(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_INACTIVERESULTS_H
