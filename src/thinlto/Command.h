//===- Command.h - What a linker command line says --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The link layer reads of the linker's command line only what names inputs and
// outputs, and its own options; lld gets everything else untouched. Which
// files really take part in the link is never guessed from here: lld is asked
// (Resolution.h).
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_COMMAND_H
#define LINKGRAD_THINLTO_COMMAND_H

#include "support/Options.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace linkgrad {

/// The options `--linkgrad-…`.
struct LinkOptions {
  /// Requesting modules worked on at the same time; 0: one a core. The output
  /// does not depend on it.
  unsigned Jobs = 0;
  /// The linker to ask and to run; empty: see findLLD().
  std::string LLD;
  /// Where rewritten files go; empty: a fresh directory in the system's
  /// temporary directory. A given directory is created if it is missing.
  std::string TempDir;
  /// Keep the rewritten files.
  bool SaveTemps = false;
  /// Print the plan before it is carried out.
  bool PrintPlan = false;
  /// Print how long each step took.
  bool Time = false;
  /// For the engine.
  Options Engine;
};

struct LinkCommand {
  /// Arguments for lld: the original ones without `--linkgrad-…`.
  std::vector<std::string> Args;
  /// Every existing file that can be an input, in command line order: plain
  /// arguments, what `-l` finds, what linker scripts mention. May hold too
  /// much, e.g. the value of an option that happens to name a file.
  std::vector<std::string> Files;
  std::string Output = "a.out";
  /// Other programs will read the inputs, now or later: a DTLTO distributor, or
  /// a build system that runs the backends itself.
  bool Distributed = false;
  /// No debug information is wanted in the program (DebugInfo.h).
  bool LeavesOutDebugInfo = false;
  /// What `--fatal-warnings` and `--no-warnings` say.
  enum class Warnings { Print, Ignore, Fatal } Warnings = Warnings::Print;
  /// The file that `--dependency-file` asks for.
  std::string DependencyFile;
  LinkOptions Options;
};

/// Parses \p Args (without the program's name). `--linkgrad-…` options are
/// also taken from \p Flags, the value of LINKGRAD_FLAGS, separated as in a
/// shell; the command line has the last word.
llvm::Expected<LinkCommand> parseLinkCommand(llvm::ArrayRef<const char *> Args,
                                             llvm::StringRef Flags);

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_COMMAND_H
