//===- AnalysisManagers.h - LLVM's analyses for the engine ------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_ANALYSISMANAGERS_H
#define LINKGRAD_PREPARE_ANALYSISMANAGERS_H

#include "llvm/Passes/PassBuilder.h"

namespace linkgrad {

/// The four analysis managers, registered and cross-linked. The engine works
/// on functions of its own making, so it keeps managers of its own instead of
/// borrowing the host pipeline's.
class AnalysisManagers {
public:
  AnalysisManagers();

  llvm::PassBuilder &passBuilder() { return PB; }

  /// Forgets everything that is known about \p F.
  void invalidate(llvm::Function &F);

  llvm::LoopAnalysisManager LAM;
  llvm::FunctionAnalysisManager FAM;
  llvm::CGSCCAnalysisManager CGAM;
  llvm::ModuleAnalysisManager MAM;

private:
  llvm::PassBuilder PB;
};

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_ANALYSISMANAGERS_H
