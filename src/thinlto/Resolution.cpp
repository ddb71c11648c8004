//===- Resolution.cpp - What lld made of the inputs -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Resolution.h"
#include "support/Diagnostics.h"
#include "thinlto/Linker.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

Expected<std::vector<ResolvedModule>> parseResolution(StringRef Text) {
  std::vector<ResolvedModule> Modules;
  for (StringRef Line : split(Text, '\n')) {
    if (Line.empty())
      continue;
    StringRef Symbol = Line;
    // Names of files and symbols may contain commas. The file's name is known
    // from the line that opens its list, the flags follow the last comma.
    if (Modules.empty() || !Symbol.consume_front("-r=") ||
        !Symbol.consume_front(Modules.back().Id) ||
        !Symbol.consume_front(",")) {
      Modules.push_back({Line.str(), {}});
      continue;
    }
    size_t Comma = Symbol.rfind(',');
    if (Comma == StringRef::npos)
      return makeError(Reason::BadInput,
                       "lld's symbol resolution is not understood: " + Line);
    StringRef Flags = Symbol.drop_front(Comma + 1);
    Modules.back().Symbols.push_back(
        {Symbol.take_front(Comma).str(), Flags.contains('p'),
         Flags.contains('l'), Flags.contains('x'), Flags.contains('r')});
  }
  return Modules;
}

static std::string contents(const Twine &Path) {
  auto Buffer = MemoryBuffer::getFile(Path);
  return Buffer ? (*Buffer)->getBuffer().str() : "";
}

Expected<Resolution> resolveWithLLD(StringRef LLD, ArrayRef<std::string> Args,
                                    const WorkDirectory &Dir) {
  std::string Out = Dir.file("resolve");
  std::string Symbols = Dir.file("resolve.resolution.txt"); // lld's choice
  std::string Redirect[] = {Dir.file("trace"), Dir.file("errors")};
  std::vector<std::string> ResolveArgs = Args.vec();
  // No backend runs for a ThinLTO module, and what full LTO merges is written
  // out unoptimised. Warnings will come with the real link.
  for (const char *Arg :
       {"--save-temps=resolution", "--thinlto-single-module=__none__",
        "--lto-emit-llvm", "--lto-newpm-passes=verify", "-w", "-t", "-o"})
    ResolveArgs.push_back(Arg);
  ResolveArgs.push_back(Out);
  Expected<int> Code = runLLD(LLD, ResolveArgs, Dir, Redirect);
  if (!Code)
    return Code.takeError();
  if (*Code != 0) {
    std::string Why = StringRef(contents(Redirect[1])).trim().str();
    return makeError(Reason::BadInput, "lld cannot resolve the inputs\n" + Why);
  }

  Resolution R;
  Expected<std::vector<ResolvedModule>> Modules =
      parseResolution(contents(Symbols));
  if (!Modules)
    return Modules.takeError();
  R.Modules = std::move(*Modules);
  std::string Trace = contents(Redirect[0]);
  StringSet<> Seen;
  for (StringRef Line : split(Trace, '\n'))
    if (!Line.empty() && Seen.insert(Line).second)
      R.Trace.push_back(Line.str());
  return R;
}

} // namespace linkgrad
