//===- BitwiseFloats.h - Arithmetic on the bits of floats -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_BITWISEFLOATS_H
#define LINKGRAD_PREPARE_BITWISEFLOATS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Rewrites what \p F, a copy that is being prepared, does to the sign bits of
/// vectors of floating point by `and`, `or` and `xor` into fabs and fneg, and
/// Eigen's minima and maxima in assembler into comparisons.
void liftBitwiseFloats(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_BITWISEFLOATS_H
