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
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// What LLVM could find out about a function and use where it is called,
/// whether it may inline it or not.
struct Foreseeable {
  /// It returns a constant or one of its arguments, as `stop_gradient(x)` does.
  bool Result = false;
  /// It ignores them. The registered derivative may not.
  SmallVector<unsigned, 2> Arguments;
};

} // namespace

/// Looks at an optimised copy of \p F.
static Foreseeable foresee(Function &F, AnalysisManagers &AMs) {
  ValueToValueMapTy VMap;
  Function *Copy = CloneFunction(&F, VMap);
  Copy->setLinkage(GlobalValue::InternalLinkage);
  Copy->setComdat(nullptr);
  simplifyFunction(*Copy, AMs);
  Foreseeable Seen;
  Seen.Result = !F.getReturnType()->isVoidTy();
  for (BasicBlock &BB : *Copy)
    if (auto *Return = dyn_cast<ReturnInst>(BB.getTerminator());
        Return && Seen.Result)
      Seen.Result = isa<Constant, Argument>(
          Return->getReturnValue()->stripPointerCasts());
  for (Argument &A : Copy->args())
    if (A.use_empty())
      Seen.Arguments.push_back(A.getArgNo());
  AMs.FAM.clear(*Copy, Copy->getName());
  Copy->eraseFromParent();
  return Seen;
}

/// Keeps LLVM from finding that out. The price is small: a function with such a
/// result is tiny, and one that ignores arguments is rare.
static void hide(Function &F, const Foreseeable &Seen) {
  for (auto Kind : {Attribute::OptimizeForSize, Attribute::MinSize,
                    Attribute::OptimizeForDebugging})
    F.removeFnAttr(Kind);
  F.addFnAttr(Attribute::OptimizeNone);
  IRBuilder<> B(F.getEntryBlock().getTerminator());
  Function *Use =
      Intrinsic::getOrInsertDeclaration(F.getParent(), Intrinsic::fake_use);
  for (unsigned No : Seen.Arguments)
    B.CreateCall(Use, {F.getArg(No)});
}

void keepRegistered(Module &M) {
  std::optional<AnalysisManagers> AMs;
  for (Function *F : protectRegistered(M)) {
    if (F->isDeclaration() || F->hasOptNone())
      continue;
    if (!AMs)
      AMs.emplace();
    Foreseeable Seen = foresee(*F, *AMs);
    if (Seen.Result || !Seen.Arguments.empty())
      hide(*F, Seen);
  }
}

} // namespace linkgrad
