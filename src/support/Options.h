//===- Options.h - What the user can tune -----------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One struct, filled once by each front door and then only read. The engine
// never looks at the command line or the environment itself.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_SUPPORT_OPTIONS_H
#define LINKGRAD_SUPPORT_OPTIONS_H

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace linkgrad {

struct Options {
  /// Optimise the copy of the primal before it is differentiated, and the
  /// derivative afterwards. Off only in tests that look at the raw derivative.
  bool Optimize = true;

  /// Callees of at most this inline cost (LLVM's unit: about 5 per
  /// instruction) are inlined into the copy of the primal.
  int InlineThreshold = 500;

  /// No copy of a primal grows by inlining beyond this many instructions.
  unsigned InlineBudget = 20000;

  /// Accepted, without effect: loads through pointers that may lack a shadow
  /// are always checked at run time (as for enzyme_runtime_activity).
  bool RuntimeActivity = false;

  /// Verify every generated function; a failure is an internal error that
  /// names the primal. Cheap enough to be always on.
  bool Verify = true;

  /// Where to print what the analyses found for each function that is
  /// differentiated; null for nowhere. For tests and the curious.
  llvm::raw_ostream *PrintActivity = nullptr;
  llvm::raw_ostream *PrintTape = nullptr;
};

} // namespace linkgrad

#endif // LINKGRAD_SUPPORT_OPTIONS_H
