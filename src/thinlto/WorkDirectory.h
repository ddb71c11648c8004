//===- WorkDirectory.h - Where rewritten files are --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_WORKDIRECTORY_H
#define LINKGRAD_THINLTO_WORKDIRECTORY_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace linkgrad {

/// The directory for the files that a link needs while it lasts.
class WorkDirectory {
public:
  /// Creates \p Wanted, or a fresh directory if it is empty. The directory
  /// goes away with this object if it is fresh and not \p Keep, and also, as
  /// far as possible, if the process is killed.
  /// \param Distributed see LinkCommand; the directory is then known by its
  /// real name.
  static llvm::Expected<WorkDirectory> create(llvm::StringRef Wanted, bool Keep,
                                              bool Distributed);
  WorkDirectory(WorkDirectory &&Other);
  ~WorkDirectory();

  /// The path for a new file.
  std::string file(const llvm::Twine &Name) const;

  /// A name for the directory, valid in lld's process, that is the same
  /// wherever the directory is. Paths of modules reach ThinLTO, where they
  /// decide the order of imports; the output must not depend on them.
  llvm::StringRef stableName() const { return StableName; }

private:
  WorkDirectory(std::string Path, bool Remove)
      : Path(Path), StableName(Path), Remove(Remove) {}
  void makeNameStable();

  std::string Path;
  std::string StableName;
  int Descriptor = -1;
  bool Remove;
};

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_WORKDIRECTORY_H
