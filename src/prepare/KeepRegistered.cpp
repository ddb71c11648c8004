//===- KeepRegistered.cpp - Registered functions until they count ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/KeepRegistered.h"
#include "prepare/AnalysisManagers.h"
#include "prepare/Prepare.h"
#include "request/Registration.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace linkgrad {

/// True if \p F, once optimised, returns a constant or one of its arguments, as
/// `stop_gradient(x)` does. LLVM replaces the results of such calls by what
/// they are known to be, whether it may inline them or not.
static bool hasForeseeableResult(Function &F, AnalysisManagers &AMs) {
  if (F.getReturnType()->isVoidTy())
    return false;
  ValueToValueMapTy VMap;
  Function *Copy = CloneFunction(&F, VMap);
  Copy->setLinkage(GlobalValue::InternalLinkage);
  Copy->setComdat(nullptr);
  simplifyFunction(*Copy, AMs);
  bool Foreseeable = true;
  for (BasicBlock &BB : *Copy)
    if (auto *Return = dyn_cast<ReturnInst>(BB.getTerminator()))
      Foreseeable &= isa<Constant, Argument>(
          Return->getReturnValue()->stripPointerCasts());
  AMs.FAM.clear(*Copy, Copy->getName());
  Copy->eraseFromParent();
  return Foreseeable;
}

/// The price is small: what is left of such a function is tiny.
static void hideResult(Function &F) {
  for (auto Kind : {Attribute::OptimizeForSize, Attribute::MinSize,
                    Attribute::OptimizeForDebugging})
    F.removeFnAttr(Kind);
  F.addFnAttr(Attribute::OptimizeNone);
}

void keepRegistered(Module &M) {
  std::optional<AnalysisManagers> AMs;
  for (Function *F : protectRegistered(M)) {
    if (F->isDeclaration() || F->hasOptNone())
      continue;
    if (!AMs)
      AMs.emplace();
    if (hasForeseeableResult(*F, *AMs))
      hideResult(*F);
  }
}

} // namespace linkgrad
