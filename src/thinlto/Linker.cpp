//===- Linker.cpp - Finding and running lld -------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Linker.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <unistd.h>

using namespace llvm;

namespace linkgrad {

/// lld decides by its name which linker to be.
static constexpr StringLiteral LinkerName = "ld.lld";

Expected<std::string> findLLD(StringRef Wanted) {
  std::string Self =
      sys::fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&findLLD));
  auto IsSelf = [&](StringRef Path) {
    SmallString<128> Real;
    return !sys::fs::real_path(Path, Real) && Real == Self;
  };

  std::string Chosen = Wanted.str();
  if (Chosen.empty())
    Chosen = sys::Process::GetEnv("LINKGRAD_LLD").value_or("");
  if (!Chosen.empty()) {
    ErrorOr<std::string> Path = sys::findProgramByName(Chosen);
    if (!Path || !sys::fs::can_execute(*Path) || IsSelf(*Path))
      return makeError(Reason::BadInput, "no linker at " + Chosen,
                       "--linkgrad-lld and LINKGRAD_LLD name lld's program "
                       "ld.lld");
    return *Path;
  }
  SmallVector<std::string, 2> Candidates = {
      (Twine(LINKGRAD_LLVM_TOOLS_DIR "/") + LinkerName).str()};
  if (auto InPath = sys::findProgramByName(
          (LinkerName + "-" + Twine(LLVM_VERSION_MAJOR)).str()))
    Candidates.push_back(*InPath);
  for (const std::string &Path : Candidates)
    if (sys::fs::can_execute(Path) && !IsSelf(Path))
      return Path;
  return makeError(Reason::BadInput, "cannot find ld.lld",
                   "install lld-" + Twine(LLVM_VERSION_MAJOR) +
                       " or name it with --linkgrad-lld=PATH");
}

/// Writes \p Args to a response file, quoted for lld's tokenizer.
static Expected<std::string> writeResponseFile(ArrayRef<std::string> Args,
                                               const WorkDirectory &Dir) {
  std::string Path = Dir.file("arguments.rsp");
  std::error_code EC;
  raw_fd_ostream OS(Path, EC);
  if (EC)
    return createFileError(Path, EC);
  for (StringRef Arg : Args) {
    OS << '"';
    for (char C : Arg) {
      if (C == '"' || C == '\\')
        OS << '\\';
      OS << C;
    }
    OS << "\"\n";
  }
  OS.close();
  if (OS.has_error())
    return createFileError(Path, OS.error());
  return Path;
}

static SmallVector<StringRef> withProgramName(ArrayRef<std::string> Args) {
  SmallVector<StringRef> All = {LinkerName};
  append_range(All, Args);
  return All;
}

Expected<int> runLLD(StringRef LLD, ArrayRef<std::string> Args,
                     const WorkDirectory &Dir, ArrayRef<std::string> Redirect) {
  SmallVector<StringRef> Argv = withProgramName(Args);
  std::string ResponseArg;
  if (!sys::commandLineFitsWithinSystemLimits(LLD, Argv)) {
    Expected<std::string> File = writeResponseFile(Args, Dir);
    if (!File)
      return File.takeError();
    ResponseArg = "@" + *File;
    Argv = {LinkerName, ResponseArg};
  }
  SmallVector<std::optional<StringRef>, 3> Redirects;
  if (!Redirect.empty())
    Redirects = {std::nullopt, StringRef(Redirect[0]), StringRef(Redirect[1])};
  std::string Message;
  int Code =
      sys::ExecuteAndWait(LLD, Argv, /*Env=*/std::nullopt, Redirects,
                          /*SecondsToWait=*/0, /*MemoryLimit=*/0, &Message);
  if (Code == -1)
    return makeError(Reason::BadInput, "cannot run " + LLD + ": " + Message);
  if (Code < 0)
    return makeError(Reason::BadInput, LLD + " crashed: " + Message);
  return Code;
}

Error becomeLLD(StringRef LLD, ArrayRef<std::string> Args) {
  std::string Program = LLD.str();
  std::string Name = LinkerName.str();
  SmallVector<char *> Argv = {Name.data()};
  for (const std::string &Arg : Args)
    Argv.push_back(const_cast<char *>(Arg.c_str()));
  Argv.push_back(nullptr);
  execv(Program.c_str(), Argv.data());
  return makeError(
      Reason::BadInput,
      "cannot run " + LLD + ": " +
          std::error_code(errno, std::generic_category()).message());
}

} // namespace linkgrad
