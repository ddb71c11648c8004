//===- RustcPrimal.h - Primals as rustc's requests see them -----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// std::autodiff writes an array by value as an array, while the function takes
// it as the calling convention has it: small ones in an integer, larger ones
// behind a pointer to a copy.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_RUSTCPRIMAL_H
#define LINKGRAD_REQUEST_RUSTCPRIMAL_H

namespace llvm {
class CallBase;
class Module;
} // namespace llvm

namespace linkgrad {

/// Makes the request \p Call, if rustc wrote it, name a function that takes and
/// returns arrays of floats by value where the primal has something else in
/// their place. What cannot be understood stays as it is.
void fitPrimalToRustc(llvm::CallBase &Call);

/// Erases the functions that only answered requests named.
void eraseFittedPrimals(llvm::Module &M);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_RUSTCPRIMAL_H
