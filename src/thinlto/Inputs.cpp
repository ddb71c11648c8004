//===- Inputs.cpp - The files of a link -----------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Inputs.h"
#include "support/Diagnostics.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/IRObjectFile.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace llvm::object;

namespace linkgrad {

static Error badFile(const Twine &Name, Error E) {
  return makeError(Reason::BadInput,
                   "cannot read " + Name + ": " + toString(std::move(E)));
}

Expected<MemoryBufferRef> InputFiles::open(StringRef Path) {
  std::unique_ptr<MemoryBuffer> &Buffer = Files[Path];
  if (!Buffer) {
    auto File = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
    if (!File)
      return badFile(Path, errorCodeToError(File.getError()));
    Buffer = std::move(*File);
  }
  return Buffer->getMemBufferRef();
}

Expected<InputFiles::OpenArchive *> InputFiles::openArchive(StringRef Path) {
  OpenArchive &A = Archives[Path];
  if (A.Archive)
    return &A;
  Expected<MemoryBufferRef> Buffer = open(Path);
  if (!Buffer)
    return Buffer.takeError();
  Expected<std::unique_ptr<Archive>> Parsed = Archive::create(*Buffer);
  if (!Parsed)
    return badFile(Path, Parsed.takeError());
  Error Err = Error::success();
  for (const Archive::Child &C : (*Parsed)->children(Err))
    A.Members.try_emplace(C.getChildOffset(), C);
  if (Err)
    return badFile(Path, std::move(Err));
  A.Archive = std::move(*Parsed);
  return &A;
}

Expected<Archive &> InputFiles::archive(StringRef Path) {
  Expected<OpenArchive *> A = openArchive(Path);
  if (!A)
    return A.takeError();
  return *(*A)->Archive;
}

/// Splits `lib.a(member.o at 82)`.
static std::optional<FileLocation> parseMemberId(StringRef Id) {
  if (!Id.consume_back(")"))
    return std::nullopt;
  auto [Front, Offset] = Id.rsplit(" at ");
  uint64_t Value;
  // A member's name has no slash, but may have a parenthesis; so may a path.
  size_t Open = Front.find('(', Front.rfind('/') + 1);
  if (Open == StringRef::npos || Offset.getAsInteger(10, Value))
    return std::nullopt;
  return FileLocation{Front.take_front(Open).str(), Value};
}

Expected<MemoryBufferRef> InputFiles::bitcode(StringRef Id) {
  Expected<MemoryBufferRef> Buffer = MemoryBufferRef();
  std::optional<FileLocation> Member;
  if (!sys::fs::exists(Id))
    Member = parseMemberId(Id);
  if (Member) {
    Expected<OpenArchive *> A = openArchive(Member->Path);
    if (!A)
      return A.takeError();
    auto It = (*A)->Members.find(*Member->MemberOffset);
    if (It == (*A)->Members.end())
      return makeError(Reason::BadInput, Id + " has changed during the link");
    Buffer = It->second.getMemoryBufferRef();
    if (!Buffer)
      return badFile(Id, Buffer.takeError());
  } else {
    Buffer = open(Id);
    if (!Buffer)
      return Buffer;
  }
  Locations[Id] = Member ? *Member : FileLocation{Id.str(), std::nullopt};
  Expected<MemoryBufferRef> Bitcode =
      IRObjectFile::findBitcodeInMemBuffer(*Buffer);
  if (!Bitcode)
    return badFile(Id, Bitcode.takeError());
  return Bitcode;
}

FileLocation InputFiles::location(StringRef Id) const {
  return Locations.lookup(Id);
}

Expected<MemoryBufferRef> InputFiles::traced(StringRef Name) {
  if (sys::fs::exists(Name) || !Name.ends_with(")"))
    return open(Name);
  size_t Open = Name.find('(', Name.rfind('/') + 1);
  StringRef Member = Name.drop_front(Open + 1).drop_back();
  Expected<OpenArchive *> A = openArchive(Name.take_front(Open));
  if (!A)
    return A.takeError();
  for (const auto &[Offset, Child] : (*A)->Members) {
    Expected<StringRef> ChildName = Child.getName();
    if (!ChildName)
      consumeError(ChildName.takeError());
    else if (ChildName->ends_with(Member))
      return Child.getMemoryBufferRef();
  }
  return makeError(Reason::BadInput, "cannot find " + Name);
}

//===----------------------------------------------------------------------===//
// The cheap look
//===----------------------------------------------------------------------===//

/// All magic names contain this, and bitcode stores names as plain bytes.
static bool mentionsMagic(StringRef Bytes) {
  return Bytes.contains("__enzyme_");
}

static bool thinArchiveMentionsMagic(MemoryBufferRef Buffer) {
  // Whatever is wrong with the archive, lld will say it.
  Expected<std::unique_ptr<Archive>> A = Archive::create(Buffer);
  if (!A) {
    consumeError(A.takeError());
    return false;
  }
  Error Err = Error::success();
  bool Found = false;
  for (const Archive::Child &C : (*A)->children(Err)) {
    Expected<StringRef> Bytes = C.getBuffer();
    if (!Bytes)
      consumeError(Bytes.takeError());
    else
      Found |= mentionsMagic(*Bytes);
  }
  consumeError(std::move(Err));
  return Found;
}

bool mayHoldRequests(ArrayRef<std::string> Files) {
  return any_of(Files, [](StringRef Path) {
    auto File = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
    if (!File)
      return false;
    StringRef Bytes = (*File)->getBuffer();
    switch (identify_magic(Bytes)) {
    case file_magic::bitcode:
    case file_magic::elf_relocatable: // embedded bitcode, or a mistake
      return mentionsMagic(Bytes);
    case file_magic::archive:
      return Bytes.starts_with(ThinArchiveMagic)
                 ? thinArchiveMentionsMagic(**File)
                 : mentionsMagic(Bytes);
    default:
      return false;
    }
  });
}

} // namespace linkgrad
