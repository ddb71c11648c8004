//===- UnneededStores.h - Results that nobody wants -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_UNNEEDEDSTORES_H
#define LINKGRAD_TRANSFORM_UNNEEDEDSTORES_H

#include "request/DiffRequest.h"

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

class AnalysisManagers;

/// Erases from \p F, the combined derivative for \p R, what the primal writes
/// to a parameter that is DupNoNeed, where nothing in \p F may read it: often
/// that is all that keeps the forward sweep alive. Returns whether anything was
/// erased.
bool eraseUnneededStores(llvm::Function &F, const DiffRequest &R,
                         AnalysisManagers &AMs);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_UNNEEDEDSTORES_H
