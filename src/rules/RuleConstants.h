//===- RuleConstants.h - The constants of the rules' table ------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constants by the names that rows use. Each algebra converts them to its
// values.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_RULECONSTANTS_H
#define LINKGRAD_RULES_RULECONSTANTS_H

namespace linkgrad {

/// The constant zero has its own type, so that a map that is zero everywhere
/// can be told from one that happens to be zero.
struct Zero {};

/// A constant with enough digits for 128-bit floating point.
struct Number {
  double Value;
  const char *Digits;
};

namespace rowwords {

inline constexpr Zero zero;
inline constexpr Number one{1, "1"};
inline constexpr Number two{2, "2"};
inline constexpr Number three{3, "3"};
inline constexpr Number half{0.5, "0.5"};
inline constexpr Number pi{3.14159265358979323846,
                           "3.1415926535897932384626433832795028842"};
inline constexpr Number ln2{0.693147180559945309417,
                            "0.69314718055994530941723212145817656808"};
inline constexpr Number ln10{2.30258509299404568402,
                             "2.3025850929940456840179914546843642076"};
inline constexpr Number twoOverSqrtPi{
    1.12837916709551257390, "1.1283791670955125738961589031215451716881"};

} // namespace rowwords

} // namespace linkgrad

#endif // LINKGRAD_RULES_RULECONSTANTS_H
