//===- ComputedGotos.h - Jumps to labels that are values --------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `goto *p` can only reach the labels of its function, so it is a switch over
// them. In the copy labels are numbers. That is right if no label leaves the
// function and none comes from outside: the original's labels are addresses.
// Tables of labels that are only read are copied too.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_COMPUTEDGOTOS_H
#define LINKGRAD_PREPARE_COMPUTEDGOTOS_H

#include "llvm/Support/Error.h"

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

class AnalysisManagers;

/// Turns the computed gotos of \p Copy, a fresh copy of \p Original, into
/// switches. \returns Reason::UnsupportedControlFlow where a label may come
/// from somewhere else.
llvm::Error lowerComputedGotos(llvm::Function &Copy, llvm::Function &Original,
                               AnalysisManagers &AMs);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_COMPUTEDGOTOS_H
