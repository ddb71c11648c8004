//===- StripDebugInfo.cpp - For programs without debug information --------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The engine learns from debug information what copied bytes are, so modules
// have it that never meant to leave any in the program. lld removes it when all
// code has been made, which costs a third of the time that ThinLTO's backends
// take. ld.linkgrad loads this library into lld if the program is to have no
// debug information (src/thinlto/DebugInfo.h); each backend then drops it
// first, after imports.
//
//===----------------------------------------------------------------------===//

#include "llvm/Config/llvm-config.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"

using namespace llvm;

namespace {

struct LinkGradStripDebugInfoPass : PassInfoMixin<LinkGradStripDebugInfoPass> {
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    // The probes of a profile are told apart by where code was inlined.
    if (M.getNamedMetadata("llvm.pseudo_probe_desc") || !StripDebugInfo(M))
      return PreservedAnalyses::all();
    return PreservedAnalyses::none();
  }
};

} // namespace

static void registerPasses(PassBuilder &PB) {
  PB.registerPipelineEarlySimplificationEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel, ThinOrFullLTOPhase Phase) {
        if (Phase == ThinOrFullLTOPhase::ThinLTOPostLink)
          MPM.addPass(LinkGradStripDebugInfoPass());
      });
}

extern "C" PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "LinkGradStripDebugInfo", "0.1.0",
          registerPasses};
}
