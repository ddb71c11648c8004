//===- RuleMaps.h - The table's formulas over any algebra -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ScalarRules.def as C++ templates. An algebra is a value type V with
//
//   + - * / and unary -, == < <= > giving conditions, & | ! on conditions,
//   select(c, a, b), isNaN(x), toFloat(i), and the functions used in the rows,
//
// found by argument-dependent lookup. Constants are written by name and convert
// to V; arithmetic always has at least one operand that is not a constant. In
// the rows with an integer argument, + and - of it and a constant are integer
// operations.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_RULEMAPS_H
#define LINKGRAD_RULES_RULEMAPS_H

#include "rules/Digamma.h"
#include "rules/RuleConstants.h"
#include "rules/ScalarRules.h"

namespace linkgrad {

namespace rowwords {

/// \p Map, which is linear in \p G, at operands where \p Where says that the
/// slope is infinite or does not exist: a zero G gives zero.
template <class C, class V> constexpr V singular(C Where, V G, V Map) {
  return select((G == zero) & Where, zero, Map);
}

/// Which operand min and max return; see the rows.
template <class V> constexpr auto minTakesX(V X, V Y) {
  return (X <= Y) | isNaN(Y);
}
template <class V> constexpr auto maxTakesX(V X, V Y) {
  return (X >= Y) | isNaN(Y);
}

/// One function for each map: Maps<V>::FMulRow::X(g, x, y, z, r). The result is
/// a V, or Zero for a map that is zero everywhere.
template <class V> struct Maps {
#define LINKGRAD_MAP(ARG, FORMULA)                                             \
  static constexpr auto ARG(V g, V x, V y, V z, V r) { return FORMULA; }
#define LINKGRAD_ROW(ROW, MAPX, MAPY, MAPZ)                                    \
  struct ROW##Row {                                                            \
    LINKGRAD_MAP(X, MAPX)                                                      \
    LINKGRAD_MAP(Y, MAPY)                                                      \
    LINKGRAD_MAP(Z, MAPZ)                                                      \
  };
#define RULE1(ROW, X) LINKGRAD_ROW(ROW, X, zero, zero)
#define RULE1I(ROW, X) LINKGRAD_ROW(ROW, X, zero, zero)
#define RULEI1(ROW, Y) LINKGRAD_ROW(ROW, zero, Y, zero)
#define RULE2(ROW, X, Y) LINKGRAD_ROW(ROW, X, Y, zero)
#define RULE3(ROW, X, Y, Z) LINKGRAD_ROW(ROW, X, Y, Z)
#include "rules/ScalarRules.def"
#undef LINKGRAD_ROW
#undef LINKGRAD_MAP
};

} // namespace rowwords

using rowwords::Maps;

} // namespace linkgrad

#endif // LINKGRAD_RULES_RULEMAPS_H
