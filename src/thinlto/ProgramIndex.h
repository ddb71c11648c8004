//===- ProgramIndex.h - The whole program in summaries ----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bitcode modules of a program, one combined ThinLTO summary index over
// them, and the linker's word on which definition of a symbol counts. Nothing
// here knows which linker that was: any ThinLTO host can fill it.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_PROGRAMINDEX_H
#define LINKGRAD_THINLTO_PROGRAMINDEX_H

#include "thinlto/ProgramRegistrations.h"
#include "thinlto/Resolution.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/ModuleSummaryIndex.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/StringSaver.h"
#include <optional>

namespace linkgrad {

/// A module of the program. Most files hold one; a split LTO unit holds two.
struct ProgramModule {
  llvm::BitcodeModule Bitcode;
  /// The file's id. The first module of a file is named after it, a second
  /// one has "#1" appended.
  llvm::StringRef File;
  /// The file was written with a summary (else one was made up here).
  bool HasSummary;
  /// The linker takes the native code of this file: bodies can be copied from
  /// here, but the module cannot be rewritten.
  bool Embedded;
};

class ProgramIndex {
public:
  ProgramIndex() : Index(/*HaveGVs=*/false) {}

  /// Adds a bitcode file. \p Bitcode must stay in memory.
  llvm::Error addFile(const ResolvedModule &File, llvm::MemoryBufferRef Bitcode,
                      bool Embedded = false);

  /// Takes the definition of \p Symbol in \p File for the prevailing one.
  void setPrevailing(llvm::StringRef Symbol, llvm::StringRef File);

  const llvm::ModuleSummaryIndex &summaries() const { return Index; }

  /// What the program says about its functions and variables.
  const ProgramRegistrations &registrations() const { return Registered; }

  /// The module called \p Path in the summaries.
  const ProgramModule &module(llvm::StringRef Path) const {
    return Modules.find(Path)->second;
  }
  /// All modules of a file, in order.
  std::vector<llvm::StringRef> modulesOfFile(llvm::StringRef Id) const;

  /// What the linker decided about a symbol that is not local.
  struct SymbolFacts {
    /// The file with the prevailing definition; empty if none has bitcode.
    llvm::StringRef PrevailingFile;
    bool Final = false;
    bool VisibleOutside = false;
    bool Redefined = false;
  };
  SymbolFacts facts(llvm::GlobalValue::GUID GUID) const {
    return Facts.lookup(GUID);
  }

  /// The definition that a mention of \p VI in the module \p Referrer means
  /// to the module \p Requester, or null if there is none in bitcode: a local
  /// of the referrer, else one definition that is the same for all referrers,
  /// namely the requester's own copy of an ODR definition, the prevailing
  /// definition, or some copy of an ODR definition.
  const llvm::GlobalValueSummary *definition(llvm::ValueInfo VI,
                                             llvm::StringRef Referrer,
                                             llvm::StringRef Requester) const;

  /// If \p Name is what a local is called once it is exported: its home and
  /// its name there.
  std::optional<std::pair<llvm::StringRef, llvm::StringRef>>
  promotedLocal(llvm::StringRef Name) const;

private:
  llvm::Error addModule(llvm::BitcodeModule Bitcode, llvm::StringRef File,
                        llvm::StringRef Path, bool Embedded);
  void makeHashUnique(llvm::StringRef Path, llvm::StringRef Bytes);

  llvm::ModuleSummaryIndex Index;
  ProgramRegistrations Registered;
  llvm::MapVector<llvm::StringRef, ProgramModule> Modules;
  llvm::DenseMap<llvm::GlobalValue::GUID, SymbolFacts> Facts;
  /// The suffixes of promoted names to the modules whose locals have them.
  llvm::StringMap<llvm::StringRef> PromotedSuffixes;
  /// Summaries made up for modules without one.
  std::vector<std::unique_ptr<llvm::SmallVector<char, 0>>> OwnBitcode;
  llvm::BumpPtrAllocator Alloc;
  llvm::StringSaver Strings{Alloc};
};

/// What LLVM says about the bitcode of \p Id, as an error of ours.
llvm::Error badBitcode(llvm::StringRef Id, llvm::Error E);

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_PROGRAMINDEX_H
