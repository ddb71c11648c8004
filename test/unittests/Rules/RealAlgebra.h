//===- RealAlgebra.h - A rule's formula in plain doubles --------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The algebra in which a value is a double: a map can be evaluated without a
// compiler, and compared with differences of the primal.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_UNITTESTS_RULES_REALALGEBRA_H
#define LINKGRAD_UNITTESTS_RULES_REALALGEBRA_H

#include "rules/RuleMaps.h"
#include <cmath>

namespace linkgrad::test {

struct RealBool {
  bool V;
  friend RealBool operator&(RealBool A, RealBool B) { return {A.V && B.V}; }
  friend RealBool operator|(RealBool A, RealBool B) { return {A.V || B.V}; }
  friend RealBool operator!(RealBool A) { return {!A.V}; }
};

inline double sinpiOf(double X) { return std::sin(M_PI * X); }
inline double cospiOf(double X) { return std::cos(M_PI * X); }

struct Real {
  double V = 0;

  Real(double V) : V(V) {}
  Real(Zero) {}
  Real(Number N) : V(N.Value) {}

  friend Real operator+(Real A, Real B) { return A.V + B.V; }
  friend Real operator-(Real A, Real B) { return A.V - B.V; }
  friend Real operator*(Real A, Real B) { return A.V * B.V; }
  friend Real operator/(Real A, Real B) { return A.V / B.V; }
  friend Real operator-(Real A) { return -A.V; }
  friend RealBool operator==(Real A, Real B) { return {A.V == B.V}; }
  friend RealBool operator<(Real A, Real B) { return {A.V < B.V}; }
  friend RealBool operator<=(Real A, Real B) { return {A.V <= B.V}; }
  friend RealBool operator>(Real A, Real B) { return {A.V > B.V}; }
  friend RealBool operator>=(Real A, Real B) { return {A.V >= B.V}; }
  friend Real select(RealBool C, Real A, Real B) { return C.V ? A : B; }
  friend RealBool isNaN(Real A) { return {std::isnan(A.V)}; }
  friend Real toFloat(Real A) { return A; }

  friend Real sinpi(Real A) { return sinpiOf(A.V); }
  friend Real cospi(Real A) { return cospiOf(A.V); }
  friend Real jn(Real N, Real A) { return ::jn(static_cast<int>(N.V), A.V); }
  friend Real yn(Real N, Real A) { return ::yn(static_cast<int>(N.V), A.V); }
  friend Real powi(Real A, Real N) { return std::pow(A.V, N.V); }
  friend Real ldexp(Real A, Real N) {
    return std::ldexp(A.V, static_cast<int>(N.V));
  }
  friend Real j0(Real A) { return ::j0(A.V); }
  friend Real j1(Real A) { return ::j1(A.V); }
  friend Real y0(Real A) { return ::y0(A.V); }
  friend Real y1(Real A) { return ::y1(A.V); }
#define INTRINSIC1(NAME)                                                       \
  friend Real NAME(Real A) { return std::NAME(A.V); }
#define INTRINSIC2(NAME)                                                       \
  friend Real NAME(Real A, Real B) { return std::NAME(A.V, B.V); }
#define LIBM1(NAME)
#define INTEGER2(NAME)
#include "rules/RuleFunctions.def"
};

} // namespace linkgrad::test

#endif // LINKGRAD_UNITTESTS_RULES_REALALGEBRA_H
