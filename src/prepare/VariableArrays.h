//===- VariableArrays.h - Arrays of variable size on the stack --*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a function puts on its stack is gone when its reverse sweep runs. Arrays
// of constant size move into the frame. One whose size is known only when it
// comes into being (a C99 variable length array, alloca()) goes to the heap in
// the prepared copy, and is freed where the stack would have been restored; the
// engine knows how to defer that.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_VARIABLEARRAYS_H
#define LINKGRAD_PREPARE_VARIABLEARRAYS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

class AnalysisManagers;

/// Moves the arrays of variable size of \p F, a prepared copy, to the heap,
/// except those of which a loop makes more and more.
void moveVariableArrays(llvm::Function &F, AnalysisManagers &AMs);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_VARIABLEARRAYS_H
