//===- PassPlugin.cpp - LinkGrad inside opt, clang and lld ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The front door for a program that is one module: `opt -passes=linkgrad`,
// `clang -fpass-plugin=`, and lld's `--load-pass-plugin=` for full LTO.
// Programs of several modules need ld.linkgrad, so the automatic pass stays out
// of every compilation that ThinLTO or full LTO will continue, and out of
// ThinLTO's backends: there the requests must be left as they are for the
// linker, or have been answered by it.
//
//===----------------------------------------------------------------------===//

#include "llvm/Plugins/PassPlugin.h"
#include "analysis/CountedUnit.h"
#include "analysis/TypeAnalysis.h"
#include "front/AnswerPass.h"
#include "prepare/KeepRegistered.h"
#include "request/Registration.h"
#include "request/RequestCall.h"
#include "support/Diagnostics.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using namespace linkgrad;

namespace {

/// Keeps what the program registers until requests are answered, here or at the
/// link, and notes what LLVM is about to cancel.
class BeforeSimplificationPass
    : public PassInfoMixin<BeforeSimplificationPass> {
public:
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    keepRegistered(M);
    for (Function &F : M)
      noteCountedUnits(F);
    return PreservedAnalyses::none();
  }

  static bool isRequired() { return true; }
};

/// Tells of registered functions that nothing kept out of the inliner, once it
/// ran without this plugin.
class WarnOfUnkeptPass : public PassInfoMixin<WarnOfUnkeptPass> {
public:
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    if (findRequestCalls(M).empty())
      return PreservedAnalyses::all();
    for (const Function *F : unkeptFunctions(M))
      M.getContext().diagnose(DiagnosticInfoGeneric(
          "'" + displayName(*F) +
              "' is registered, but calls of it may have been optimised away "
              "when its file was compiled; " +
              KeepCallsHelp,
          DS_Warning));
    return PreservedAnalyses::all();
  }

  static bool isRequired() { return true; }
};

/// Prints what an analysis found in a module, for tests and the curious.
struct Printer {
  StringLiteral PassName;
  void (*Print)(Module &, ModuleAnalysisManager &, raw_ostream &);
};

/// Answers the requests of a copy of \p M, for what is printed on the way.
static void explain(Module &M, const Options &Opts, raw_ostream &OS) {
  std::unique_ptr<Module> Copy = CloneModule(M);
  if (Error E = answerAllRequests(*Copy, Opts).takeError())
    OS << toString(std::move(E)) << '\n';
}

static void printActivity(Module &M, ModuleAnalysisManager &, raw_ostream &OS) {
  Options Opts;
  Opts.PrintActivity = &OS;
  explain(M, Opts, OS);
}

static void printTape(Module &M, ModuleAnalysisManager &, raw_ostream &OS) {
  Options Opts;
  Opts.PrintTape = &OS;
  explain(M, Opts, OS);
}

/// Every `print<linkgrad-…>` pass. A new analysis adds a row.
constexpr Printer Printers[] = {
    {"print<linkgrad-requests>", [](Module &M, ModuleAnalysisManager &,
                                    raw_ostream &OS) { printRequests(M, OS); }},
    {"print<linkgrad-activity>", printActivity},
    {"print<linkgrad-tape>", printTape},
    {"print<linkgrad-types>",
     [](Module &M, ModuleAnalysisManager &, raw_ostream &OS) {
       for (Function &F : M)
         if (!F.isDeclaration())
           printTypes(F, OS);
     }},
};

class PrinterPass : public PassInfoMixin<PrinterPass> {
public:
  explicit PrinterPass(const Printer &P) : P(P) {}

  PreservedAnalyses run(Module &M, ModuleAnalysisManager &AM) {
    P.Print(M, AM, errs());
    return PreservedAnalyses::all();
  }

  static bool isRequired() { return true; }

private:
  const Printer &P;
};

} // namespace

/// The options in `linkgrad<option;…>`.
static Expected<Options> parseOptions(StringRef Text) {
  Options Opts;
  while (!Text.empty()) {
    StringRef Name;
    std::tie(Name, Text) = Text.split(';');
    bool Enable = !Name.consume_front("no-");
    if (Name == "optimize")
      Opts.Optimize = Enable;
    else if (Name == "verify")
      Opts.Verify = Enable;
    else if (Name == "runtime-activity")
      Opts.RuntimeActivity = Enable;
    else
      return createStringError("unknown option '" + Name + "' of linkgrad");
  }
  return Opts;
}

/// Adds the pass that \p Name stands for in a textual pipeline.
static bool parsePass(StringRef Name, ModulePassManager &MPM,
                      ArrayRef<PassBuilder::PipelineElement>) {
  if (PassBuilder::checkParametrizedPassName(Name, "linkgrad")) {
    Expected<Options> Opts =
        PassBuilder::parsePassParameters(parseOptions, Name, "linkgrad");
    if (!Opts) {
      logAllUnhandledErrors(Opts.takeError(), errs());
      return false;
    }
    MPM.addPass(AnswerPass(*Opts));
    return true;
  }
  for (const Printer &P : Printers)
    if (Name == P.PassName) {
      MPM.addPass(PrinterPass(P));
      return true;
    }
  return false;
}

static void registerPasses(PassBuilder &PB) {
  PB.registerPipelineParsingCallback(parsePass);
  PB.registerPipelineStartEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel) {
        MPM.addPass(BeforeSimplificationPass());
      });
  // After simplification and inlining, before vectorisation: the derivative
  // starts from good code and takes part in the rest of the pipeline. This
  // point exists at -O0 too.
  PB.registerOptimizerEarlyEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel, ThinOrFullLTOPhase Phase) {
        if (Phase == ThinOrFullLTOPhase::None)
          MPM.addPass(AnswerPass());
      });
  // Full LTO: the merged program, before internalised functions are changed.
  PB.registerFullLinkTimeOptimizationEarlyEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel) {
        MPM.addPass(WarnOfUnkeptPass());
        MPM.addPass(AnswerPass());
      });
}

extern "C" PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "LinkGrad", "0.1.0", registerPasses};
}
