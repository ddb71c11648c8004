//===- RoundedAddresses.h - Alignment by hand -------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_ROUNDEDADDRESSES_H
#define LINKGRAD_PREPARE_ROUNDEDADDRESSES_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Turns addresses that are calculated as integers, `(address & -32) + 32`,
/// into address arithmetic. The distance to the pointer that it began with is
/// the primal's for the shadow too, so both have the same things in the same
/// places.
void lowerRoundedAddresses(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_ROUNDEDADDRESSES_H
