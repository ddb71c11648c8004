//===- WorkDirectory.cpp - Where rewritten files are ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/WorkDirectory.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"
#include <fcntl.h>
#include <unistd.h>
#include <utility>

using namespace llvm;

namespace linkgrad {

/// Runs in a crashed process, after its files have been removed.
static void removeEmptyDirectory(void *Path) {
  rmdir(static_cast<const char *>(Path));
}

Expected<WorkDirectory> WorkDirectory::create(StringRef Wanted, bool Keep,
                                              bool Distributed) {
  SmallString<128> Path(Wanted);
  std::error_code EC = Wanted.empty()
                           ? sys::fs::createUniqueDirectory("linkgrad", Path)
                           : sys::fs::create_directories(Path);
  if (!EC)
    EC = sys::fs::make_absolute(Path);
  if (EC)
    return makeError(Reason::BadInput,
                     "cannot create the directory '" + Path +
                         "' for rewritten files: " + EC.message());
  WorkDirectory Dir(Path.str().str(), Wanted.empty() && !Keep);
  if (Dir.Remove) {
    static std::string Fresh; // outlives every signal
    Fresh = Dir.Path;
    sys::AddSignalHandler(removeEmptyDirectory, Fresh.data());
  }
  if (!Distributed)
    Dir.makeNameStable();
  return Dir;
}

void WorkDirectory::makeNameStable() {
#ifdef __linux__
  // The descriptor is inherited by lld. Its number is out of the way of those
  // that a process starts with.
  int Opened = open(Path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (Opened < 0)
    return;
  Descriptor = fcntl(Opened, F_DUPFD, 200);
  close(Opened);
  std::string Name = ("/proc/self/fd/" + Twine(Descriptor)).str();
  if (Descriptor >= 0 && sys::fs::is_directory(Name))
    StableName = Name;
#endif
}

WorkDirectory::WorkDirectory(WorkDirectory &&Other)
    : Path(std::move(Other.Path)), StableName(std::move(Other.StableName)),
      Descriptor(std::exchange(Other.Descriptor, -1)),
      Remove(std::exchange(Other.Remove, false)) {}

WorkDirectory::~WorkDirectory() {
  if (Descriptor >= 0)
    close(Descriptor);
  if (Remove)
    sys::fs::remove_directories(Path);
}

std::string WorkDirectory::file(const Twine &Name) const {
  std::string File = (Path + "/" + Name).str();
  if (Remove)
    sys::RemoveFileOnSignal(File);
  return File;
}

} // namespace linkgrad
