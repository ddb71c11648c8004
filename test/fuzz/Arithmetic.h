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
#include <random>

namespace linkgrad::fuzz {

/// What operations without effects give, as long as the operands are far from
/// where the derivative jumps.
class Arithmetic {
public:
  /// Each real result is off by up to \p Noise, relative to it, up or down at
  /// random.
  Arithmetic(bool UsesFloat, double Noise,
             std::function<void(const char *)> Fail)
      : Margin(UsesFloat ? 1e-3 : 1e-5), Noise(Noise), Fail(std::move(Fail)) {}

  /// The value of \p E if \p X are those of its operands.
  Slot apply(const Expr &E, const std::vector<Slot> &X);

private:
  const double Margin; ///< the least distance from a kink
  const double Noise;
  std::minstd_rand Random;
  const std::function<void(const char *)> Fail;

  Dual real(const Expr &E, const std::vector<Slot> &X) const;
  int64_t integer(const Expr &E, const std::vector<Slot> &X) const;
  bool less(const Slot &X, const Slot &Y) const;
};

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_ARITHMETIC_H
