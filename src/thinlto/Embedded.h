//===- Embedded.h - Bitcode inside of native objects ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A native object can carry the bitcode that it was made from: `.llvmbc`
// (clang -fembed-bitcode, rustc's standard library) or `.llvm.lto`
// (-ffat-lto-objects). The linker links the native code; a derivative can be
// made from the bitcode. Only objects that define something that a closure
// misses are looked into.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_EMBEDDED_H
#define LINKGRAD_THINLTO_EMBEDDED_H

#include "thinlto/Natives.h"
#include "thinlto/Plan.h"
#include "llvm/ADT/StringSet.h"

namespace linkgrad {

class EmbeddedBitcode {
public:
  EmbeddedBitcode(InputFiles &Inputs, NativeSymbols &Natives,
                  ProgramIndex &Program)
      : Inputs(Inputs), Natives(Natives), Program(Program) {}

  /// Adds to the program what the closures of \p Plan miss and native objects
  /// have as bitcode. \returns whether there was anything; then the closures
  /// must be computed again, and can miss something else.
  llvm::Expected<bool> addMissing(const LinkPlan &Plan);

private:
  /// \returns whether the object \p Name has bitcode.
  llvm::Expected<bool> addObject(llvm::StringRef Name);

  InputFiles &Inputs;
  NativeSymbols &Natives;
  ProgramIndex &Program;
  llvm::StringMap<bool> Objects; ///< to whether they have bitcode
  llvm::StringSet<> Found;       ///< symbols that were added
};

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_EMBEDDED_H
