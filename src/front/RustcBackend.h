//===- RustcBackend.h - What the libraries for rustc share ------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two libraries answer to the same interface of rustc. The backend
// (RustcBackendAnswer.cpp) makes the derivatives inside rustc; the other
// (RustcBackendDefer.cpp) leaves the requests to ld.linkgrad.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FRONT_RUSTCBACKEND_H
#define LINKGRAD_FRONT_RUSTCBACKEND_H

#include "support/Options.h"
#include "llvm/IR/PassManager.h"

namespace linkgrad {

/// Adds to \p MPM, in which rustc has the pipeline of full LTO, what the
/// library does in the place of the pass `enzyme`. \p Opts is what the user
/// wants to see printed.
void addRustcPass(llvm::ModulePassManager &MPM, const Options &Opts);

} // namespace linkgrad

#endif // LINKGRAD_FRONT_RUSTCBACKEND_H
