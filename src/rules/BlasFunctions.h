//===- BlasFunctions.h - The functions of BLAS with rules -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function of BLAS is known by its name: Fortran's with or without underscore
// (dgemm_, dgemm) or CBLAS's (cblas_dgemm). How they are differentiated is in
// src/library/Blas.c.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_BLASFUNCTIONS_H
#define LINKGRAD_RULES_BLASFUNCTIONS_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace llvm {
class CallBase;
class Function;
class FunctionType;
} // namespace llvm

namespace linkgrad {

/// What a parameter is to the function.
enum class BlasParameter : char {
  Order = 'O',   ///< row or column major (CBLAS)
  Letter = 'C',  ///< a character, or an enumerator
  Integer = 'I', ///< a length, stride or leading dimension
  Number = 'S',  ///< alpha, beta
  Input = 'R',   ///< an array that is read
  Output = 'W',  ///< an array that is written, and perhaps read
};

struct BlasFunction {
  std::string Parameters; ///< of BlasParameter
  bool IsCblas = false;
  bool IsSingle = false;
  bool GivesNumber = false; ///< dot, nrm2, asum

  BlasParameter parameter(unsigned I) const {
    return BlasParameter(Parameters[I]);
  }
  /// Parameters that derivatives flow through.
  bool isDifferentiable(unsigned I) const {
    return parameter(I) >= BlasParameter::Input;
  }

  /// True if parameter \p I is a matrix. Behind it comes the distance of its
  /// columns (or rows), behind other arrays that of their elements.
  bool isMatrix(unsigned I) const;

  /// The function of that name, if it is one of BLAS.
  static std::optional<BlasFunction> find(llvm::StringRef Name);
  /// The same for a declaration that also has the right type.
  static std::optional<BlasFunction> find(const llvm::Function &F);
  static std::optional<BlasFunction> find(const llvm::CallBase &Call);

  /// True if a function of type \p T can be this one. Lengths of Fortran's
  /// strings may follow the parameters.
  bool fits(const llvm::FunctionType &T) const;
};

/// Says on the calls of BLAS in \p F, a copy that is being prepared, what
/// memory they touch.
void annotateBlasCalls(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_RULES_BLASFUNCTIONS_H
