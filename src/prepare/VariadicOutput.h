//===- VariadicOutput.h - Variadic functions that print ---------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_VARIADICOUTPUT_H
#define LINKGRAD_PREPARE_VARIADICOUTPUT_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Marks the calls in \p F, a copy that is being prepared, of the program's
/// variadic functions that do nothing but print (a wrapper of vprintf) as
/// enzyme_inactive. Variadic functions have no derivatives.
void markVariadicOutput(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_VARIADICOUTPUT_H
