//===- StringFunctions.h - Functions that change a std::string --*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Text is inactive, and so are the functions of the C++ library that work on
// it. But they change the pointer to the text, free it and allocate anew, and
// what lies next to the string may be active: then the string has a shadow, and
// that has a pointer.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_STRINGFUNCTIONS_H
#define LINKGRAD_RULES_STRINGFUNCTIONS_H

#include "llvm/ADT/SmallVector.h"

namespace llvm {
class CallBase;
} // namespace llvm

namespace linkgrad {

/// A string that a call may change.
struct ChangedString {
  unsigned Argument;
  /// There is no string yet: a constructor's object, or the buffer for a
  /// result.
  bool IsNew;
};

/// The strings of libstdc++ that the inactive \p Call may change.
llvm::SmallVector<ChangedString, 2> changedStrings(const llvm::CallBase &Call);

/// True if \p Call gives a pointer to the characters of such a string.
bool givesText(const llvm::CallBase &Call);

/// True if \p Call is of a function that changes a string of another C++
/// library, whose layout is not known.
bool mayChangeForeignString(const llvm::CallBase &Call);

} // namespace linkgrad

#endif // LINKGRAD_RULES_STRINGFUNCTIONS_H
