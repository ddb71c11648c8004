//===- Derivatives.h - From requests to functions ---------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The engine's front. Every front door (pass plugin, linker, rustc backend, C
// API) builds DiffRequests and calls this; none holds logic of its own.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_DERIVATIVES_H
#define LINKGRAD_TRANSFORM_DERIVATIVES_H

#include "request/DiffRequest.h"
#include "support/Options.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace llvm {
class CallBase;
class Function;
class Module;
} // namespace llvm

namespace linkgrad {

/// Generates derivatives inside one module. The primal and all active callees
/// must have bodies in that module; no existing function is changed.
class Derivatives {
public:
  Derivatives(llvm::Module &M, const Options &Opts);
  ~Derivatives();

  /// The function that answers \p R (Forward or Reverse), of type
  /// R.derivativeType(), internal to the module, optimised unless
  /// Options::Optimize is off. Equal requests share one function.
  llvm::Expected<llvm::Function *> get(const DiffRequest &R);

  /// Answers one request: parses it, makes the derivative and replaces the
  /// call. The call is unchanged if an error is returned.
  llvm::Error answer(llvm::CallBase &Call);

private:
  class Impl;
  std::unique_ptr<Impl> P;
};

/// Answers every request in \p M in place: the whole job for a program that
/// is one module. On error \p M may hold some of the answers already and must
/// be discarded. \returns whether anything changed.
llvm::Expected<bool> answerAllRequests(llvm::Module &M, const Options &Opts);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_DERIVATIVES_H
