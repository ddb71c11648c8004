//===- KeepRegistered.h - Registered functions until they count -*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_KEEPREGISTERED_H
#define LINKGRAD_PREPARE_KEEPREGISTERED_H

namespace llvm {
class Module;
} // namespace llvm

namespace linkgrad {

/// Keeps the optimisations that run before requests are answered from looking
/// through calls of registered functions in \p M, by inlining or otherwise, and
/// from dropping what registers them. For the start of the pipeline. Does
/// nothing to a module that registers nothing and has no type hints.
void keepRegistered(llvm::Module &M);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_KEEPREGISTERED_H
