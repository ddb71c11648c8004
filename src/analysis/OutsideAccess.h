//===- OutsideAccess.h - Local variables that others can change -*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code that is not known, as of native objects, does not know a `static`
// variable by its name. But it can call functions of the program that touch
// the variable: by their names, or by addresses that the program takes. Or it
// finds the variable's address where the program has left it.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_OUTSIDEACCESS_H
#define LINKGRAD_ANALYSIS_OUTSIDEACCESS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace llvm {
class Function;
class GlobalVariable;
class Value;
} // namespace llvm

namespace linkgrad {

/// On a local variable: "yes" or "no", set by the link layer, which knows who
/// outside calls what.
inline constexpr llvm::StringLiteral OutsideAccessAttribute =
    "linkgrad-outside-access";

/// True if \p Symbol, not a local, is called by nobody but the system: when no
/// derivative runs.
inline bool isEntryPoint(llvm::StringRef Symbol) { return Symbol == "main"; }

/// True if code outside of the module, or of the modules that the link layer
/// brings in, can touch \p G: by its name, or by functions that it can call.
/// Derivatives that are asked for do not count as such functions.
/// \param HasPointers says of a function whether pointers may lead to it.
bool isAccessibleOutside(
    const llvm::GlobalVariable &G,
    llvm::function_ref<bool(const llvm::Function &)> HasPointers);

/// A function that may do anything to the global variables that it knows.
bool isOpaque(const llvm::Function &F);

/// Says of a function whether the primal in question reaches it.
using IsReached = llvm::function_ref<bool(const llvm::Function &)>;

/// True if the address \p Ptr may be in memory before the primal runs: in the
/// initial value of a variable, or because other functions put it there.
bool isKept(const llvm::Value &Ptr, IsReached Reached);

/// True if others may find the address \p Ptr: it is kept, or a function that
/// the primal reaches leaves it in memory that is passed to it or that it
/// allocates, or hands it to one that is not known.
bool isLeft(const llvm::Value &Ptr, IsReached Reached);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_OUTSIDEACCESS_H
