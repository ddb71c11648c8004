//===- NeedsAlgebra.h - What a rule's formula reads -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The algebra in which a value is the set of primal values that it was computed
// from: evaluating a map in it tells what the map reads. The incoming g is the
// empty set.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_NEEDSALGEBRA_H
#define LINKGRAD_RULES_NEEDSALGEBRA_H

#include "rules/RuleMaps.h"

namespace linkgrad {

/// Bit mask over PrimalRef.
struct Needs {
  unsigned Mask = 0;

  constexpr explicit Needs(unsigned Mask) : Mask(Mask) {}
  constexpr Needs(Zero) {}
  constexpr Needs(Number) {}

  /// The union of any number of operands.
  template <class... T> static constexpr Needs of(T... Operands) {
    return Needs((0u | ... | Operands.Mask));
  }

#define LINKGRAD_BINARY(OP)                                                    \
  friend constexpr Needs operator OP(Needs A, Needs B) { return of(A, B); }
  LINKGRAD_BINARY(+)
  LINKGRAD_BINARY(-)
  LINKGRAD_BINARY(*)
  LINKGRAD_BINARY(/)
  LINKGRAD_BINARY(&)
  LINKGRAD_BINARY(|)
  LINKGRAD_BINARY(==)
  LINKGRAD_BINARY(<)
  LINKGRAD_BINARY(<=)
  LINKGRAD_BINARY(>)
  LINKGRAD_BINARY(>=)
#undef LINKGRAD_BINARY
  friend constexpr Needs operator-(Needs A) { return A; }
  friend constexpr Needs operator!(Needs A) { return A; }
  friend constexpr Needs select(Needs C, Needs A, Needs B) {
    return of(C, A, B);
  }
  friend constexpr Needs isNaN(Needs A) { return A; }
  friend constexpr Needs toFloat(Needs A) { return A; }

#define FUNCTION1(NAME)                                                        \
  friend constexpr Needs NAME(Needs A) { return A; }
#define FUNCTION2(NAME)                                                        \
  friend constexpr Needs NAME(Needs A, Needs B) { return of(A, B); }
#include "rules/RuleFunctions.def"
};

} // namespace linkgrad

#endif // LINKGRAD_RULES_NEEDSALGEBRA_H
