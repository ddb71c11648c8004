//===- ExchangeLoops.h - Atomic sums as such --------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_EXCHANGELOOPS_H
#define LINKGRAD_PREPARE_EXCHANGELOOPS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// clang, and libstdc++ for std::atomic<double>, write an atomic sum of
/// floating point as a loop that exchanges the old bits for the new ones until
/// nobody came between. In \p F such a loop becomes what it does: one atomic
/// addition or subtraction. \returns true if there was one.
bool foldExchangeLoops(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_EXCHANGELOOPS_H
