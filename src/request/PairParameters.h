//===- PairParameters.h - Values in two parameters --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compilers pass a struct of two scalars, and a complex number, in two
// parameters. A request that duplicates such a value then has both halves of
// it, and after them both halves of the shadow. rustc (1.97) has a marker
// before each of these two, C and C++ before the first or nowhere:
//
//   fn f(x: Complex)         enzyme_dup, x.0, x.1, enzyme_dup, dx.0, dx.1
//   fn g(x: f64, y: f64)     enzyme_dup, x,   dx,  enzyme_dup, y,    dy
//
// If both halves have one type, only types in the source program tell these
// apart. Debug information has them. Of clang's code something can be said
// without it: what is a number in C has `noundef`, the halves of a struct do
// not have it.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_PAIRPARAMETERS_H
#define LINKGRAD_REQUEST_PAIRPARAMETERS_H

#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace llvm {
class Argument;
class CallBase;
class DIType;
class Function;
} // namespace llvm

namespace linkgrad {

/// True if \p Call is a request that rustc itself has written.
bool isRequestOfRustc(const llvm::CallBase &Call);

/// Whether a parameter and the one after it are one of the source program.
enum class Halves { No, Yes, Unknown };

/// What debug information tells of \p Param, which is not the last one.
Halves halvesAt(const llvm::Argument &Param);

/// The types in the source program of the parameters of \p F, null for the
/// second of two halves and for the address of the result. Nothing without full
/// debug information.
std::optional<llvm::SmallVector<const llvm::DIType *, 8>>
sourceParameters(const llvm::Function &F);
/// The same for what \p F returns; null if it is not known.
const llvm::DIType *sourceResult(const llvm::Function &F);

/// True if the name that C++ gives to \p F has complex numbers of C among the
/// types of its parameters. (In C nothing but debug information has them.)
bool namesComplex(const llvm::Function &F);

/// True if the body of \p Param's function treats it and the next parameter,
/// of the same type, as the halves of a complex number, or gives such a number
/// or a struct like it.
bool mayBeComplex(const llvm::Argument &Param);

/// The attribute of a function that is described where the function is which
/// the attribute names.
inline constexpr char DescribedByAttribute[] = "linkgrad-described-by";

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_PAIRPARAMETERS_H
