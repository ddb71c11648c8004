//===- InactiveResults.cpp - Results without derivatives ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/InactiveResults.h"
#include "rules/KnownFunctions.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace linkgrad {

/// How many bytes the function of \p A writes its result to, where \p A leads.
static uint64_t resultBytes(const Argument &A) {
  if (Type *T = A.getParamStructRetType())
    return A.getParent()->getDataLayout().getTypeAllocSize(T);
  // LTO drops sret from functions that it makes internal.
  bool IsResult = A.hasAttribute(Attribute::DeadOnUnwind) &&
                  A.hasAttribute(Attribute::WriteOnly);
  return IsResult ? A.getDereferenceableBytes() : 0;
}

void clearInactiveResults(Function &F) {
  for (Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    if (!Callee || classifyCallee(*Callee) != CalleeKind::Inactive)
      continue;
    for (const Argument &A : Callee->args())
      if (uint64_t Bytes = resultBytes(A)) {
        IRBuilder<> B(Call);
        B.CreateMemSet(Call->getArgOperand(A.getArgNo()), B.getInt8(0), Bytes,
                       A.getParamAlign());
      }
  }
}

} // namespace linkgrad
