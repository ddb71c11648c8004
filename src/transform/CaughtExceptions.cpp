//===- CaughtExceptions.cpp - Calls that may end in a handler -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/CaughtExceptions.h"
#include "analysis/GlobalActivity.h"
#include "rules/KnownFunctions.h"
#include "support/Diagnostics.h"
#include "transform/SplitDerivative.h"
#include "llvm/ADT/DepthFirstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

static bool reachesReturn(const BasicBlock &BB) {
  return any_of(depth_first(&BB), [](const BasicBlock *B) {
    return isa<ReturnInst>(B->getTerminator());
  });
}

Error checkCaught(const CallBase &Call, const InvokeInst *Invoke) {
  if (!Invoke || !reachesReturn(*Invoke->getUnwindDest()))
    return Error::success();
  return makeError(Reason::CaughtException, Call,
                   "the exception that this active call may throw is caught "
                   "and the function goes on, but the callee cannot be inlined",
                   "catch it outside of the differentiated function");
}

Error checkThrower(const CallBase &Call, const InvokeInst *Invoke,
                   const ActivityAnalysis &Activities) {
  const Function *Callee = directCallee(Call);
  if (!Callee || !onlyNeverReturns(*Callee) ||
      Call.hasFnAttr("enzyme_inactive"))
    return Error::success();
  bool IsActive = any_of(Call.args(), [&](const Use &Arg) {
    return Activities.isVaried(*Arg) ||
           (Activities.kinds().carriesPointer(*Arg) &&
            Activities.hasShadow(*Arg));
  });
  return IsActive || touchesActiveGlobal(*Callee, Activities.globalPointers())
             ? checkCaught(Call, Invoke)
             : Error::success();
}

} // namespace linkgrad
