//===- Dual.h - Numbers that carry their derivatives ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The oracle's arithmetic: a value and its derivative by each input. It shares
/// nothing with the rules of the engine.
///
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_DUAL_H
#define LINKGRAD_FUZZ_DUAL_H

#include <array>
#include <cmath>

namespace linkgrad::fuzz {

/// As many inputs as a program can have.
inline constexpr int MaxInputs = 16;

struct Dual {
  double V = 0;
  std::array<double, MaxInputs> D{};

  Dual() = default;
  Dual(double V) : V(V) {}

  bool isConstant() const {
    for (double T : D)
      if (T != 0)
        return false;
    return true;
  }

  /// The largest magnitude in it; NaN if there is one.
  double magnitude() const {
    double Max = std::fabs(V);
    for (double T : D)
      Max = std::isnan(T) ? T : std::fmax(Max, std::fabs(T));
    return std::isnan(V) ? V : Max;
  }
};

/// f(X) = \p Value, where the derivative of f at X is \p Slope.
inline Dual chain(double Value, double Slope, const Dual &X) {
  Dual R(Value);
  for (int I = 0; I != MaxInputs; ++I)
    R.D[I] = Slope * X.D[I];
  return R;
}

/// f(X, Y) = \p Value with the given partial derivatives.
inline Dual chain(double Value, double ByX, const Dual &X, double ByY,
                  const Dual &Y) {
  Dual R(Value);
  for (int I = 0; I != MaxInputs; ++I)
    R.D[I] = ByX * X.D[I] + ByY * Y.D[I];
  return R;
}

inline Dual operator-(const Dual &X) { return chain(-X.V, -1, X); }
inline Dual operator+(const Dual &X, const Dual &Y) {
  return chain(X.V + Y.V, 1, X, 1, Y);
}
inline Dual operator-(const Dual &X, const Dual &Y) {
  return chain(X.V - Y.V, 1, X, -1, Y);
}
inline Dual operator*(const Dual &X, const Dual &Y) {
  return chain(X.V * Y.V, Y.V, X, X.V, Y);
}
inline Dual operator/(const Dual &X, const Dual &Y) {
  return chain(X.V / Y.V, 1 / Y.V, X, -X.V / (Y.V * Y.V), Y);
}
inline Dual sqrt(const Dual &X) {
  return chain(std::sqrt(X.V), 0.5 / std::sqrt(X.V), X);
}
inline Dual exp(const Dual &X) {
  return chain(std::exp(X.V), std::exp(X.V), X);
}
inline Dual log(const Dual &X) { return chain(std::log(X.V), 1 / X.V, X); }
inline Dual sin(const Dual &X) {
  return chain(std::sin(X.V), std::cos(X.V), X);
}
inline Dual cos(const Dual &X) {
  return chain(std::cos(X.V), -std::sin(X.V), X);
}
inline Dual tanh(const Dual &X) {
  double C = std::cosh(X.V);
  return chain(std::tanh(X.V), 1 / (C * C), X);
}
inline Dual fabs(const Dual &X) {
  return chain(std::fabs(X.V), X.V < 0 ? -1 : 1, X);
}
/// For positive X; the logarithm is not taken for a constant exponent.
inline Dual pow(const Dual &X, const Dual &Y) {
  double ByY = Y.isConstant() ? 0 : std::pow(X.V, Y.V) * std::log(X.V);
  return chain(std::pow(X.V, Y.V), Y.V * std::pow(X.V, Y.V - 1), X, ByY, Y);
}

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_DUAL_H
