//===- Natives.h - Symbols without bitcode ----------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_NATIVES_H
#define LINKGRAD_THINLTO_NATIVES_H

#include "thinlto/Inputs.h"
#include "llvm/ADT/StringMap.h"
#include <mutex>
#include <vector>

namespace linkgrad {

/// Who defines a symbol that has no bitcode.
struct NativeDefinition {
  enum FileKind { Nowhere, Object, SharedLibrary };
  FileKind Kind = Nowhere;
  std::string File;

  /// "defined in spline.o, a native object", "not defined by any input".
  std::string describe() const;
};

/// The symbol tables of a link's native objects and shared libraries. They are
/// read when the first question is asked, which is when something is missing.
class NativeSymbols {
public:
  /// \param Trace the files of the link (Resolution::Trace).
  NativeSymbols(InputFiles &Inputs, llvm::ArrayRef<std::string> Trace)
      : Inputs(Inputs), Trace(Trace.vec()) {}

  /// Can be called from several threads.
  NativeDefinition find(llvm::StringRef Symbol);

  /// The first native object that needs a magic symbol, and the symbol.
  std::optional<std::pair<std::string, std::string>> findRequest();

private:
  void read();
  void readFile(llvm::StringRef Name);

  std::once_flag Once;
  InputFiles &Inputs;
  std::vector<std::string> Trace;
  llvm::StringMap<NativeDefinition> Definitions;
  std::optional<std::pair<std::string, std::string>> Request;
};

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_NATIVES_H
