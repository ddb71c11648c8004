//===- linkgrad-mutate.cpp - Mutated IR through the pass ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Changes modules at random with LLVM's own mutator and runs the pass over what
// still verifies. The pass may give derivatives or errors; a crash, an internal
// error, or output that does not verify is a failure, whose input is kept. Each
// input has a process of its own.
//
//===----------------------------------------------------------------------===//

#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/FuzzMutate/IRMutator.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>
#include <map>
#include <random>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

static cl::OptionCategory Category("linkgrad-mutate");
static cl::list<std::string> Inputs(cl::Positional, cl::OneOrMore,
                                    cl::cat(Category),
                                    cl::desc("<modules to begin with>"));
static cl::opt<std::string> Plugin("plugin", cl::Required, cl::cat(Category),
                                   cl::desc("path of LinkGrad.so"));
static cl::opt<uint64_t> Seed("seed", cl::init(1), cl::cat(Category),
                              cl::desc("which sequence of mutants"));
static cl::opt<unsigned> First("first", cl::init(0), cl::cat(Category),
                               cl::desc("the first mutant's number"));
static cl::opt<unsigned> Count("count", cl::init(100), cl::cat(Category),
                               cl::desc("how many mutants"));
static cl::opt<unsigned> Changes("changes", cl::init(12), cl::cat(Category),
                                 cl::desc("at most so many in a mutant"));
static cl::opt<unsigned> Seconds("seconds", cl::init(60), cl::cat(Category),
                                 cl::desc("time limit for a mutant"));
static cl::opt<std::string> Failures("failures", cl::init("mutate-failures"),
                                     cl::cat(Category),
                                     cl::desc("folder for what fails"));

namespace {

enum Status { Derivative = 0, Refused = 10, Unfit, Broken, Internal };

/// Notes what kind of errors there are.
struct Listener : DiagnosticHandler {
  Status Worst = Derivative;
  std::string Text;

  bool handleDiagnostics(const DiagnosticInfo &Info) override {
    if (Info.getSeverity() != DS_Error)
      return true;
    raw_string_ostream OS(Text);
    DiagnosticPrinterRawOStream Printer(OS);
    Info.print(Printer);
    OS << "\n";
    Worst = StringRef(Text).contains("[internal]") ? Internal : Refused;
    return true;
  }
};

} // namespace

/// Makes mutant number \p Number out of \p M. \returns false if there is none.
static bool mutate(Module &M, uint64_t Number) {
  std::vector<TypeGetter> Types{Type::getDoubleTy, Type::getFloatTy,
                                Type::getInt1Ty,   Type::getInt8Ty,
                                Type::getInt32Ty,  Type::getInt64Ty};
  std::vector<std::unique_ptr<IRMutationStrategy>> Strategies;
  Strategies.push_back(std::make_unique<InjectorIRStrategy>());
  Strategies.push_back(std::make_unique<InstDeleterIRStrategy>());
  Strategies.push_back(std::make_unique<InstModificationIRStrategy>());
  Strategies.push_back(std::make_unique<InsertCFGStrategy>());
  Strategies.push_back(std::make_unique<InsertPHIStrategy>());
  Strategies.push_back(std::make_unique<InsertFunctionStrategy>());
  Strategies.push_back(std::make_unique<SinkInstructionStrategy>());
  Strategies.push_back(std::make_unique<ShuffleBlockStrategy>());
  IRMutator Mutator(std::move(Types), std::move(Strategies));
  std::mt19937_64 Engine(Seed * 1000003 + Number);
  for (unsigned I = 0, N = 1 + Engine() % Changes; I != N; ++I)
    Mutator.mutateModule(M, int(Engine()), /*MaxSize=*/1 << 20);
  return !verifyModule(M);
}

static Status runPass(Module &M, PassPlugin &Plugin) {
  auto Handler = std::make_unique<Listener>();
  Listener &Heard = *Handler;
  M.getContext().setDiagnosticHandler(std::move(Handler));
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PassBuilder PB;
  Plugin.registerPassBuilderCallbacks(PB);
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CGAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  ModulePassManager MPM;
  cantFail(PB.parsePassPipeline(MPM, "linkgrad"));
  MPM.run(M, MAM);
  if (Heard.Worst == Internal)
    errs() << Heard.Text;
  return Heard.Worst == Derivative && verifyModule(M, &errs()) ? Broken
                                                               : Heard.Worst;
}

/// In a process of its own: makes a mutant, keeps it, runs the pass.
[[noreturn]] static void runMutant(Module &M, uint64_t Number,
                                   PassPlugin &Plugin, StringRef File) {
  alarm(Seconds);
  rlimit Limit{rlim_t(4) << 30, rlim_t(4) << 30};
  setrlimit(RLIMIT_AS, &Limit);
  if (!mutate(M, Number))
    _exit(Unfit);
  std::error_code EC;
  {
    raw_fd_ostream OS(File, EC);
    WriteBitcodeToFile(M, OS);
  }
  Status Result = runPass(M, Plugin);
  errs().flush();
  _exit(Result);
}

/// What became of a mutant, in words.
static std::string describe(int Status) {
  if (WIFSIGNALED(Status))
    return WTERMSIG(Status) == SIGALRM ? "too slow"
                                       : "signal " + itostr(WTERMSIG(Status));
  switch (WEXITSTATUS(Status)) {
  case Derivative:
    return "derivative";
  case Refused:
    return "refused";
  case Unfit:
    return "unfit";
  case Broken:
    return "broken output";
  case Internal:
    return "internal error";
  }
  return "exit code " + itostr(WEXITSTATUS(Status));
}

int main(int Argc, char **Argv) {
  cl::HideUnrelatedOptions(Category);
  cl::ParseCommandLineOptions(Argc, Argv, "Mutated IR through LinkGrad\n");
  Expected<PassPlugin> Loaded = PassPlugin::Load(Plugin);
  if (!Loaded) {
    errs() << toString(Loaded.takeError()) << "\n";
    return 2;
  }
  LLVMContext Context;
  std::vector<std::unique_ptr<Module>> Modules;
  for (const std::string &Input : Inputs) {
    SMDiagnostic Problem;
    Modules.push_back(parseIRFile(Input, Problem, Context));
    if (!Modules.back()) {
      Problem.print(Argv[0], errs());
      return 2;
    }
  }
  sys::fs::create_directories(Failures);
  std::map<std::string, unsigned> Results;
  unsigned Failed = 0;
  for (unsigned Number = First; Number != First + Count; ++Number) {
    std::string File = Failures + "/" + utostr(Number) + ".bc";
    pid_t Child = fork();
    if (Child == 0)
      runMutant(*Modules[Number % Modules.size()], Number, *Loaded, File);
    int Status = 0;
    if (Child < 0 || waitpid(Child, &Status, 0) != Child) {
      errs() << "no process\n";
      return 2;
    }
    // If there is none, it was LLVM's mutator that failed.
    std::string Result = sys::fs::exists(File) ? describe(Status) : "unfit";
    ++Results[Result];
    if (Result == "derivative" || Result == "refused" || Result == "unfit") {
      sys::fs::remove(File);
      continue;
    }
    ++Failed;
    outs() << File << ": " << Result << "\n";
    outs().flush();
  }
  for (const auto &[Result, Times] : Results)
    outs() << Result << ": " << Times << "\n";
  outs() << Count << " mutants, " << Failed << " failed\n";
  return Failed ? 1 : 0;
}
