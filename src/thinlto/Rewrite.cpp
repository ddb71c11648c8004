//===- Rewrite.cpp - New files in the originals' places -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Rewrite.h"
#include "support/Diagnostics.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace llvm::object;

namespace linkgrad {

void RewrittenFiles::add(StringRef Id, SmallVector<char, 0> Bytes) {
  FileLocation Location = Inputs.location(Id);
  if (Location.MemberOffset)
    Members[Location.Path][*Location.MemberOffset] = std::move(Bytes);
  else
    Files[Location.Path] = std::move(Bytes);
}

static Error writeFile(StringRef Path, ArrayRef<char> Bytes) {
  return writeToOutput(Path, [&](raw_ostream &OS) {
    OS.write(Bytes.data(), Bytes.size());
    return Error::success();
  });
}

/// A copy of the archive with the same members in the same order. A thin
/// archive becomes a regular one, since its members' paths are relative.
Error RewrittenFiles::writeArchive(StringRef Original, StringRef New) {
  Expected<Archive &> Old = Inputs.archive(Original);
  if (!Old)
    return Old.takeError();
  const auto &Changed = Members[Original.str()];
  std::vector<NewArchiveMember> All;
  Error Err = Error::success();
  for (const Archive::Child &Child : Old->children(Err)) {
    Expected<NewArchiveMember> Member =
        NewArchiveMember::getOldMember(Child, /*Deterministic=*/true);
    if (!Member)
      return joinErrors(std::move(Err), Member.takeError());
    if (auto It = Changed.find(Child.getChildOffset()); It != Changed.end())
      Member->Buf = MemoryBuffer::getMemBuffer(
          StringRef(It->second.data(), It->second.size()), Member->MemberName,
          /*RequiresNullTerminator=*/false);
    // The name is the buffer's own. A thin archive's members are named by
    // their paths.
    Member->MemberName =
        sys::path::filename(Member->Buf->getBufferIdentifier());
    All.push_back(std::move(*Member));
  }
  if (Err)
    return Err;
  return llvm::writeArchive(New, All, SymtabWritingMode::NormalSymtab,
                            Archive::K_GNU, /*Deterministic=*/true,
                            /*Thin=*/false);
}

/// The argument that makes lld read \p New instead of \p Original. The
/// original's name is a pattern for lld, and ends at the first '='.
static std::string remapArgument(StringRef Original, StringRef New) {
  std::string Pattern;
  for (char C : Original) {
    if (StringRef("*?[]{}\\").contains(C))
      Pattern += '\\';
    Pattern += C == '=' ? '?' : C;
  }
  return ("--remap-inputs=" + Pattern + "=" + New).str();
}

Expected<std::vector<std::string>>
RewrittenFiles::write(const WorkDirectory &Dir) {
  std::vector<std::string> Args;
  auto Write = [&](StringRef Original, auto WriteTo) -> Error {
    // The number keeps files of the same name apart.
    std::string Name =
        (Twine(Args.size()) + "-" + sys::path::filename(Original)).str();
    if (Error E = WriteTo(Dir.file(Name)))
      return makeError(Reason::BadInput, "cannot rewrite " + Original + ": " +
                                             toString(std::move(E)));
    std::string Stable = (Dir.stableName() + "/" + Name).str();
    Args.push_back(remapArgument(Original, Stable));
    Names.emplace_back(Stable, Original);
    return Error::success();
  };
  for (auto &[Original, Bytes] : Files)
    if (Error E = Write(Original, [&Bytes = Bytes](StringRef New) {
          return writeFile(New, Bytes);
        }))
      return std::move(E);
  for (auto &[Original, Changed] : Members)
    if (Error E = Write(Original, [&, &Original = Original](StringRef New) {
          return writeArchive(Original, New);
        }))
      return std::move(E);
  return Args;
}

Error RewrittenFiles::restoreNames(StringRef File) const {
  auto Buffer = MemoryBuffer::getFile(File);
  if (!Buffer)
    return Error::success(); // lld did not write it.
  std::string Text = (*Buffer)->getBuffer().str();
  for (const auto &[New, Original] : Names)
    for (size_t At = Text.find(New); At != std::string::npos;
         At = Text.find(New, At + Original.size()))
      Text.replace(At, New.size(), Original);
  return writeFile(File, Text);
}

} // namespace linkgrad
