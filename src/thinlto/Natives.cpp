//===- Natives.cpp - Symbols without bitcode ------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Natives.h"
#include "request/MagicNames.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace llvm;
using namespace llvm::object;

namespace linkgrad {

std::string NativeDefinition::describe() const {
  switch (Kind) {
  case Nowhere:
    return "not defined by any input";
  case Object:
    return "defined in " + File + ", a native object";
  case SharedLibrary:
    return "defined in " + File + ", a shared library";
  }
  return "";
}

void NativeSymbols::readFile(StringRef Name) {
  // lld has read all of these; what cannot be read here defines nothing here.
  Expected<MemoryBufferRef> Buffer = Inputs.traced(Name);
  if (!Buffer)
    return consumeError(Buffer.takeError());
  file_magic Magic = identify_magic(Buffer->getBuffer());
  if (Magic != file_magic::elf_relocatable &&
      Magic != file_magic::elf_shared_object)
    return;
  Expected<std::unique_ptr<ObjectFile>> File =
      ObjectFile::createELFObjectFile(*Buffer);
  if (!File)
    return consumeError(File.takeError());
  bool Shared = Magic == file_magic::elf_shared_object;
  auto *ELF = cast<ELFObjectFileBase>(File->get());
  for (const ELFSymbolRef &Symbol :
       Shared ? ELF->getDynamicSymbolIterators() : ELF->symbols()) {
    Expected<StringRef> SymbolName = Symbol.getName();
    Expected<uint32_t> Flags = Symbol.getFlags();
    if (!SymbolName || !Flags) {
      consumeError(SymbolName.takeError());
      consumeError(Flags.takeError());
      continue;
    }
    if (*Flags & SymbolRef::SF_Undefined) {
      if (!Shared && !Request && isMagicSymbol(*SymbolName))
        Request.emplace(Name.str(), SymbolName->str());
    } else if (*Flags & SymbolRef::SF_Global) {
      // An object comes before a library, the first before the second.
      NativeDefinition &Definition = Definitions[*SymbolName];
      auto Kind =
          Shared ? NativeDefinition::SharedLibrary : NativeDefinition::Object;
      if (Definition.Kind == NativeDefinition::Nowhere ||
          Kind < Definition.Kind)
        Definition = {Kind, Name.str()};
    }
  }
}

void NativeSymbols::read() {
  std::call_once(Once, [&] {
    for (StringRef Name : Trace)
      readFile(Name);
  });
}

NativeDefinition NativeSymbols::find(StringRef Symbol) {
  read();
  return Definitions.lookup(Symbol);
}

std::optional<std::pair<std::string, std::string>>
NativeSymbols::findRequest() {
  read();
  return Request;
}

} // namespace linkgrad
