//===- LowerX86Intrinsics.h - SSE and AVX in generic IR ---------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_LOWERX86INTRINSICS_H
#define LINKGRAD_PREPARE_LOWERX86INTRINSICS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Rewrites in \p F, a copy that is being prepared, the x86 intrinsics that
/// clang's immintrin.h leaves in the IR, and LLVM's reductions of vectors,
/// into instructions and generic intrinsics with the same values bit by bit.
/// What is not known stays, and is refused by name if it is active.
void lowerX86Intrinsics(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_LOWERX86INTRINSICS_H
