//===- Digamma.h - The logarithmic derivative of gamma ----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The C library has tgamma and lgamma but not psi = (log gamma)', which both
// their derivatives need. Here it is as one formula without branches over any
// algebra, so that it works for vectors, and, as each of its operations has a
// row, can be differentiated again. Its absolute error is some units in the
// last place of the largest term.
//
//   psi(x) = psi(1 - x) - pi / tan(pi x)          for x < 1/2
//   psi(x) = psi(x + n) - sum of 1 / (x + k)      for k = 0 ... n - 1
//   psi(x) ~ log x - 1 / 2x - sum of B(2k) / (2k x^2k)
//
// B(2k) are the Bernoulli numbers. With n = 10 the argument of the last line is
// at least 10.5, and what follows the eighth term is below 1e-17.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_DIGAMMA_H
#define LINKGRAD_RULES_DIGAMMA_H

#include "rules/RuleConstants.h"

namespace linkgrad::rowwords {

/// Integers up to the number of steps by which the argument is raised.
inline constexpr Number digammaSteps[] = {
    {1, "1"}, {2, "2"}, {3, "3"}, {4, "4"}, {5, "5"},
    {6, "6"}, {7, "7"}, {8, "8"}, {9, "9"}, {10, "10"}};

/// B(2k) / 2k for k = 8 down to 1.
inline constexpr Number digammaSeries[] = {
    {-3617.0 / 8160, "-0.44325980392156862745098039215686274510"},
    {1.0 / 12, "0.083333333333333333333333333333333333333"},
    {-691.0 / 32760, "-0.021092796092796092796092796092796092796"},
    {1.0 / 132, "0.0075757575757575757575757575757575757576"},
    {-1.0 / 240, "-0.0041666666666666666666666666666666666667"},
    {1.0 / 252, "0.0039682539682539682539682539682539682540"},
    {-1.0 / 120, "-0.0083333333333333333333333333333333333333"},
    {1.0 / 12, "0.083333333333333333333333333333333333333"}};

template <class V> constexpr V digamma(V X) {
  V A = select(X < half, one - X, X);
  V Raised = A + digammaSteps[9];
  V Sum = one / A;
  for (unsigned K = 0; K != 9; ++K)
    Sum = Sum + one / (A + digammaSteps[K]);
  V InverseSquare = one / (Raised * Raised);
  V Series = InverseSquare * digammaSeries[0];
  for (unsigned K = 1; K != 8; ++K)
    Series = InverseSquare * (Series + digammaSeries[K]);
  V Psi = log(Raised) - half / Raised - Series - Sum;
  // The period of tan is taken off first: pi x has an error in proportion to x.
  V Angle = (X - rint(X)) * pi;
  return select(X < half, Psi - pi * cos(Angle) / sin(Angle), Psi);
}

} // namespace linkgrad::rowwords

#endif // LINKGRAD_RULES_DIGAMMA_H
