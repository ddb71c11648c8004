//===- linkgrad-fuzz.cpp - Differential testing with random programs ------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Generates programs in C, evaluates them over dual numbers, differentiates
// them with LinkGrad in forward and reverse mode, and compares. A program that
// fails is reduced and written down as a file that shows the failure by itself.
//
//===----------------------------------------------------------------------===//

#include "Generator.h"
#include "Printer.h"
#include "Runner.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace llvm;
using namespace linkgrad::fuzz;

static cl::OptionCategory Category("linkgrad-fuzz");
static cl::opt<uint64_t> Seed("seed", cl::desc("which sequence of programs"),
                              cl::init(1), cl::cat(Category));
static cl::opt<unsigned> First("first", cl::desc("the first program's number"),
                               cl::init(0), cl::cat(Category));
static cl::opt<unsigned> Count("count", cl::desc("how many programs"),
                               cl::init(100), cl::cat(Category));
static cl::list<std::string> Levels("opt-level", cl::CommaSeparated,
                                    cl::desc("levels to compile at, as 0,2"),
                                    cl::cat(Category));
static cl::opt<std::string> Clang("clang", cl::init("/usr/bin/clang-22"),
                                  cl::desc("the compiler"), cl::cat(Category));
static cl::opt<std::string> Plugin("plugin", cl::desc("path of LinkGrad.so"),
                                   cl::cat(Category));
static cl::list<std::string> Flags("flag", cl::desc("more for the compiler"),
                                   cl::cat(Category));
static cl::opt<std::string> Failures("failures", cl::init("fuzz-failures"),
                                     cl::desc("folder for what fails"),
                                     cl::cat(Category));
static cl::opt<unsigned> Jobs("jobs", cl::desc("threads"), cl::init(0),
                              cl::cat(Category));
static cl::opt<unsigned> PerUnit("per-unit", cl::init(25),
                                 cl::desc("programs in a translation unit"),
                                 cl::cat(Category));
static cl::opt<unsigned>
    Reductions("reductions", cl::init(5), cl::cat(Category),
               cl::desc("how many failures to reduce, one of each class"));
static cl::opt<unsigned> Attempts("attempts", cl::init(400), cl::cat(Category),
                                  cl::desc("runs to spend on a reduction"));
static cl::opt<bool>
    AlsoRefused("also-refused", cl::cat(Category),
                cl::desc("reduce and write refused programs too"));
static cl::opt<bool> PrintOnly("print",
                               cl::desc("print the programs and do no more"),
                               cl::cat(Category));

/// All programs at one level, in units of a few, in parallel.
static std::vector<Outcome> runAll(ArrayRef<Program> Programs,
                                   const RunOptions &Options) {
  std::vector<Outcome> Results(Programs.size());
  DefaultThreadPool Pool(hardware_concurrency(Jobs));
  for (size_t Begin = 0; Begin < Programs.size(); Begin += PerUnit)
    Pool.async([&, Begin] {
      std::vector<const Program *> Unit;
      for (const Program &P : Programs.slice(Begin).take_front(PerUnit))
        Unit.push_back(&P);
      std::vector<Outcome> Part = run(Unit, Options, "unit" + utostr(Begin));
      std::move(Part.begin(), Part.end(), Results.begin() + Begin);
    });
  Pool.wait();
  return Results;
}

/// Writes a failing program into a file that says what is wrong.
static void writeFailure(const Program &P, const Outcome &Failure,
                         const std::string &Level) {
  std::string Path = Failures + "/seed" + utostr(Seed) + "-" +
                     StringRef(P.Prefix).drop_back().str() + "-O" + Level +
                     ".c";
  std::error_code EC = sys::fs::create_directories(Failures);
  raw_fd_ostream OS(Path, EC);
  if (EC) {
    errs() << Path << ": " << EC.message() << "\n";
    return;
  }
  OS << "// -O" << Level << ": " << Failure.Text << "\n" << printUnit({&P});
  outs() << "  written to " << Path << "\n";
}

/// Prints the outcomes of one level. \returns how many failed.
static unsigned report(ArrayRef<Program> Programs, ArrayRef<Outcome> Outcomes,
                       const RunOptions &Options, const std::string &Level,
                       std::map<std::string, unsigned> &Refusals) {
  unsigned Failed = 0;
  std::map<std::string, unsigned> Seen;
  for (size_t I = 0; I != Programs.size(); ++I) {
    const Outcome &O = Outcomes[I];
    if (O.K == Outcome::Refused)
      ++Refusals[O.Class];
    if (O.K == Outcome::Ok || (O.K == Outcome::Refused && !AlsoRefused))
      continue;
    Failed += O.K == Outcome::Failed;
    outs() << "seed " << Seed << " program " << First + I << " -O" << Level
           << ": " << O.Text << "\n";
    if (Seen[O.Class]++ == 0 && Seen.size() <= Reductions) {
      Program Small = reduce(Programs[I], O, Options, Attempts);
      writeFailure(Small, run(&Small, Options, "reduced")[0], Level);
    }
    outs().flush();
  }
  return Failed;
}

int main(int Argc, char **Argv) {
  cl::HideUnrelatedOptions(Category);
  cl::ParseCommandLineOptions(Argc, Argv,
                              "Differential testing with random programs\n");
  std::vector<Program> Programs;
  for (unsigned I = 0; I != Count; ++I)
    Programs.push_back(generate(Seed, First + I));
  if (PrintOnly) {
    std::vector<const Program *> Unit;
    for (const Program &P : Programs)
      Unit.push_back(&P);
    outs() << printUnit(Unit);
    return 0;
  }

  SmallString<128> WorkFolder;
  if (std::error_code EC =
          sys::fs::createUniqueDirectory("linkgrad-fuzz", WorkFolder)) {
    errs() << "no folder for temporary files: " << EC.message() << "\n";
    return 2;
  }
  if (Levels.empty())
    Levels.push_back("2");
  unsigned Failed = 0, Refused = 0;
  std::map<std::string, unsigned> Refusals;
  for (const std::string &Level : Levels) {
    RunOptions Options{Clang, Plugin, WorkFolder.str().str(), {"-O" + Level}};
    Options.Flags.insert(Options.Flags.end(), Flags.begin(), Flags.end());
    std::vector<Outcome> Outcomes = runAll(Programs, Options);
    Failed += report(Programs, Outcomes, Options, Level, Refusals);
  }
  sys::fs::remove_directories(WorkFolder);
  for (const auto &[Message, Times] : Refusals) {
    outs() << "refused " << Times << " times: " << Message << "\n";
    Refused += Times;
  }
  size_t All = Programs.size() * Levels.size();
  outs() << All << " runs: " << All - Failed - Refused << " ok, " << Refused
         << " refused, " << Failed << " failed\n";
  return Failed ? 1 : 0;
}
