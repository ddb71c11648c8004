//===- IndirectCalls.cpp - Calls through pointers -------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/IndirectCalls.h"
#include "analysis/CallTargets.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/CallPromotionUtils.h"

using namespace llvm;

namespace linkgrad {

/// Of what remains of a call once all its targets are called directly.
static constexpr StringLiteral PromotedAttribute = "linkgrad-promoted";

/// True if \p Call is made only if there is something to call, as where Rust
/// drops an object: perhaps there never is.
static bool isOfOptionalFunction(const CallBase &Call) {
  return any_of(Call.getCalledOperand()->users(), [](const User *U) {
    auto *Compare = dyn_cast<ICmpInst>(U);
    return Compare && Compare->isEquality() &&
           isa<ConstantPointerNull>(Compare->getOperand(1));
  });
}

bool promoteIndirectCalls(Function &F) {
  SmallVector<CallBase *, 8> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I);
        Call && callsThroughPointer(*Call) &&
        !Call->hasFnAttr(PromotedAttribute))
      Calls.push_back(Call);
  if (Calls.empty())
    return false;
  CallTargets All(*F.getParent());
  bool Promoted = false;
  for (CallBase *Call : Calls) {
    if (isOfOptionalFunction(*Call))
      Call->addFnAttr(Attribute::get(F.getContext(), SpeculativeCallAttribute));
    for (Function *Callee : All.of(*Call)) {
      Call->addFnAttr(Attribute::get(F.getContext(), SpeculativeCallAttribute));
      promoteCallWithIfThenElse(*Call, Callee);
      Promoted = true;
    }
    Call->addFnAttr(Attribute::get(F.getContext(), PromotedAttribute));
  }
  return Promoted;
}

bool hasPromotedCalls(const Function &F) {
  return any_of(instructions(F), [](const Instruction &I) {
    auto *Call = dyn_cast<CallBase>(&I);
    return Call && Call->hasFnAttr(PromotedAttribute);
  });
}

} // namespace linkgrad
