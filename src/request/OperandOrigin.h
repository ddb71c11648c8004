//===- OperandOrigin.h - What an operand of a request stands for *- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The function to differentiate, the markers and the constants of a request
// must be known when it is read, but the compiler may have put casts, memory
// and control flow between them and the call.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_OPERANDORIGIN_H
#define LINKGRAD_REQUEST_OPERANDORIGIN_H

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace llvm {
class Value;
} // namespace llvm

namespace linkgrad {

using OriginSet = llvm::SmallSetVector<llvm::Value *, 2>;

/// The values that \p V can stand for, in the order in which they are met.
/// Looks through casts, aliases, `freeze`, phis, selects, loads of constant
/// globals, loads of local variables that are stored to once (unoptimised
/// code), and calls of functions that return one known function (a lambda
/// that decays to a pointer). Where it cannot see further, the value itself
/// is the origin; a load of a marker has the marker as its origin.
OriginSet originsOf(llvm::Value *V);

/// The integer constant that \p V stands for.
std::optional<uint64_t> constantOperand(llvm::Value *V);

/// The marker name that \p Origin bears ("enzyme_…"), or an empty string: the
/// text of a metadata string, the name of a global or of a local variable.
llvm::StringRef markerNameOf(const llvm::Value *Origin);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_OPERANDORIGIN_H
