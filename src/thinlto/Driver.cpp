//===- Driver.cpp - A link with derivatives, from start to end ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// lld resolves the symbols; summaries tell which bodies the derivatives can
// need; each module with requests imports these bodies, gets its derivatives
// and loses the bodies again; lld links the rewritten modules in the originals'
// places. What ThinLTO does best is left to it: inlining the derivatives into
// their callers, optimising, parallel code generation and caching.
//
// For 500 modules the steps before the final link take some tenths of a
// second: lld's symbol resolution, and 0.1 to 0.3 s for the combined index.
// The work on a module with requests grows with its closure.
//
//===----------------------------------------------------------------------===//

#include "thinlto/Driver.h"
#include "request/MagicNames.h"
#include "support/Diagnostics.h"
#include "thinlto/DebugInfo.h"
#include "thinlto/Embedded.h"
#include "thinlto/Inputs.h"
#include "thinlto/Linker.h"
#include "thinlto/Natives.h"
#include "thinlto/Plan.h"
#include "thinlto/ProgramIndex.h"
#include "thinlto/Resolution.h"
#include "thinlto/Rewrite.h"
#include "thinlto/Unit.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <sys/resource.h>

using namespace llvm;

namespace linkgrad {

namespace {

/// Wall times of the steps, for --linkgrad-time.
class StepTimer {
public:
  explicit StepTimer(bool Enabled) : Enabled(Enabled) {}

  void done(StringRef Step) {
    auto Now = Clock::now();
    if (Enabled)
      print(Step, Now - Last) << '\n';
    Last = Now;
  }

  /// Prints the time since the start, and the peak memory.
  void total(StringRef Name) {
    if (!Enabled)
      return;
    rusage Usage;
    getrusage(RUSAGE_SELF, &Usage);
    print(Name, Clock::now() - Start)
        << format(", %.0f MB\n", Usage.ru_maxrss / 1024.0);
  }

private:
  using Clock = std::chrono::steady_clock;
  raw_ostream &print(StringRef Step, Clock::duration Time) {
    return errs() << "linkgrad: " << left_justify(Step, 10)
                  << format("%9.3f s",
                            std::chrono::duration<double>(Time).count());
  }

  bool Enabled;
  Clock::time_point Start = Clock::now();
  Clock::time_point Last = Start;
};

/// All that is known of one link.
class Linking {
public:
  Linking(const LinkCommand &Command, StringRef LLD, WorkDirectory Dir)
      : Command(Command), LLD(LLD), Dir(std::move(Dir)),
        Time(Command.Options.Time),
        Pool(hardware_concurrency(Command.Options.Jobs)) {}

  Error resolve();
  Error index();
  Error plan();
  Error warn();
  Error answer();
  Error exportShared();
  Error rewrite();
  Expected<int> finish();

  Expected<int> run() {
    if (Error E = resolve())
      return E;
    // From here on it is known which files and whose definitions count.
    if (Error E = index())
      return E;
    if (Requesting.empty())
      return finish();
    if (Error E = plan())
      return E;
    if (Error E = warn())
      return E;
    // From here on nothing is decided any more.
    if (Command.Options.PrintPlan)
      print(errs());
    if (Error E = answer())
      return E;
    // From here on no module of the program needs a magic symbol.
    if (Error E = exportShared())
      return E;
    // From here on all references between modules can be resolved.
    if (Error E = rewrite())
      return E;
    Time.total("before lld");
    return finish();
  }

  Error makePlan() {
    if (Error E = resolve())
      return E;
    if (Error E = index())
      return E;
    if (Error E = plan())
      return E;
    return warn();
  }

  void print(raw_ostream &OS) {
    Plan.print(
        OS, [&](StringRef Symbol) { return Natives->find(Symbol).describe(); });
  }

private:
  Error forEach(MutableArrayRef<std::unique_ptr<FileUnit>> Units,
                function_ref<Error(FileUnit &)> Work);
  FileUnit *unitOf(StringRef File);

  const LinkCommand &Command;
  std::string LLD;
  WorkDirectory Dir;
  StepTimer Time;
  DefaultThreadPool Pool;

  InputFiles Inputs;
  Resolution Resolved;
  std::unique_ptr<NativeSymbols> Natives;
  ProgramIndex Program;
  std::vector<StringRef> Requesting; ///< ids of files with requests
  LinkPlan Plan;
  /// Files to be rewritten: first those with requests, then homes of locals
  /// that have to be exported.
  std::vector<std::unique_ptr<FileUnit>> Units;
  std::vector<std::string> RewriteArgs;
  RewrittenFiles Rewritten{Inputs};
};

/// Runs \p Work on all units at the same time. The errors are in the order of
/// the units.
Error Linking::forEach(MutableArrayRef<std::unique_ptr<FileUnit>> Some,
                       function_ref<Error(FileUnit &)> Work) {
  std::vector<Error> Results;
  for (size_t I = 0; I < Some.size(); ++I)
    Results.push_back(Error::success());
  for (size_t I = 0; I < Some.size(); ++I)
    Pool.async([&, I] {
      ErrorAsOutParameter Checked(&Results[I]);
      Results[I] = Work(*Some[I]);
    });
  Pool.wait();
  Error All = Error::success();
  for (Error &E : Results)
    All = joinErrors(std::move(All), std::move(E));
  return All;
}

FileUnit *Linking::unitOf(StringRef File) {
  auto It = find_if(Units, [&](const auto &U) { return U->file() == File; });
  return It == Units.end() ? nullptr : It->get();
}

/// Asks lld which files take part and which definitions prevail.
Error Linking::resolve() {
  Expected<Resolution> R = resolveWithLLD(LLD, Command.Args, Dir);
  if (!R)
    return R.takeError();
  Resolved = std::move(*R);
  Natives = std::make_unique<NativeSymbols>(Inputs, Resolved.Trace);
  Time.done("resolve");
  return Error::success();
}

/// Reads the summaries of all modules, and finds those that leave a magic
/// symbol undefined.
Error Linking::index() {
  StringSet<> Defined;
  for (const ResolvedModule &File : Resolved.Modules)
    for (const ResolvedSymbol &S : File.Symbols)
      if (S.Prevailing && isMagicSymbol(S.Name))
        Defined.insert(S.Name);
  auto IsRequest = [&](const ResolvedSymbol &S) {
    return isMagicSymbol(S.Name) && !Defined.contains(S.Name);
  };
  for (const ResolvedModule &File : Resolved.Modules)
    if (any_of(File.Symbols, IsRequest))
      Requesting.push_back(File.Id);
  if (Requesting.empty())
    return Error::success();

  for (const ResolvedModule &File : Resolved.Modules) {
    Expected<MemoryBufferRef> Bitcode = Inputs.bitcode(File.Id);
    if (!Bitcode)
      return Bitcode.takeError();
    if (Error E = Program.addFile(File, *Bitcode))
      return E;
  }
  Time.done("index");
  return Error::success();
}

/// Reads the modules with requests and computes what these can need.
Error Linking::plan() {
  for (StringRef File : Requesting)
    Units.push_back(std::make_unique<FileUnit>(Program, File));
  if (Error E = forEach(Units, [](FileUnit &U) { return U.read(); }))
    return E;
  EmbeddedBitcode Embedded(Inputs, *Natives, Program);
  for (bool Again = true; Again;) {
    Plan.Units.clear();
    PointerTargets Pointers(Program);
    for (auto &Unit : Units) {
      Expected<std::vector<UnitPlan>> Plans = Unit->plan(Pointers);
      if (!Plans)
        return Plans.takeError();
      append_range(Plan.Units, std::move(*Plans));
    }
    Expected<bool> Added = Embedded.addMissing(Plan);
    if (!Added)
      return Added.takeError();
    Again = *Added;
  }
  Time.done("plan");
  return Error::success();
}

/// Tells of what is registered in vain. That it was, cannot be known: no trace
/// of a call remains where it was inlined.
Error Linking::warn() {
  if (Command.Warnings == LinkCommand::Warnings::Ignore)
    return Error::success();
  for (const UnkeptFunction &F :
       Program.registrations().unkept(Program.summaries())) {
    std::string Problem =
        "'" + F.Name + "' is registered, but calls of it in " +
        Program.module(F.Module).File.str() +
        " may have been optimised away when that was compiled, and are then "
        "differentiated as if it were not registered";
    if (Command.Warnings == LinkCommand::Warnings::Fatal)
      return makeError(Reason::BadRegistration, Problem, KeepCallsHelp);
    WithColor::warning(errs(), "ld.linkgrad") << Problem << '\n';
    WithColor::note(errs(), "ld.linkgrad") << KeepCallsHelp << '\n';
  }
  return Error::success();
}

/// Differentiates.
Error Linking::answer() {
  OutsideReach Outside(Program, Plan);
  Error E = forEach(Units, [&](FileUnit &U) {
    Error Errors = Error::success();
    for (const UnitPlan &P : Plan.Units)
      if (Program.module(P.Module).File == U.file())
        Errors =
            joinErrors(std::move(Errors),
                       U.answer(P, Command.Options.Engine, *Natives, Outside));
    return Errors;
  });
  Time.done("answer");
  return E;
}

/// Exports the locals that derivatives share with their homes.
Error Linking::exportShared() {
  std::vector<SharedLocal> Shared;
  for (auto &Unit : Units)
    append_range(Shared, Unit->shared());
  size_t First = Units.size();
  for (const SharedLocal &Local : Shared) {
    const ProgramModule &Home = Program.module(Local.Home);
    if (Home.Embedded)
      return makeError(Reason::NotImportable,
                       "a derivative needs the local '" +
                           displayName(Local.Name) + "' of " + Home.File +
                           ", a native object, which cannot export it",
                       "compile " + Home.File + " with -flto=thin");
    if (!unitOf(Home.File))
      Units.push_back(std::make_unique<FileUnit>(Program, Home.File));
  }
  if (Error E = forEach(MutableArrayRef(Units).drop_front(First),
                        [](FileUnit &U) { return U.read(); }))
    return E;
  for (const SharedLocal &Local : Shared)
    if (Error E = unitOf(Program.module(Local.Home).File)->exportLocal(Local))
      return E;
  Time.done("export");
  return Error::success();
}

/// Writes the new files.
Error Linking::rewrite() {
  std::vector<SmallVector<char, 0>> Contents(Units.size());
  if (Error E = forEach(Units, [&](FileUnit &U) {
        auto It =
            find_if(Units, [&](auto &Other) { return Other.get() == &U; });
        Contents[It - Units.begin()] = U.write();
        return Error::success();
      }))
    return E;
  for (auto [Unit, Bytes] : zip(Units, Contents))
    Rewritten.add(Unit->file(), std::move(Bytes));
  Expected<std::vector<std::string>> Args = Rewritten.write(Dir);
  if (!Args)
    return Args.takeError();
  RewriteArgs = std::move(*Args);
  Time.done("rewrite");
  return Error::success();
}

/// Links for real.
Expected<int> Linking::finish() {
  std::vector<std::string> Args = Command.Args;
  append_range(Args, RewriteArgs);
  if (!Requesting.empty() && Command.LeavesOutDebugInfo)
    append_range(Args, argumentsToDropDebugInfo());
  Expected<int> Code = runLLD(LLD, Args, Dir);
  if (!Code)
    return Code;
  if (*Code != 0) {
    if (auto Request = Natives->findRequest())
      errs() << "ld.linkgrad: note: " << Request->first
             << " is a native object and needs '"
             << displayName(Request->second)
             << "'; compile it with -flto=thin\n";
    return Code;
  }
  Time.done("lld");
  if (!Command.DependencyFile.empty())
    if (Error E = Rewritten.restoreNames(Command.DependencyFile))
      return E;
  return 0;
}

Expected<std::unique_ptr<Linking>> startLinking(const LinkCommand &Command) {
  Expected<std::string> LLD = findLLD(Command.Options.LLD);
  if (!LLD)
    return LLD.takeError();
  Expected<WorkDirectory> Dir = WorkDirectory::create(
      Command.Options.TempDir, Command.Options.SaveTemps, Command.Distributed);
  if (!Dir)
    return Dir.takeError();
  return std::make_unique<Linking>(Command, *LLD, std::move(*Dir));
}

} // namespace

Expected<int> link(const LinkCommand &Command) {
  if (!mayHoldRequests(Command.Files)) {
    Expected<std::string> LLD = findLLD(Command.Options.LLD);
    if (!LLD)
      return LLD.takeError();
    return becomeLLD(*LLD, Command.Args);
  }
  Expected<std::unique_ptr<Linking>> L = startLinking(Command);
  if (!L)
    return L.takeError();
  return (*L)->run();
}

Error printLinkPlan(const LinkCommand &Command, raw_ostream &OS) {
  Expected<std::unique_ptr<Linking>> L = startLinking(Command);
  if (!L)
    return L.takeError();
  if (Error E = (*L)->makePlan())
    return E;
  (*L)->print(OS);
  return Error::success();
}

} // namespace linkgrad
