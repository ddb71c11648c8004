//===- Oracles.h - What must hold for every row -----------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each oracle looks at one map of one row at its sample points and returns a
// complaint, or an empty string. They take the row as data, so that the tests
// can hand them rows that are wrong on purpose.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_UNITTESTS_RULES_ORACLES_H
#define LINKGRAD_UNITTESTS_RULES_ORACLES_H

#include "RealAlgebra.h"
#include "Samples.h"

namespace linkgrad::test {

/// A map evaluated in doubles.
using RealMap =
    std::function<double(double g, double x, double y, double z, double r)>;

struct RowUnderTest {
  std::string Name;
  unsigned Arity;
  /// One letter per operand: f floating point, i integer.
  std::string Operands;
  RealMap Maps[3];
  bool IsZero[3];
  unsigned Needs[3];

  double map(unsigned Arg, double G, const Point &P, double R) const {
    return Maps[Arg](G, P[0], P[1], P[2], R);
  }
};

/// The rows of ScalarRules.def in order, with the needs that ScalarRule tells.
std::vector<RowUnderTest> allRows();
/// The row of that name.
RowUnderTest rowNamed(llvm::StringRef Name);

/// The map is the slope of the primal, by central differences.
std::string checkSlope(const RowUnderTest &Row, unsigned Arg,
                       const RowSamples &Samples);
/// The map is linear in g.
std::string checkLinear(const RowUnderTest &Row, unsigned Arg,
                        const RowSamples &Samples);
/// The map reads the primal values in the mask and no others.
std::string checkNeeds(const RowUnderTest &Row, unsigned Arg,
                       const RowSamples &Samples);
/// At and near the edges of the domain, a zero g gives zero wherever the primal
/// is finite.
std::string checkZeroStaysZero(const RowUnderTest &Row, unsigned Arg,
                               const RowSamples &Samples);

/// True if \p A and \p B agree to \p Tolerance, relative to the larger but for
/// values below 1; NaN agrees with NaN.
bool isClose(double A, double B, double Tolerance);

} // namespace linkgrad::test

#endif // LINKGRAD_UNITTESTS_RULES_ORACLES_H
