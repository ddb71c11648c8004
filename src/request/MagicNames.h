//===- MagicNames.h - The names that make a call a request ------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The calling convention that Enzyme introduced: a callee whose name contains
// one of these substrings asks for a derivative. docs/abi.md has the table.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_MAGICNAMES_H
#define LINKGRAD_REQUEST_MAGICNAMES_H

#include "llvm/ADT/StringRef.h"

namespace linkgrad {

enum class MagicCall {
  None,
  AutoDiff,       ///< reverse mode, primal and adjoint in one function
  FwdDiff,        ///< forward mode (Jacobian-vector product)
  AugmentFwd,     ///< split mode: augmented primal
  Reverse,        ///< split mode: reverse sweep
  AugmentSize,    ///< bytes of tape of an augmented primal
  FwdSplit,       ///< split mode: forward sweep
  VirtualReverse, ///< shadow of a constant
  Batch,          ///< W primal evaluations in one call
  CallInactive,   ///< call, but treat as inactive
  TypeHint,       ///< __enzyme_float, _double, _integer, _pointer:
                  ///< erased; _nopointer: checked, too
  Unknown,        ///< contains "__enzyme_" but is none of the above
};

/// Classifies a callee by its (possibly mangled or suffixed) symbol name.
MagicCall classifyMagicCall(llvm::StringRef SymbolName);

/// True if a module that leaves \p SymbolName undefined holds a request and
/// must be rewritten before the link.
inline bool isMagicSymbol(llvm::StringRef SymbolName) {
  return classifyMagicCall(SymbolName) != MagicCall::None;
}

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_MAGICNAMES_H
