//===- InactiveNames.h - Functions that move no active value ----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Library functions through which no derivative passes: output, time,
// environment, exceptions, panics, text. Printing a double reads an active
// value, but nothing active comes out. Not here is whatever returns floats
// computed from its arguments, writes floats to memory (fread, scanf: the old
// adjoint of that memory would have to go), or returns a pointer into memory
// that it was given and that can hold floats.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_INACTIVENAMES_H
#define LINKGRAD_RULES_INACTIVENAMES_H

#include "llvm/ADT/StringRef.h"

namespace linkgrad {

/// How sure a name alone makes us.
enum class InactiveName {
  No,
  /// A name that a program may define for itself: inactive only if it does not.
  Unreserved,
  /// A name of ISO C: a program may use it only for a local function.
  StandardC,
  /// A mangled or reserved name that can be nothing else.
  Reserved,
};

InactiveName classifyInactiveName(llvm::StringRef Symbol);

} // namespace linkgrad

#endif // LINKGRAD_RULES_INACTIVENAMES_H
