//===- ld.linkgrad.cpp - The linker in lld's place ------------------------===//
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

static Expected<int> run(ArrayRef<const char *> Args) {
  Expected<LinkCommand> Command = parseLinkCommand(
      Args, sys::Process::GetEnv("LINKGRAD_FLAGS").value_or(""));
  if (!Command)
    return Command.takeError();
  return link(*Command);
}

int main(int argc, char **argv) {
  InitLLVM X(argc, argv);
  // The bitcode writer makes no symbol table for an unknown target.
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmParsers();

  Expected<int> Code = run(ArrayRef(argv + 1, argc - 1));
  if (!Code) {
    logAllUnhandledErrors(Code.takeError(), errs(), "ld.linkgrad: ");
    return 1;
  }
  return *Code;
}
