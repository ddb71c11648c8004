//===- Tangents.cpp - The tangent of a rule -------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/Tangents.h"
#include "rules/ScalarRules.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;

namespace linkgrad {

Value *emitRuleTangent(IRBuilderBase &B, Instruction &I, const ScalarRule &Rule,
                       ValueSource Tangent, ValueSource Primal) {
  Value *Sum = nullptr;
  for (unsigned Arg = 0; Arg < Rule.arity(); ++Arg) {
    if (Rule.isZero(Arg))
      continue;
    Value *DX = Tangent(*I.getOperand(Arg));
    if (!DX)
      continue;
    Value *Term = Rule.emit(B, I, Arg, DX, [&](PrimalRef Ref) {
      return Primal(Ref == PrimalR ? I : *I.getOperand(Ref));
    });
    Sum = Sum ? B.CreateFAdd(Sum, Term) : Term;
  }
  return Sum ? Sum : Constant::getNullValue(I.getType());
}

} // namespace linkgrad
