//===- LibraryBodies.h - C's functions that call back -----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// qsort and its like move or find elements of any type by a comparison of the
// program's. They have no rule: where such a call is active, a function of
// src/library/Sorting.c that does the same is inlined in its place, and that is
// differentiated like any other code. It depends on the call what the elements
// are, so their size must be a constant there.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_LIBRARYBODIES_H
#define LINKGRAD_RULES_LIBRARYBODIES_H

#include "llvm/ADT/StringRef.h"
#include <optional>

namespace llvm {
class CallBase;
class Function;
} // namespace llvm

namespace linkgrad {

struct LibraryBody {
  llvm::StringRef Symbol; ///< in C's library
  llvm::StringRef Body;   ///< in src/library
  /// The operand with the size of the elements.
  unsigned Size;
  /// The type of the comparison, as LLVM prints it.
  llvm::StringRef Comparison;

  bool knowsSize(const llvm::CallBase &Call) const;
};

/// What can take the place of \p Symbol, if it has no body in the program.
std::optional<LibraryBody> libraryBody(llvm::StringRef Symbol);
std::optional<LibraryBody> libraryBody(const llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_RULES_LIBRARYBODIES_H
