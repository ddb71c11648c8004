//===- Arithmetic.h - Operations on dual numbers ----------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_ARITHMETIC_H
#define LINKGRAD_FUZZ_ARITHMETIC_H

#include "SlotMemory.h"
#include <functional>

namespace linkgrad::fuzz {

/// What operations without effects give, as long as the operands are far from
/// where the derivative jumps.
class Arithmetic {
public:
  Arithmetic(bool UsesFloat, std::function<void(const char *)> Fail)
      : Margin(UsesFloat ? 1e-3 : 1e-5), Fail(std::move(Fail)) {}

  /// The value of \p E if \p X are those of its operands.
  Slot apply(const Expr &E, const std::vector<Slot> &X) const;

private:
  const double Margin; ///< the least distance from a kink
  const std::function<void(const char *)> Fail;

  Dual real(const Expr &E, const std::vector<Slot> &X) const;
  int64_t integer(const Expr &E, const std::vector<Slot> &X) const;
  bool less(const Slot &X, const Slot &Y) const;
};

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_ARITHMETIC_H
