//===- DefinePoison.h - Values where there were none ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_DEFINEPOISON_H
#define LINKGRAD_PREPARE_DEFINEPOISON_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Replaces the undef and poison floats in the operands and shuffle masks of
/// \p F, a copy that is being prepared, by numbers.
void definePoison(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_DEFINEPOISON_H
