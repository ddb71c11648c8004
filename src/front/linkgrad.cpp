//===- linkgrad.cpp - Looking into LinkGrad from the command line ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "support/Diagnostics.h"
#include "thinlto/Driver.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace linkgrad;

static constexpr StringLiteral Usage =
    R"(usage: linkgrad COMMAND ARGUMENTS...

commands:
  plan LINKER-ARGUMENTS...   what ld.linkgrad would do with these arguments:
                             requests, the functions that their derivatives
                             can need and where these come from, what is left
                             out and why, which modules would be rewritten
  help                       this text
)";

static Error plan(ArrayRef<const char *> Args) {
  Expected<LinkCommand> Command = parseLinkCommand(
      Args, sys::Process::GetEnv("LINKGRAD_FLAGS").value_or(""));
  if (!Command)
    return Command.takeError();
  return printLinkPlan(*Command, outs());
}

static Error run(ArrayRef<const char *> Args) {
  StringRef Name = Args.empty() ? "" : Args.front();
  if (Name == "plan")
    return plan(Args.drop_front());
  if (Name == "help" || Name == "--help") {
    outs() << Usage;
    return Error::success();
  }
  return makeError(Reason::BadInput,
                   Name.empty() ? "no command given"
                                : "unknown command '" + Name + "'",
                   "linkgrad help lists the commands");
}

int main(int argc, char **argv) {
  InitLLVM X(argc, argv);
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmParsers();

  if (Error E = run(ArrayRef(argv + 1, argc - 1))) {
    logAllUnhandledErrors(std::move(E), errs(), "linkgrad: ");
    return 1;
  }
  return 0;
}
