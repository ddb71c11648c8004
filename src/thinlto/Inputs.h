//===- Inputs.h - The files of a link ---------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opens input files and archive members by the names that lld gives them and
// keeps their buffers for as long as the link lasts, because summaries, lazily
// read modules and symbol names point into them.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_INPUTS_H
#define LINKGRAD_THINLTO_INPUTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>
#include <memory>
#include <optional>

namespace linkgrad {

/// Where a module is: a file, or a member of an archive.
struct FileLocation {
  std::string Path;
  /// Offset of the member's header if Path is an archive.
  std::optional<uint64_t> MemberOffset;
};

class InputFiles {
public:
  /// The bitcode of the file or archive member that lld calls \p Id: a path,
  /// or `lib.a(member.o at OFFSET)`. A native object's embedded bitcode for
  /// fat LTO is found too.
  llvm::Expected<llvm::MemoryBufferRef> bitcode(llvm::StringRef Id);

  /// Where that file is. \pre bitcode(Id) succeeded.
  FileLocation location(llvm::StringRef Id) const;

  /// The archive at \p Path.
  llvm::Expected<llvm::object::Archive &> archive(llvm::StringRef Path);

  /// The contents of the file, or of the archive member that lld's trace calls
  /// `lib.a(member.o)`: the first of that name.
  llvm::Expected<llvm::MemoryBufferRef> traced(llvm::StringRef Name);

private:
  struct OpenArchive {
    std::unique_ptr<llvm::object::Archive> Archive;
    /// Offset of the header to name and contents. A member of a thin archive
    /// is opened only when asked for.
    std::map<uint64_t, llvm::object::Archive::Child> Members;
  };

  llvm::Expected<llvm::MemoryBufferRef> open(llvm::StringRef Path);
  llvm::Expected<OpenArchive *> openArchive(llvm::StringRef Path);

  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> Files;
  llvm::StringMap<OpenArchive> Archives;
  llvm::StringMap<FileLocation> Locations;
};

/// True if one of \p Files could hold a request: a cheap look at the bytes of
/// objects and archives, so that ordinary programs are not kept waiting.
bool mayHoldRequests(llvm::ArrayRef<std::string> Files);

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_INPUTS_H
