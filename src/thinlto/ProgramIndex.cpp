//===- ProgramIndex.cpp - The whole program in summaries ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/ProgramIndex.h"
#include "support/Diagnostics.h"
#include "llvm/Analysis/ModuleSummaryAnalysis.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SHA1.h"
#include "llvm/Transforms/Utils/NameAnonGlobals.h"

using namespace llvm;

namespace linkgrad {

Error badBitcode(StringRef Id, Error E) {
  return makeError(Reason::BadInput, "cannot read the bitcode of " + Id + ": " +
                                         toString(std::move(E)));
}

/// Rewrites a module without summary as one with a summary.
static Error addSummary(BitcodeModule Bitcode, SmallVectorImpl<char> &Out) {
  LLVMContext Context;
  Expected<std::unique_ptr<Module>> M = Bitcode.parseModule(Context);
  if (!M)
    return M.takeError();
  ModuleAnalysisManager Unused;
  NameAnonGlobalPass().run(**M, Unused);
  ProfileSummaryInfo PSI(**M);
  ModuleSummaryIndex Index = buildModuleSummaryIndex(**M, nullptr, &PSI);
  BitcodeWriter Writer(Out);
  Writer.writeModule(**M, /*ShouldPreserveUseListOrder=*/false, &Index,
                     /*GenerateHash=*/true);
  Writer.writeStrtab();
  return Error::success();
}

Error ProgramIndex::addFile(const ResolvedModule &File, MemoryBufferRef Bitcode,
                            bool Embedded) {
  StringRef Id = Strings.save(StringRef(File.Id));
  for (const ResolvedSymbol &S : File.Symbols) {
    SymbolFacts &F = Facts[GlobalValue::getGUIDAssumingExternalLinkage(S.Name)];
    if (S.Prevailing)
      F.PrevailingFile = Id;
    F.Final |= S.Final;
    F.VisibleOutside |= S.VisibleOutside;
    F.Redefined |= S.Redefined;
  }

  Expected<std::vector<BitcodeModule>> List = getBitcodeModuleList(Bitcode);
  if (!List)
    return badBitcode(Id, List.takeError());
  if (List->empty())
    return badBitcode(Id, createStringError("there is no module in it"));
  for (auto [I, Module] : enumerate(*List)) {
    StringRef Path = I ? Strings.save(Id + "#" + Twine(I)) : Id;
    if (Error E = addModule(Module, Id, Path, Embedded))
      return badBitcode(Id, std::move(E));
    if (Error E = Registered.add(module(Path).Bitcode, Path))
      return E;
  }
  return Error::success();
}

Error ProgramIndex::addModule(BitcodeModule Bitcode, StringRef File,
                              StringRef Path, bool Embedded) {
  Expected<BitcodeLTOInfo> Info = Bitcode.getLTOInfo();
  if (!Info)
    return Info.takeError();
  if (!Info->HasSummary) {
    auto Bytes = std::make_unique<SmallVector<char, 0>>();
    if (Error E = addSummary(Bitcode, *Bytes))
      return E;
    Expected<std::vector<BitcodeModule>> List = getBitcodeModuleList(
        MemoryBufferRef(StringRef(Bytes->data(), Bytes->size()), Path));
    if (!List)
      return List.takeError();
    Bitcode = List->front();
    OwnBitcode.push_back(std::move(Bytes));
  }
  Bitcode.setModuleIdentifier(Path);
  if (Error E = Bitcode.readSummary(Index, Path))
    return E;
  Index.addModule(Path); // A module without globals adds nothing itself.
  makeHashUnique(Path, Bitcode.getBuffer());
  Modules.insert(
      {Path, ProgramModule{Bitcode, File, Info->HasSummary, Embedded}});
  return Error::success();
}

void ProgramIndex::setPrevailing(StringRef Symbol, StringRef File) {
  Facts[GlobalValue::getGUIDAssumingExternalLinkage(Symbol)].PrevailingFile =
      Strings.save(File);
}

/// The names of promoted locals end in the first 64 bits of their module's
/// hash. Two modules can have the same hash if they have the same contents, or
/// if their producer wrote none.
void ProgramIndex::makeHashUnique(StringRef Path, StringRef Bytes) {
  ModuleHash &Hash = Index.modulePaths()[Path];
  auto Suffix = [&] {
    return ModuleSummaryIndex::getGlobalNameForLocal("", Hash);
  };
  bool Missing = all_of(Hash, [](uint32_t Word) { return Word == 0; });
  for (unsigned Try = 0;
       Missing || !PromotedSuffixes.try_emplace(Suffix(), Path).second; ++Try) {
    Missing = false;
    SHA1 Hasher;
    Hasher.update(Bytes);
    Hasher.update(utostr(Try));
    std::array<uint8_t, 20> Digest = Hasher.final();
    for (auto [I, Word] : enumerate(Hash))
      Word = support::endian::read32be(&Digest[I * 4]);
  }
}

std::optional<std::pair<StringRef, StringRef>>
ProgramIndex::promotedLocal(StringRef Name) const {
  StringRef Local = ModuleSummaryIndex::getOriginalNameBeforePromote(Name);
  auto Home = PromotedSuffixes.find(Name.drop_front(Local.size()));
  if (Home == PromotedSuffixes.end())
    return std::nullopt;
  return std::pair(Home->second, Local);
}

std::vector<StringRef> ProgramIndex::modulesOfFile(StringRef Id) const {
  std::vector<StringRef> Paths;
  for (const auto &[Path, Module] : Modules)
    if (Module.File == Id)
      Paths.push_back(Path);
  return Paths;
}

const GlobalValueSummary *ProgramIndex::definition(ValueInfo VI,
                                                   StringRef Referrer,
                                                   StringRef Requester) const {
  const GlobalValueSummary *Prevailing = nullptr, *AnyODR = nullptr;
  StringRef PrevailingFile = facts(VI.getGUID()).PrevailingFile;
  for (const auto &Summary : VI.getSummaryList()) {
    GlobalValue::LinkageTypes Linkage = Summary->linkage();
    if (GlobalValue::isLocalLinkage(Linkage)) {
      // Locals of the same name in source files of the same name share a
      // ValueInfo; the referrer's own is meant.
      if (Summary->modulePath() == Referrer)
        return Summary.get();
      continue;
    }
    if (GlobalValue::isLinkOnceODRLinkage(Linkage) ||
        GlobalValue::isWeakODRLinkage(Linkage) ||
        GlobalValue::isAvailableExternallyLinkage(Linkage)) {
      if (Summary->modulePath() == Requester)
        return Summary.get();
      if (!AnyODR)
        AnyODR = Summary.get();
    }
    if (!Prevailing && !GlobalValue::isAvailableExternallyLinkage(Linkage) &&
        module(Summary->modulePath()).File == PrevailingFile)
      Prevailing = Summary.get();
  }
  return Prevailing ? Prevailing : AnyODR;
}

} // namespace linkgrad
