//===- Samples.cpp - The primals and where to test their rows -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Samples.h"
#include "RealAlgebra.h"

namespace linkgrad::test {

#define PRIMAL(ROW, FORMULA, ...)                                              \
  {                                                                            \
    #ROW, {                                                                    \
      [](double x, double y, double z) -> double { return FORMULA; }, {        \
        __VA_ARGS__                                                            \
      }                                                                        \
    }                                                                          \
  }

// clang-format off
const std::map<std::string, RowSamples> &allSamples() {
  static const std::map<std::string, RowSamples> Samples = {
      // Arithmetic.
      PRIMAL(FNeg, -x, {-1.5}, {0}, {2}),
      PRIMAL(FAdd, x + y, {1.5, -2}, {0, 3}),
      PRIMAL(FSub, x - y, {1.5, -2}, {0, 3}),
      PRIMAL(FMul, x * y, {1.5, -2}, {0, 3}, {-3, -0.25}),
      PRIMAL(FDiv, x / y, {1.5, -2}, {0, 3}, {-3, 0.25}),
      PRIMAL(FRem, std::fmod(x, y), {5.5, 2}, {-5.5, 2}, {7.25, -1.5}, {1, 3}),
      PRIMAL(fma, std::fma(x, y, z), {1.5, -2, 4}, {0, 3, -1}),
      PRIMAL(ldexp, std::ldexp(x, static_cast<int>(y)), {1.5, 3}, {-0.75, -2}),
      PRIMAL(identity, x, {-1.5}, {2}),
      PRIMAL(nextafter, x, {-1.5, 3}, {2, 0}),
      // Sign, minimum and maximum.
      PRIMAL(fabs, std::fabs(x), {-1.5}, {2}),
      PRIMAL(copysign, std::copysign(x, y), {-1.5, 2}, {2, 3}, {-1, -1}, {4, -2}),
      PRIMAL(fdim, std::fdim(x, y), {3, 1}, {1, 3}, {-1, -2}),
      PRIMAL(fmin, std::fmin(x, y), {3, 1}, {1, 3}, {-1, -2}),
      PRIMAL(fmax, std::fmax(x, y), {3, 1}, {1, 3}, {-1, -2}),
      // Rounding.
      PRIMAL(floor, std::floor(x), {-1.25}, {0.3}, {2.75}),
      PRIMAL(ceil, std::ceil(x), {-1.25}, {0.3}, {2.75}),
      PRIMAL(trunc, std::trunc(x), {-1.25}, {0.3}, {2.75}),
      PRIMAL(round, std::round(x), {-1.25}, {0.3}, {2.75}),
      PRIMAL(rint, std::rint(x), {-1.25}, {0.3}, {2.75}),
      PRIMAL(nearbyint, std::nearbyint(x), {-1.25}, {0.3}, {2.75}),
      PRIMAL(roundeven, std::rint(x), {-1.25}, {0.3}, {2.75}),
      PRIMAL(logb, std::logb(x), {-1.25}, {0.3}, {2.75}),
      // Exponentials and logarithms.
      PRIMAL(exp, std::exp(x), {-3}, {0}, {1.5}),
      PRIMAL(exp2, std::exp2(x), {-3}, {0}, {1.5}),
      PRIMAL(exp10, std::pow(10, x), {-3}, {0}, {1.5}),
      PRIMAL(expm1, std::expm1(x), {-3}, {0}, {1.5}),
      PRIMAL(log, std::log(x), {0.25}, {1}, {20}),
      PRIMAL(log2, std::log2(x), {0.25}, {1}, {20}),
      PRIMAL(log10, std::log10(x), {0.25}, {1}, {20}),
      PRIMAL(log1p, std::log1p(x), {-0.75}, {0}, {20}),
      // Powers and roots.
      PRIMAL(pow, std::pow(x, y), {0.25, 2}, {1.5, -3.5}, {3, 0.5}, {3, 0}),
      PRIMAL(powi, std::pow(x, y), {0.25, 2}, {-1.5, -3}, {3, 1}, {3, 0}, {0, 2}),
      PRIMAL(sqrt, std::sqrt(x), {0.25}, {2}, {100}),
      PRIMAL(cbrt, std::cbrt(x), {-8}, {0.25}, {2}),
      PRIMAL(hypot, std::hypot(x, y), {3, -4}, {0, 2}, {-1, 0}),
      // Trigonometric functions.
      PRIMAL(sin, std::sin(x), {-2}, {0}, {0.75}, {11}),
      PRIMAL(cos, std::cos(x), {-2}, {0}, {0.75}, {11}),
      PRIMAL(tan, std::tan(x), {-2}, {0}, {0.75}, {11.5}),
      PRIMAL(asin, std::asin(x), {-0.9}, {0}, {0.75}),
      PRIMAL(acos, std::acos(x), {-0.9}, {0}, {0.75}),
      PRIMAL(atan, std::atan(x), {-5}, {0}, {0.75}),
      PRIMAL(atan2, std::atan2(x, y), {1, 2}, {-3, -0.5}, {0, 2}, {2, 0}),
      PRIMAL(sinpi, sinpiOf(x), {-1.25}, {0}, {0.3}),
      PRIMAL(cospi, cospiOf(x), {-1.25}, {0}, {0.3}),
      // Hyperbolic functions.
      PRIMAL(sinh, std::sinh(x), {-2}, {0}, {0.75}),
      PRIMAL(cosh, std::cosh(x), {-2}, {0}, {0.75}),
      PRIMAL(tanh, std::tanh(x), {-2}, {0}, {0.75}),
      PRIMAL(asinh, std::asinh(x), {-2}, {0}, {0.75}),
      PRIMAL(acosh, std::acosh(x), {1.25}, {2}, {30}),
      PRIMAL(atanh, std::atanh(x), {-0.9}, {0}, {0.75}),
      // Special functions.
      PRIMAL(erf, std::erf(x), {-2}, {0}, {0.75}),
      PRIMAL(erfc, std::erfc(x), {-2}, {0}, {0.75}),
      PRIMAL(tgamma, std::tgamma(x), {-2.25}, {-0.5}, {0.25}, {0.5}, {2}, {6}),
      PRIMAL(lgamma, std::lgamma(x), {-9.25}, {-0.5}, {0.25}, {0.5}, {1.46163}, {40}),
      PRIMAL(j0, ::j0(x), {-2}, {0}, {0.75}, {9}),
      PRIMAL(j1, ::j1(x), {-2}, {0}, {0.75}, {9}),
      PRIMAL(jn, ::jn(static_cast<int>(x), y), {2, 1.5}, {0, 3}, {-3, 4}),
      PRIMAL(y0, ::y0(x), {0.5}, {2}, {9}),
      PRIMAL(y1, ::y1(x), {0.5}, {2}, {9}),
      PRIMAL(yn, ::yn(static_cast<int>(x), y), {2, 1.5}, {0, 3}, {-3, 4}),
  };
  return Samples;
}
// clang-format on

} // namespace linkgrad::test
