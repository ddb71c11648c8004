//===- Unit.h - The work on one file ----------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A bitcode file that is rewritten: read, its requests answered, the locals
// exported that others' derivatives share, and written again. Each file has an
// LLVMContext of its own, so different files can be worked on in parallel.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_UNIT_H
#define LINKGRAD_THINLTO_UNIT_H

#include "support/Options.h"
#include "thinlto/Import.h"
#include "thinlto/Natives.h"
#include "thinlto/OutsideReach.h"
#include "thinlto/Plan.h"
#include <memory>

namespace linkgrad {

class FileUnit {
public:
  FileUnit(const ProgramIndex &Program, llvm::StringRef File)
      : Program(Program), File(File) {}

  llvm::StringRef file() const { return File; }

  /// Reads all modules of the file.
  llvm::Error read();

  /// What the file's modules ask for: one plan for each module with requests.
  llvm::Expected<std::vector<UnitPlan>> plan(PointerTargets &Pointers);

  /// Answers all requests of the module that \p Unit plans for. Errors about
  /// missing bodies are completed with what the link knows about them.
  llvm::Error answer(const UnitPlan &Unit, const Options &Opts,
                     NativeSymbols &Natives, OutsideReach &Outside);

  /// What the answers share with other modules.
  llvm::ArrayRef<SharedLocal> shared() const { return Shared; }

  /// Gives one of the file's locals the name and linkage under which others
  /// refer to it.
  llvm::Error exportLocal(const SharedLocal &Local);

  /// The file's new contents.
  llvm::SmallVector<char, 0> write();

private:
  struct Part {
    llvm::StringRef Path;
    std::unique_ptr<llvm::Module> Module;
    bool HasSummary;
  };
  Part &part(llvm::StringRef Path);

  const ProgramIndex &Program;
  llvm::StringRef File;
  std::unique_ptr<llvm::LLVMContext> Context;
  std::vector<Part> Parts;
  std::vector<SharedLocal> Shared;
};

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_UNIT_H
