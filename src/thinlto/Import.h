//===- Import.h - Borrowing the bodies of a closure -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A derivative needs bodies from all over the program, and only while it is
// made. They are imported into the requesting module itself, so that no
// metadata, type or local has to move twice, and go away again afterwards:
//
//   borrow    the module looks as the linker resolved it: bodies that lost are
//             set aside, those that won are imported, locals of other modules
//             under their promoted names;
//   (derivatives are made)
//   giveBack  external bodies become the declarations that they were. A local
//             that a derivative still needs becomes a private copy, or, where
//             the copy could be told from the original (mutable, or its
//             address matters), a reference that the home module must export.
//             What the module had before is exactly as it was.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_IMPORT_H
#define LINKGRAD_THINLTO_IMPORT_H

#include "thinlto/Plan.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/GlobalObject.h"
#include "llvm/IR/TrackingMDRef.h"

namespace linkgrad {

/// A local of another module that its home has to export.
struct SharedLocal {
  llvm::StringRef Home;
  std::string Name;
  std::string ExportedName;
};

class BorrowedBodies {
public:
  /// \param M the module that \p Unit rewrites, fully read.
  BorrowedBodies(llvm::Module &M, const ProgramIndex &Program,
                 const UnitPlan &Unit)
      : M(M), Program(Program), Unit(Unit) {}
  ~BorrowedBodies();

  llvm::Error borrow();
  /// \returns what the derivatives share with other modules.
  std::vector<SharedLocal> giveBack();

  /// What the symbol \p Name is called in the module while bodies are borrowed,
  /// if it means \p Definition (null: none in bitcode).
  std::string nameOf(llvm::StringRef Name,
                     const llvm::GlobalValueSummary *Definition) const;

private:
  /// A definition of the module, as it was before.
  struct Original {
    llvm::GlobalValue *Value;
    std::string Name;
    llvm::GlobalValue::LinkageTypes Linkage;
    llvm::Comdat *Comdat;
  };

  void recordOriginals();
  void setAsideLosers();
  void saveDeclaration(llvm::StringRef Name);
  llvm::Error import();
  llvm::Expected<std::unique_ptr<llvm::Module>>
  loadSource(llvm::StringRef Path) const;

  void dropRegistrations();
  void returnExternal(llvm::StringRef Name);
  void shareWhereCopiesDiffer();
  void dropUnusedDefinitions();
  std::vector<SharedLocal> collectShared() const;
  void dropUnusedDeclarations();
  void restoreOriginals();
  void restoreMetadata();

  llvm::Module &M;
  const ProgramIndex &Program;
  const UnitPlan &Unit;

  std::vector<Original> Originals;
  llvm::StringSet<> UnusedDeclarations;
  std::string InlineAsm;
  llvm::StringMap<llvm::SmallVector<llvm::TrackingMDNodeRef, 8>> NamedMetadata;
  /// Bodies of the module that another module's replaces, by their names.
  llvm::MapVector<llvm::StringRef, llvm::GlobalValue *> Losers;
  /// Declarations as they were, outside of any module.
  llvm::StringMap<llvm::GlobalObject *> SavedDeclarations;
  /// Imported locals that still have a body here.
  llvm::SetVector<llvm::GlobalObject *> Locals;
};

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_IMPORT_H
