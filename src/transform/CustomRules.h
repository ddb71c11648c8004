//===- CustomRules.h - A program's own derivatives --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A registered derivative has the signature that its author could write down
// in C, which depends on the function alone and not on what is active where it
// is called:
//
//   tape, or {tape, result, shadow of the result}
//       augment(each parameter, followed by its shadow if it is a pointer)
//   nothing, or the adjoints of the floating-point parameters, as a struct
//       gradient(the same, [adjoint of the result,] tape)
//   tangent, or {result, tangent}
//       derivative(each parameter, followed by its shadow or tangent)
//
// Here these become functions of the form that the engine calls
// (SplitDerivative.h, DiffRequest::derivativeType()). docs/registration.md is
// the contract with users.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_CUSTOMRULES_H
#define LINKGRAD_TRANSFORM_CUSTOMRULES_H

#include "request/Registration.h"
#include "transform/SplitDerivative.h"

namespace linkgrad {

/// The pair for \p R from Rule.Augment and Rule.Gradient.
llvm::Expected<SplitDerivative> adaptGradient(const DiffRequest &R,
                                              const CustomRule &Rule,
                                              AnalysisManagers &AMs);

/// The function of type R.derivativeType() from Rule.Derivative.
llvm::Expected<llvm::Function *> adaptDerivative(const DiffRequest &R,
                                                 const CustomRule &Rule,
                                                 AnalysisManagers &AMs);

/// Refuses registrations that name a function of which the engine knows no
/// derivative, or one of another type.
llvm::Error checkKnownFunctions(const Registrations &All);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_CUSTOMRULES_H
