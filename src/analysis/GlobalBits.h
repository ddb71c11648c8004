//===- GlobalBits.h - Bits of floats in global variables --------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function can leave an integer that it calculated from the bits of a float
// in a global variable of integers, for another function that makes a float of
// it. Neither sees what the other does, so what becomes of such variables is
// looked up before.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_GLOBALBITS_H
#define LINKGRAD_ANALYSIS_GLOBALBITS_H

#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class DataLayout;
class Function;
class GlobalVariable;
class Instruction;
class Value;
} // namespace llvm

namespace linkgrad {

/// True if \p I passes on what integer it is given, maybe after a calculation,
/// and more of it than what may be sign and exponent of a float.
bool passesBitsOn(const llvm::Instruction &I);

/// True if \p Ptr points into a global variable, to what its type says is a
/// float.
bool isDeclaredFloat(const llvm::Value &Ptr, const llvm::DataLayout &DL);

/// True if functions that \p IsReached may make a float of the integers that
/// lie in \p G, or where its pointers lead to.
bool mayMakeFloatOf(const llvm::GlobalVariable &G,
                    llvm::function_ref<bool(const llvm::Function &)> IsReached);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_GLOBALBITS_H
