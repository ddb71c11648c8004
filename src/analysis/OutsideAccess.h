//===- OutsideAccess.h - Local variables that others can change -*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code that is not known, as of native objects, does not know a `static`
// variable by its name. But it can call functions of the program that touch
// the variable: by their names, or by addresses that the program takes.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_OUTSIDEACCESS_H
#define LINKGRAD_ANALYSIS_OUTSIDEACCESS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace llvm {
class Function;
class GlobalVariable;
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

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_OUTSIDEACCESS_H
