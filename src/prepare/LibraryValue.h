//===- LibraryValue.h - The library's value, a formula's slope --*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_LIBRARYVALUE_H
#define LINKGRAD_PREPARE_LIBRARYVALUE_H

#include "llvm/Support/ModRef.h"

namespace llvm {
class CallInst;
class IRBuilderBase;
class Value;
} // namespace llvm

namespace linkgrad {

/// Keeps \p Call for its value. It is not differentiated.
void freezeCall(llvm::CallInst &Call, llvm::MemoryEffects Effects);

/// A value that is \p Library and has the derivative of \p Formula.
llvm::Value *withLibraryValue(llvm::IRBuilderBase &B, llvm::Value *Formula,
                              llvm::Value *Library);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_LIBRARYVALUE_H
