//===- BlasRules.h - Derivatives of the functions of BLAS -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules are C functions (src/library/Blas.c). Here they become functions of
// the form that the engine calls, as registered derivatives do in
// CustomRules.h. What the gradient needs is kept once, whatever the number of
// lanes; the function itself is called once.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_BLASRULES_H
#define LINKGRAD_TRANSFORM_BLASRULES_H

#include "rules/BlasFunctions.h"
#include "transform/SplitDerivative.h"

namespace linkgrad {

/// The pair for \p R, whose primal is \p Blas.
llvm::Expected<SplitDerivative> blasGradient(const DiffRequest &R,
                                             const BlasFunction &Blas);

/// The function of type R.derivativeType().
llvm::Expected<llvm::Function *> blasTangent(const DiffRequest &R,
                                             const BlasFunction &Blas);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_BLASRULES_H
