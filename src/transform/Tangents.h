//===- Tangents.h - The tangent of a rule -----------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_TANGENTS_H
#define LINKGRAD_TRANSFORM_TANGENTS_H

#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class IRBuilderBase;
class Instruction;
class Value;
} // namespace llvm

namespace linkgrad {

class ScalarRule;

/// Gives a value that belongs to an operand or result of the primal.
using ValueSource = llvm::function_ref<llvm::Value *(llvm::Value &)>;

/// Emits dr = sum of map_i(dx_i) for r = I(x…), over the operands for which
/// \p Tangent is not null. \p Primal gives the primal values that maps read.
llvm::Value *emitRuleTangent(llvm::IRBuilderBase &B, llvm::Instruction &I,
                             const ScalarRule &Rule, ValueSource Tangent,
                             ValueSource Primal);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_TANGENTS_H
