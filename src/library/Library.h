//===- Library.h - Functions that derivatives call --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Some of what a derivative does is easier to say in C than to emit: how the
// functions of BLAS are differentiated, how a tree is kept in step with its
// shadow. The C files of this folder are compiled to bitcode when LinkGrad is
// built, and the bitcode is part of the tools. A derivative that needs one of
// these functions gets a copy of it, private to its module, that is inlined and
// optimised like the rest. So programs need no runtime library.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_LIBRARY_LIBRARY_H
#define LINKGRAD_LIBRARY_LIBRARY_H

#include "llvm/ADT/StringRef.h"

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace linkgrad {

/// The function \p Name of the library, as an internal function of \p M. It
/// comes with what it calls. Null if the library has no function of that name,
/// or the module has something else.
llvm::Function *libraryFunction(llvm::Module &M, llvm::StringRef Name);

} // namespace linkgrad

#endif // LINKGRAD_LIBRARY_LIBRARY_H
