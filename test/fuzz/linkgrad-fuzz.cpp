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

#include "Coverage.h"
#include "Generator.h"
#include "Printer.h"
#include "Runner.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <set>

using namespace llvm;
using namespace linkgrad::fuzz;

static cl::OptionCategory Category("linkgrad-fuzz");
static cl::opt<uint64_t> Seed("seed", cl::desc("which sequence of programs"),
                              cl::init(1), cl::cat(Category));
static cl::opt<unsigned> First("first", cl::desc("the first program's number"),
                               cl::init(0), cl::cat(Category));
static cl::opt<unsigned> Count("count", cl::desc("how many programs"),
                               cl::init(100), cl::cat(Category));
static cl::list<std::string>
    Levels("opt-level", cl::CommaSeparated, cl::cat(Category),
           cl::desc("levels to compile at, unit by unit in turn, as 0,2; with"
                    " -g as 0g"));
static cl::opt<std::string>
    BackEnd("back-end", cl::init("0"), cl::cat(Category),
            cl::desc("the code generator's level, which costs half of the time"
                     " where it is higher"));
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
static cl::opt<unsigned> PerUnit("per-unit", cl::init(50),
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
static cl::opt<bool>
    CoverageOnly("coverage", cl::cat(Category),
                 cl::desc("print how many of the programs contain what, and do"
                          " no more"));

namespace {

/// Some programs that are compiled as one translation unit at one level.
struct Unit {
  unsigned First;
  RunOptions Options;
  std::string Level;
  std::vector<Program> Programs;
  std::vector<Outcome> Outcomes;
};

/// Runs all programs, some units at a time, so that few are in memory, and
/// prints what is wrong.
class Fuzzer {
public:
  explicit Fuzzer(StringRef WorkFolder) : WorkFolder(WorkFolder) {}

  /// \returns how many programs failed.
  unsigned run();

private:
  const std::string WorkFolder;
  std::map<std::string, unsigned> Refusals;
  std::set<std::string> Reduced;
  unsigned Failed = 0;

  Unit makeUnit(unsigned First, unsigned Size) const;
  void report(const Unit &U);
};

} // namespace

/// The level follows from the number, so a program that is run alone gets the
/// one that it had.
Unit Fuzzer::makeUnit(unsigned First, unsigned Size) const {
  Unit U;
  U.First = First;
  U.Level = Levels[First / PerUnit % Levels.size()];
  StringRef Level = U.Level;
  bool DebugInfo = Level.consume_back("g");
  U.Options = {Clang, Plugin, WorkFolder, {"-O" + Level.str()}, "-O" + BackEnd};
  if (DebugInfo)
    U.Options.Flags.push_back("-g");
  U.Options.Flags.insert(U.Options.Flags.end(), Flags.begin(), Flags.end());
  for (unsigned I = 0; I != Size; ++I)
    U.Programs.push_back(generate(Seed, First + I));
  std::vector<const Program *> Programs;
  for (const Program &P : U.Programs)
    Programs.push_back(&P);
  U.Outcomes = linkgrad::fuzz::run(Programs, U.Options, "unit" + utostr(First));
  return U;
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

void Fuzzer::report(const Unit &U) {
  for (size_t I = 0; I != U.Programs.size(); ++I) {
    const Outcome &O = U.Outcomes[I];
    if (O.K == Outcome::Refused)
      ++Refusals[O.Class];
    if (O.K == Outcome::Ok || (O.K == Outcome::Refused && !AlsoRefused))
      continue;
    Failed += O.K == Outcome::Failed;
    outs() << "seed " << Seed << " program " << U.First + I << " -O" << U.Level
           << ": " << O.Text << "\n";
    if (Reduced.size() < Reductions && Reduced.insert(O.Class).second) {
      Program Small = reduce(U.Programs[I], O, U.Options, Attempts);
      writeFailure(Small, linkgrad::fuzz::run(&Small, U.Options, "reduced")[0],
                   U.Level);
    }
    outs().flush();
  }
}

unsigned Fuzzer::run() {
  DefaultThreadPool Pool(hardware_concurrency(Jobs));
  const unsigned End = First + Count;
  for (unsigned Next = First; Next != End;) {
    std::vector<Unit> Units(8 * Pool.getMaxConcurrency());
    for (Unit &U : Units) {
      // Units begin at multiples of their size, wherever the run begins.
      unsigned Size = std::min(PerUnit - Next % PerUnit, End - Next);
      if (Size == 0)
        break;
      Pool.async([&, this, Begin = Next, Size] { U = makeUnit(Begin, Size); });
      Next += Size;
    }
    Pool.wait();
    for (const Unit &U : Units)
      report(U);
  }
  unsigned Refused = 0;
  for (const auto &[Message, Times] : Refusals) {
    outs() << "refused " << Times << " times: " << Message << "\n";
    Refused += Times;
  }
  outs() << Count << " runs: " << Count - Failed - Refused << " ok, " << Refused
         << " refused, " << Failed << " failed\n";
  return Failed;
}

static void printPrograms() {
  std::vector<Program> Programs;
  for (unsigned I = 0; I != Count; ++I)
    Programs.push_back(generate(Seed, First + I));
  std::vector<const Program *> Unit;
  for (const Program &P : Programs)
    Unit.push_back(&P);
  outs() << printUnit(Unit);
}

static void printCoverage() {
  Coverage C;
  for (unsigned I = 0; I != Count; ++I)
    C.add(generate(Seed, First + I));
  for (const auto &[Construct, Programs] : C.programs())
    outs() << Construct << ": " << Programs << "\n";
}

int main(int Argc, char **Argv) {
  cl::HideUnrelatedOptions(Category);
  cl::ParseCommandLineOptions(Argc, Argv,
                              "Differential testing with random programs\n");
  if (PerUnit == 0) {
    errs() << "--per-unit must not be 0\n";
    return 2;
  }
  if (PrintOnly || CoverageOnly) {
    PrintOnly ? printPrograms() : printCoverage();
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
  unsigned Failed = Fuzzer(WorkFolder).run();
  sys::fs::remove_directories(WorkFolder);
  return Failed ? 1 : 0;
}
