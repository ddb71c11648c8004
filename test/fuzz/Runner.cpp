//===- Runner.cpp - Compiles and runs random programs ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Runner.h"
#include "Printer.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace llvm;
using namespace linkgrad::fuzz;

namespace {

class UnitRunner {
public:
  UnitRunner(const RunOptions &Options, const std::string &Tag)
      : Options(Options), Base(Options.WorkFolder + "/" + Tag) {}

  std::vector<Outcome> run(ArrayRef<const Program *> Programs);

private:
  const RunOptions &Options;
  const std::string Base;

  int execute(ArrayRef<StringRef> Command, StringRef Output, int Seconds);
  int compile();
  std::vector<Outcome> execute(ArrayRef<const Program *> Programs);
};

} // namespace

static std::string readFile(const Twine &Path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Path);
  return Buffer ? (*Buffer)->getBuffer().str() : "";
}

/// \p Text without what differs between programs: quoted names, numbers.
static std::string classOf(StringRef Text) {
  std::string Class;
  bool Quoted = false;
  for (char C : Text) {
    if (C == '\'')
      Quoted = !Quoted;
    else if (!Quoted && !isDigit(C))
      Class += C;
  }
  return Class;
}

/// What the compiler's messages say about a program that it did not compile.
static Outcome classifyMessages(StringRef Messages, int Status) {
  Outcome Result{Outcome::Failed, "", ""};
  SmallVector<StringRef> Lines;
  Messages.split(Lines, '\n');
  for (StringRef Line : Lines) {
    if (!Line.contains("error: "))
      continue;
    Result.Text = Line.substr(Line.rfind("error: ")).str();
    Result.Class = classOf(Result.Text);
    // Errors about the C program begin with a place. Ours end with the reason,
    // and all but one are refusals.
    if (Line.starts_with("error: ") && Line.ends_with("]") &&
        !Line.ends_with("[internal]"))
      Result.K = Outcome::Refused;
    return Result;
  }
  for (StringRef Line : Lines)
    if (Line.contains("Assertion") || Line.contains("LLVM ERROR") ||
        Line.contains("broken") || Line.contains("linkgrad::")) {
      Result.Text = ("compiler: " + Line.trim()).str();
      Result.Class = "compiler crash";
      return Result;
    }
  Result.Text = Status == 124 ? "compiler: timeout"
                              : "compiler: exit code " + itostr(Status);
  Result.Class = Result.Text;
  return Result;
}

/// Runs a command with a time limit. \returns its exit code.
int UnitRunner::execute(ArrayRef<StringRef> Command, StringRef Output,
                        int Seconds) {
  // The limit of sys::ExecuteAndWait works with a signal, for one thread only.
  ErrorOr<std::string> Timeout = sys::findProgramByName("timeout");
  if (!Timeout)
    return 127;
  std::string Limit = itostr(Seconds);
  SmallVector<StringRef> Arguments{*Timeout, Limit};
  Arguments.append(Command.begin(), Command.end());
  std::optional<StringRef> Redirects[] = {StringRef(""), Output, Output};
  return sys::ExecuteAndWait(*Timeout, Arguments, std::nullopt, Redirects, 0,
                             2048);
}

/// Optimises and differentiates at one level and generates code at another. At
/// -O2, half of a whole compilation would be the generation of good code, which
/// tests nothing of ours.
int UnitRunner::compile() {
  std::string Source = Base + ".c", Bitcode = Base + ".bc";
  std::string Plugin = "-fpass-plugin=" + Options.Plugin;
  SmallVector<StringRef> Command{Options.Clang, "-w", Plugin};
  for (const std::string &Flag : Options.Flags)
    Command.push_back(Flag);
  Command.append({Source, "-emit-llvm", "-c", "-o", Bitcode});
  if (int Status = execute(Command, Base + ".err", 120))
    return Status;
  return execute({Options.Clang, "-w", Options.BackEnd, Bitcode, "-o", Base,
                  "-fuse-ld=lld", "-lm"},
                 Base + ".err", 120);
}

/// What a compiled unit prints of its programs, by their prefixes. If a
/// function without a derivative is called through a pointer, a program prints
/// our error and aborts.
static std::map<StringRef, Outcome> classifyResults(StringRef Output) {
  std::map<StringRef, Outcome> Results;
  StringRef Refusal;
  SmallVector<StringRef> Lines;
  Output.split(Lines, '\n');
  for (StringRef Line : Lines) {
    if (Line.consume_front("linkgrad: stopped in a derivative: ")) {
      Refusal = Line;
      continue;
    }
    auto [Prefix, Text] = Line.split(' ');
    if (Prefix.empty()) // More of an error.
      continue;
    Outcome Result;
    if (Text == "signal 6" && !Refusal.empty())
      Result = {Outcome::Refused, Refusal.str(), classOf(Refusal)};
    else if (Text != "ok")
      Result = {Outcome::Failed, Text.str(), Text.split(':').first.str()};
    Results.insert({Prefix, Result});
    Refusal = "";
  }
  return Results;
}

/// Runs a compiled unit.
std::vector<Outcome> UnitRunner::execute(ArrayRef<const Program *> Programs) {
  int Status = execute({Base}, Base + ".out", 120);
  std::string Output = readFile(Base + ".out"),
              None = "no result, exit code " + itostr(Status);
  std::map<StringRef, Outcome> Lines = classifyResults(Output);
  std::vector<Outcome> Results;
  for (const Program *P : Programs) {
    auto Line = Lines.find(P->Prefix);
    Results.push_back(Line != Lines.end()
                          ? Line->second
                          : Outcome{Outcome::Failed, None, None});
  }
  return Results;
}

std::vector<Outcome> UnitRunner::run(ArrayRef<const Program *> Programs) {
  std::error_code EC;
  raw_fd_ostream(Base + ".c", EC) << printUnit(Programs);
  int Status = EC ? 1 : compile();
  if (Status == 0)
    return execute(Programs);
  if (Programs.size() == 1)
    return {classifyMessages(readFile(Base + ".err"), Status)};
  size_t Half = Programs.size() / 2;
  std::vector<Outcome> Results = run(Programs.take_front(Half));
  for (Outcome &Result : run(Programs.drop_front(Half)))
    Results.push_back(std::move(Result));
  return Results;
}

std::vector<Outcome> linkgrad::fuzz::run(ArrayRef<const Program *> Programs,
                                         const RunOptions &Options,
                                         const std::string &Tag) {
  return UnitRunner(Options, Tag).run(Programs);
}
