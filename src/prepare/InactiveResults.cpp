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

void clearInactiveResults(Function &F) {
  for (Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    Type *T = Callee && Call->hasStructRetAttr()
                  ? Call->getParamStructRetType(0)
                  : nullptr;
    if (!T || classifyCallee(*Callee) != CalleeKind::Inactive)
      continue;
    IRBuilder<> B(Call);
    B.CreateMemSet(Call->getArgOperand(0), B.getInt8(0),
                   F.getDataLayout().getTypeAllocSize(T),
                   Call->getParamAlign(0));
  }
}

} // namespace linkgrad
