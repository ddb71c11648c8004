//===- RustcBackendDefer.cpp - rustc leaves requests to the linker --------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// rustc takes `std::autodiff` in a program only if it runs full LTO itself, but
// it merges only members of archives whose names it knows. `cargo linkgrad`
// gives the others another ending, so what is "merged" is the program's own
// crate, which goes on to the linker as bitcode like the rest. This library
// stands in the backend's place meanwhile. docs/rust.md has the whole story.
//
//===----------------------------------------------------------------------===//

#include "front/RustcBackend.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace linkgrad;

namespace {

/// Gives back to the program what rustc has made internal because it takes the
/// module for the whole of it: the symbols of the crate `__rustc`, among them
/// the allocator, are what compiled crates find each other by.
class KeepForLinkerPass : public PassInfoMixin<KeepForLinkerPass> {
public:
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    for (GlobalValue &GV : M.global_values())
      if (!GV.isDeclaration() && GV.hasLocalLinkage() && isOfRustc(GV))
        GV.setLinkage(GlobalValue::ExternalLinkage);
    return PreservedAnalyses::none();
  }

  static bool isRequired() { return true; }

private:
  /// `_RNvCs<hash>_7___rustc…`: an item of the crate `__rustc`.
  static bool isOfRustc(const GlobalValue &GV) {
    StringRef Name = GV.getName();
    return Name.consume_front("_RNvCs") &&
           Name.drop_while(isAlnum).starts_with("_7___rustc");
  }
};

} // namespace

void linkgrad::addRustcPass(ModulePassManager &MPM, const Options &Opts) {
  // Not what is in it: the optimisation that sees the whole program comes at
  // the link, after the derivatives.
  MPM = ModulePassManager();
  MPM.addPass(KeepForLinkerPass());
}
