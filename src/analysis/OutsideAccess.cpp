//===- OutsideAccess.cpp - Local variables that others can change ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/OutsideAccess.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace linkgrad {

bool isAccessibleOutside(const GlobalVariable &G,
                         function_ref<bool(const Function &)> HasPointers) {
  if (StringRef Known =
          G.getAttribute(OutsideAccessAttribute).getValueAsString();
      !Known.empty())
    return Known == "yes";
  if (!G.hasLocalLinkage())
    return true;
  // From the variable to what mentions it, and on to the callers.
  SmallVector<const Value *, 16> Work = {&G};
  SmallPtrSet<const Value *, 16> Seen;
  while (!Work.empty())
    for (const Use &U : Work.pop_back_val()->uses()) {
      const User *By = U.getUser();
      if (auto *I = dyn_cast<Instruction>(By)) {
        auto *Call = dyn_cast<CallBase>(I);
        if (isa<Function>(U.get()) && !(Call && Call->isCallee(&U)))
          continue; // Its address: see HasPointers.
        By = I->getFunction();
      }
      if (!Seen.insert(By).second)
        continue;
      auto *User = dyn_cast<GlobalValue>(By);
      auto *F = dyn_cast<Function>(By);
      if ((User && !isa<GlobalVariable>(User) && !User->hasLocalLinkage() &&
           !isEntryPoint(User->getName())) ||
          (F && HasPointers(*F)))
        return true;
      Work.push_back(By);
    }
  return false;
}

} // namespace linkgrad
