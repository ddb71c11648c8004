//===- Rewrite.h - New files in the originals' places -----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rewritten bitcode files, and archives with rewritten members, are written to
// a directory, and lld is told to read them wherever the command line, a
// search path or a linker script leads to the original. Order and laziness of
// the inputs stay what they were.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_REWRITE_H
#define LINKGRAD_THINLTO_REWRITE_H

#include "thinlto/Inputs.h"
#include "thinlto/WorkDirectory.h"
#include "llvm/ADT/SmallVector.h"
#include <string>
#include <vector>

namespace linkgrad {

class RewrittenFiles {
public:
  explicit RewrittenFiles(InputFiles &Inputs) : Inputs(Inputs) {}

  /// Gives the file or archive member \p Id new contents.
  void add(llvm::StringRef Id, llvm::SmallVector<char, 0> Bytes);

  /// Writes all files to \p Dir. \returns arguments for lld.
  llvm::Expected<std::vector<std::string>> write(const WorkDirectory &Dir);

  /// Puts the originals' names into a file that lld wrote about its inputs.
  llvm::Error restoreNames(llvm::StringRef File) const;

private:
  llvm::Error writeArchive(llvm::StringRef Original, llvm::StringRef New);

  InputFiles &Inputs;
  /// By the original's path.
  std::map<std::string, llvm::SmallVector<char, 0>> Files;
  /// By the archive's path and the member's offset.
  std::map<std::string, std::map<uint64_t, llvm::SmallVector<char, 0>>> Members;
  /// New names and the originals' names.
  std::vector<std::pair<std::string, std::string>> Names;
};

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_REWRITE_H
