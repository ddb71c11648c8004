//===- Embedded.cpp - Bitcode inside of native objects --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Embedded.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace llvm;
using namespace llvm::object;

namespace linkgrad {

Expected<bool> EmbeddedBitcode::addMissing(const LinkPlan &Plan) {
  bool Added = false;
  for (const UnitPlan &Unit : Plan.Units)
    for (const ClosureCut &Cut : Unit.Needs.Cuts) {
      StringRef Symbol = Cut.VI.name();
      if (Cut.Why != CutReason::NoBody || Found.contains(Symbol))
        continue;
      NativeDefinition Definition = Natives.find(Symbol);
      if (Definition.Kind != NativeDefinition::Object)
        continue;
      Expected<bool> HasBitcode = addObject(Definition.File);
      if (!HasBitcode)
        return HasBitcode;
      if (!*HasBitcode)
        continue;
      Found.insert(Symbol);
      Program.setPrevailing(Symbol, Definition.File);
      Added = true;
    }
  return Added;
}

/// The contents of the section with bitcode; empty if there is none.
static StringRef findBitcode(const ObjectFile &Object) {
  for (const SectionRef &Section : Object.sections()) {
    Expected<StringRef> Name = Section.getName();
    if (!Name) {
      consumeError(Name.takeError());
      continue;
    }
    if (*Name != ".llvm.lto" && *Name != ".llvmbc")
      continue;
    Expected<StringRef> Contents = Section.getContents();
    if (!Contents)
      consumeError(Contents.takeError());
    // With -fembed-bitcode=marker the section is there, and empty.
    else if (identify_magic(*Contents) == file_magic::bitcode)
      return *Contents;
  }
  return "";
}

Expected<bool> EmbeddedBitcode::addObject(StringRef Name) {
  auto [It, Inserted] = Objects.try_emplace(Name, false);
  if (!Inserted)
    return It->second;
  // NativeSymbols has read it before.
  Expected<MemoryBufferRef> Buffer = Inputs.traced(Name);
  if (!Buffer)
    return Buffer.takeError();
  Expected<std::unique_ptr<ObjectFile>> Object =
      ObjectFile::createELFObjectFile(*Buffer);
  if (!Object)
    return Object.takeError();
  StringRef Bitcode = findBitcode(**Object);
  if (Bitcode.empty())
    return false;
  if (Error E = Program.addFile({Name.str(), {}},
                                MemoryBufferRef(Bitcode, It->first()),
                                /*Embedded=*/true))
    return std::move(E);
  return It->second = true;
}

} // namespace linkgrad
