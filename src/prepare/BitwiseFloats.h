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

/// Makes fabs and fneg of what \p F does to the sign bits of vectors of
/// integers that are cast from or to floating point.
void liftSignBits(llvm::Function &F);

/// Gives what \p F, a copy that is being prepared, does to the bits of floating
/// point a form that has a derivative:
///  - the sign bits of vectors become fabs and fneg, and Eigen's minima, maxima
///    and fused products in assembler what they are;
///  - a float with another's fraction, and a sign and an exponent that are
///    calculated, is that other one times a power of two;
///  - (x + 1.5 * 2^52) - 1.5 * 2^52 rounds x, and is constant but for jumps.
void liftBitwiseFloats(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_BITWISEFLOATS_H
