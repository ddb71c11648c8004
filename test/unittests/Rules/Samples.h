//===- Samples.h - The primals and where to test their rows -----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_UNITTESTS_RULES_SAMPLES_H
#define LINKGRAD_UNITTESTS_RULES_SAMPLES_H

#include "llvm/ADT/StringRef.h"
#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace linkgrad::test {

/// The operands of a primal; those that it does not have are zero. Integer
/// operands are doubles here.
using Point = std::array<double, 3>;

struct RowSamples {
  std::function<double(double, double, double)> Primal;
  /// In the interior of the domain, away from kinks and jumps.
  std::vector<Point> Points;

  double at(const Point &P) const { return Primal(P[0], P[1], P[2]); }
};

/// By row name. The table test fails if a row is missing here.
const std::map<std::string, RowSamples> &allSamples();

} // namespace linkgrad::test

#endif // LINKGRAD_UNITTESTS_RULES_SAMPLES_H
