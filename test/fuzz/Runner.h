//===- Runner.h - Compiles and runs random programs -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_RUNNER_H
#define LINKGRAD_FUZZ_RUNNER_H

#include "Program.h"
#include "llvm/ADT/ArrayRef.h"

namespace linkgrad::fuzz {

struct Outcome {
  enum Kind {
    Ok,
    Refused, ///< a clean error of the engine
    Failed,  ///< wrong numbers, a crash, an internal error, too slow
  };

  Kind K = Ok;
  std::string Text; ///< the first line that says what is wrong
  /// What stays the same when the program is another: what kind of number is
  /// wrong, or the message without names.
  std::string Class;
};

struct RunOptions {
  std::string Clang;
  std::string Plugin;
  std::string WorkFolder;
  std::vector<std::string> Flags; ///< the optimisation level and others
  std::string BackEnd;            ///< the code generator's level, as "-O0"
};

/// Compiles \p Programs as one unit and runs it; when that does not compile,
/// halves it until it is known which program is to blame. \p Tag makes the
/// names of temporary files, so it must differ between threads.
std::vector<Outcome> run(llvm::ArrayRef<const Program *> Programs,
                         const RunOptions &Options, const std::string &Tag);

/// A smaller program with the same class of failure. \p Attempts bounds how
/// many are tried.
Program reduce(const Program &P, const Outcome &Failure,
               const RunOptions &Options, int Attempts);

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_RUNNER_H
