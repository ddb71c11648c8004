//===- MoveLoops.cpp - Loops that move things word by word ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/MoveLoops.h"
#include "analysis/WordMoves.h"
#include "prepare/AnalysisManagers.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopUnrollPass.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;

namespace linkgrad {

bool unrollMoveLoops(Function &F, AnalysisManagers &AMs) {
  bool Found = false;
  for (Loop *L : AMs.FAM.getResult<LoopAnalysis>(F).getLoopsInPreorder())
    if (any_of(*L->getHeader(), [](const Instruction &I) {
          auto *Load = dyn_cast<LoadInst>(&I);
          return Load && wordMove(*Load);
        })) {
      addStringMetadataToLoop(L, "llvm.loop.unroll.full", 1);
      Found = true;
    }
  if (!Found)
    return false;
  FunctionPassManager FPM;
  FPM.addPass(createFunctionToLoopPassAdaptor(
      LoopFullUnrollPass(/*OptLevel=*/2, /*OnlyWhenForced=*/true)));
  FPM.run(F, AMs.FAM);
  AMs.invalidate(F);
  return true;
}

} // namespace linkgrad
