//===- AnalysisManagers.cpp - LLVM's analyses for the engine --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/AnalysisManagers.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace linkgrad {

/// Unrolling and vectorising before differentiation only makes the tape
/// harder to plan; both run on the finished derivative.
static PipelineTuningOptions tuning() {
  PipelineTuningOptions PTO;
  PTO.LoopUnrolling = false;
  PTO.LoopVectorization = false;
  PTO.SLPVectorization = false;
  PTO.LoopInterleaving = false;
  return PTO;
}

AnalysisManagers::AnalysisManagers() : PB(nullptr, tuning()) {
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CGAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
}

void AnalysisManagers::invalidate(Function &F) {
  FAM.invalidate(F, PreservedAnalyses::none());
}

} // namespace linkgrad
