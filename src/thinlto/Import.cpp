//===- Import.cpp - Borrowing the bodies of a closure ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Import.h"
#include "request/Registration.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Transforms/IPO/FunctionImport.h"

using namespace llvm;

namespace linkgrad {

BorrowedBodies::~BorrowedBodies() {
  // On error they were not put back.
  for (auto &[Name, Declaration] : SavedDeclarations) {
    if (auto *F = dyn_cast<Function>(Declaration))
      delete F;
    else
      delete cast<GlobalVariable>(Declaration);
  }
}

//===----------------------------------------------------------------------===//
// borrow
//===----------------------------------------------------------------------===//

Error BorrowedBodies::borrow() {
  recordOriginals();
  setAsideLosers();
  for (const ClosureEntry &E : Unit.Needs.Entries)
    if (Unit.isImported(E) && !E.isLocal() && !Losers.contains(E.name()))
      saveDeclaration(E.name());
  // From here on the module's own definitions are those that count.
  return import();
}

void BorrowedBodies::recordOriginals() {
  for (GlobalValue &GV : M.global_values()) {
    if (!GV.isDeclaration()) {
      auto *GO = dyn_cast<GlobalObject>(&GV);
      Originals.push_back({&GV, GV.getName().str(), GV.getLinkage(),
                           GO ? GO->getComdat() : nullptr});
    } else if (GV.use_empty()) {
      UnusedDeclarations.insert(GV.getName());
    }
  }
  for (NamedMDNode &Node : M.named_metadata()) {
    auto &Operands = NamedMetadata[Node.getName()];
    for (MDNode *Operand : Node.operands())
      Operands.emplace_back(Operand);
  }
  InlineAsm = M.getModuleInlineAsm();
}

/// Makes a definition that cannot be replaced any more a strong one, which
/// everybody may look into.
static void makeStrong(GlobalValue &GV) {
  if (!GV.isInterposable())
    return;
  if (auto *GO = dyn_cast<GlobalObject>(&GV))
    GO->setComdat(nullptr);
  GV.setLinkage(GlobalValue::ExternalLinkage);
}

/// Uses of a weak definition that lost mean the winner's.
void BorrowedBodies::setAsideLosers() {
  for (const ClosureEntry &E : Unit.Needs.Entries) {
    GlobalValue *Own = E.isLocal() ? nullptr : M.getNamedValue(E.name());
    if (!Own || Own->isDeclaration())
      continue;
    if (E.home() == Unit.Module) {
      makeStrong(*Own);
      continue;
    }
    Losers[E.name()] = Own;
    Own->setName("");
    GlobalValue *Mention;
    if (auto *Type = dyn_cast<FunctionType>(Own->getValueType()))
      Mention = Function::Create(Type, GlobalValue::ExternalLinkage,
                                 Own->getAddressSpace(), E.name(), &M);
    else
      Mention =
          new GlobalVariable(M, Own->getValueType(), /*isConstant=*/false,
                             GlobalValue::ExternalLinkage, nullptr, E.name());
    Own->replaceUsesWithIf(Mention, [](Use &U) {
      return !isa<GlobalAlias, GlobalIFunc>(U.getUser());
    });
  }
}

/// The importer replaces declarations by definitions, whose attributes and
/// even type can be different.
void BorrowedBodies::saveDeclaration(StringRef Name) {
  GlobalValue *GV = M.getNamedValue(Name);
  if (auto *F = dyn_cast_or_null<Function>(GV)) {
    Function *Copy = Function::Create(F->getFunctionType(), F->getLinkage(),
                                      F->getAddressSpace());
    Copy->copyAttributesFrom(F);
    Copy->copyMetadata(F, 0);
    SavedDeclarations[Name] = Copy;
  } else if (auto *V = dyn_cast_or_null<GlobalVariable>(GV)) {
    auto *Copy = new GlobalVariable(
        V->getValueType(), V->isConstant(), V->getLinkage(), nullptr, "",
        V->getThreadLocalMode(), V->getAddressSpace());
    Copy->copyAttributesFrom(V);
    Copy->copyMetadata(V, 0);
    SavedDeclarations[Name] = Copy;
  }
}

std::string BorrowedBodies::nameOf(StringRef Name,
                                   const GlobalValueSummary *Definition) const {
  if (!Definition || Definition->modulePath() == Unit.Module ||
      !GlobalValue::isLocalLinkage(Definition->linkage()))
    return Name.str();
  return ModuleSummaryIndex::getGlobalNameForLocal(
      Name, Program.summaries().getModuleHash(Definition->modulePath()));
}

/// Only "Debug Info Version" of the source's module flags is wanted: without it
/// debug info would be dropped. The others would be merged into the requesting
/// module, could contradict its own, or turn it from thin to full LTO.
static void dropModuleFlags(Module &Source) {
  NamedMDNode *Flags = Source.getModuleFlagsMetadata();
  if (!Flags)
    return;
  SmallVector<Module::ModuleFlagEntry, 8> Entries;
  Source.getModuleFlagsMetadata(Entries);
  Flags->clearOperands();
  for (const Module::ModuleFlagEntry &E : Entries)
    if (E.Key->getString() == "Debug Info Version")
      Source.addModuleFlag(E.Behavior, E.Key->getString(), E.Val);
}

/// Has LLVM import what debug information says of types. By default it imports
/// declarations of those that have a name in the whole program, as all of C++
/// and Rust have.
static bool importTypeDefinitions() {
  cl::Option *Full =
      cl::getRegisteredOptions().lookup("import-full-type-definitions");
  if (Full)
    static_cast<cl::opt<bool> *>(Full)->setValue(true);
  return Full != nullptr;
}

Expected<std::unique_ptr<Module>>
BorrowedBodies::loadSource(StringRef Path) const {
  [[maybe_unused]] static bool Once = importTypeDefinitions();
  BitcodeModule Bitcode = Program.module(Path).Bitcode;
  Expected<std::unique_ptr<Module>> Source =
      Bitcode.getLazyModule(M.getContext(), /*ShouldLazyLoadMetadata=*/true,
                            /*IsImporting=*/true);
  if (!Source)
    return badBitcode(Path, Source.takeError());
  if (Error E = (*Source)->materializeMetadata())
    return badBitcode(Path, std::move(E));
  if ((*Source)->getDataLayout() != M.getDataLayout())
    return makeError(Reason::NotImportable,
                     "cannot import from " + Path +
                         ": its data layout is not that of " + Unit.Module);
  applyAnnotations(**Source);
  dropModuleFlags(**Source);
  // Front ends spell the same target differently.
  (*Source)->setTargetTriple(M.getTargetTriple());
  // The importer does not say whose body it cannot read, and refuses weak
  // definitions. The closure has made sure that this one counts.
  for (const ClosureEntry &E : Unit.Needs.Entries) {
    if (!Unit.isImported(E) || E.home() != Path)
      continue;
    GlobalValue *GV = (*Source)->getNamedValue(E.name());
    if (!GV)
      continue;
    if (GlobalObject *Body = GV->getAliaseeObject())
      if (Error Problem = Body->materialize())
        return badBitcode(Path, std::move(Problem));
    if (!E.isLocal())
      makeStrong(*GV);
  }
  return Source;
}

Error BorrowedBodies::import() {
  FunctionImporter::ImportIDTable IDs;
  FunctionImporter::ImportMapTy List(IDs);
  for (const ClosureEntry &E : Unit.Needs.Entries)
    if (Unit.isImported(E))
      List.addDefinition(E.home(), E.VI.getGUID());
  FunctionImporter Importer(
      Program.summaries(), [this](StringRef Path) { return loadSource(Path); },
      /*ClearDSOLocalOnDeclarations=*/false);
  Expected<bool> Changed = Importer.importFunctions(M, List);
  if (!Changed)
    return Changed.takeError();

  for (const ClosureEntry &E : Unit.Needs.Entries) {
    if (!Unit.isImported(E))
      continue;
    auto *Body = dyn_cast_or_null<GlobalObject>(
        M.getNamedValue(nameOf(E.name(), E.Summary)));
    if (!Body || Body->isDeclaration())
      return makeError(Reason::NotImportable, "cannot import '" +
                                                  displayName(E.name()) +
                                                  "' from " + E.home());
    if (E.isLocal())
      Locals.insert(Body);
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// giveBack
//===----------------------------------------------------------------------===//

std::vector<SharedLocal> BorrowedBodies::giveBack() {
  dropRegistrations();
  for (const ClosureEntry &E : Unit.Needs.Entries)
    if (Unit.isImported(E) && !E.isLocal())
      returnExternal(E.name());
  // From here on only original code, derivatives and imported locals have
  // bodies.
  shareWhereCopiesDiffer();
  dropUnusedDefinitions();
  for (GlobalObject *Local : Locals) {
    Local->setLinkage(GlobalValue::InternalLinkage);
    Local->setVisibility(GlobalValue::DefaultVisibility);
    Local->setComdat(nullptr);
  }
  dropUnusedDeclarations();
  std::vector<SharedLocal> Shared = collectShared();
  restoreOriginals();
  restoreMetadata();
  return Shared;
}

/// Takes the body out of \p GO, which becomes a plain external declaration.
static void dropBody(GlobalObject &GO) {
  if (auto *F = dyn_cast<Function>(&GO)) {
    F->deleteBody();
    F->setPersonalityFn(nullptr);
  } else {
    cast<GlobalVariable>(GO).setInitializer(nullptr);
  }
  GO.setLinkage(GlobalValue::ExternalLinkage);
  GO.setComdat(nullptr);
  GO.clearMetadata();
}

/// They must not look like uses of the functions that they mention.
void BorrowedBodies::dropRegistrations() {
  for (const ClosureEntry &E : Unit.Needs.Entries)
    if (Unit.isImported(E) && E.isLocal() && registrationKind(E.name()))
      if (auto *V = M.getNamedGlobal(nameOf(E.name(), E.Summary))) {
        Locals.remove(V);
        dropBody(*V);
      }
}

void BorrowedBodies::returnExternal(StringRef Name) {
  auto *Body = cast<GlobalObject>(M.getNamedValue(Name));
  dropBody(*Body);
  GlobalValue *Before = Losers.lookup(Name);
  if (auto Saved = SavedDeclarations.find(Name);
      Saved != SavedDeclarations.end()) {
    Before = Saved->second;
    SavedDeclarations.erase(Saved);
    if (auto *F = dyn_cast<Function>(Before))
      M.getFunctionList().push_back(F);
    else
      M.insertGlobalVariable(cast<GlobalVariable>(Before));
  }
  if (!Before)
    return;
  Body->replaceAllUsesWith(Before);
  Before->takeName(Body);
  Body->eraseFromParent();
}

/// True if nothing but loads, and copies of its contents, can see \p V.
static bool isOnlyRead(const Value &V) {
  return all_of(V.users(), [&](const User *U) {
    if (isa<LoadInst>(U))
      return true;
    if (auto *Copy = dyn_cast<MemTransferInst>(U))
      return Copy->getRawSource() == &V && Copy->getRawDest() != &V;
    if (isa<GEPOperator>(U))
      return isOnlyRead(*U);
    return false;
  });
}

/// True if the address of \p F is compared: it is a target of calls through
/// pointers.
static bool isCompared(const Function &F) {
  return any_of(F.users(), IsaPred<ICmpInst>);
}

/// A private copy is as good as the original unless somebody can tell the two
/// apart by their addresses.
static bool isCopyEquivalent(const GlobalObject &Local) {
  auto *F = dyn_cast<Function>(&Local);
  if (F && isCompared(*F))
    return false;
  if (Local.hasAtLeastLocalUnnamedAddr())
    return true;
  if (F)
    return !F->hasAddressTaken();
  return isOnlyRead(Local);
}

void BorrowedBodies::shareWhereCopiesDiffer() {
  Locals.remove_if([](GlobalObject *Local) {
    Local->removeDeadConstantUsers();
    if (isCopyEquivalent(*Local))
      return false;
    dropBody(*Local);
    return true;
  });
}

/// Adds the functions and variables whose bodies use \p V.
static void collectOwners(const Value &V,
                          SmallPtrSetImpl<const GlobalValue *> &Owners) {
  for (const User *U : V.users()) {
    if (auto *I = dyn_cast<Instruction>(U))
      Owners.insert(I->getFunction());
    else if (auto *GV = dyn_cast<GlobalValue>(U))
      Owners.insert(GV);
    else
      collectOwners(*U, Owners);
  }
}

/// Drops imported locals and derivatives that no original code reaches: what
/// was imported in vain, and derivatives asked for by imported code.
void BorrowedBodies::dropUnusedDefinitions() {
  SmallPtrSet<const GlobalValue *, 32> Live;
  for (const Original &O : Originals)
    Live.insert(O.Value);
  SmallVector<GlobalObject *, 16> New;
  for (GlobalObject &GO : M.global_objects())
    if (!GO.isDeclaration() && !Live.contains(&GO))
      New.push_back(&GO);

  SmallVector<std::pair<GlobalObject *, SmallPtrSet<const GlobalValue *, 4>>>
      Pending;
  for (GlobalObject *GO : New) {
    GO->removeDeadConstantUsers();
    SmallPtrSet<const GlobalValue *, 4> Owners;
    collectOwners(*GO, Owners);
    Pending.emplace_back(GO, std::move(Owners));
  }
  auto IsLive = [&](const auto &P) {
    return any_of(P.second, [&](const GlobalValue *Owner) {
      return Live.contains(Owner);
    });
  };
  for (bool Changed = true; Changed;) {
    auto Dead = partition(Pending, [&](const auto &P) { return !IsLive(P); });
    Changed = Dead != Pending.end();
    for (const auto &P : make_range(Dead, Pending.end()))
      Live.insert(P.first);
    Pending.erase(Dead, Pending.end());
  }

  for (auto &[GO, Owners] : Pending)
    dropBody(*GO);
  for (auto &[GO, Owners] : Pending) {
    GO->removeDeadConstantUsers();
    Locals.remove(GO);
    GO->eraseFromParent();
  }
}

/// Declarations that have lost their last user with the borrowed bodies or the
/// magic calls would only make the linker look for definitions.
void BorrowedBodies::dropUnusedDeclarations() {
  SmallVector<GlobalObject *, 16> Unused;
  for (GlobalObject &GO : M.global_objects()) {
    if (!GO.isDeclaration() || UnusedDeclarations.contains(GO.getName()))
      continue;
    GO.removeDeadConstantUsers();
    if (GO.use_empty())
      Unused.push_back(&GO);
  }
  for (GlobalObject *GO : Unused)
    GO->eraseFromParent();
}

std::vector<SharedLocal> BorrowedBodies::collectShared() const {
  std::vector<SharedLocal> Shared;
  for (const GlobalObject &GO : M.global_objects())
    if (GO.isDeclaration())
      if (auto Local = Program.promotedLocal(GO.getName()))
        Shared.push_back(
            {Local->first, Local->second.str(), GO.getName().str()});
  return Shared;
}

void BorrowedBodies::restoreOriginals() {
  for (const Original &O : Originals) {
    O.Value->setLinkage(O.Linkage);
    if (auto *GO = dyn_cast<GlobalObject>(O.Value))
      GO->setComdat(O.Comdat);
    // A local had to give its name to an imported global; it gets it back
    // unless a derivative still needs that global.
    if (O.Value->getName() != O.Name && !M.getNamedValue(O.Name))
      O.Value->setName(O.Name);
  }
}

/// The compile units of the code in \p M.
static SmallVector<DICompileUnit *> usedCompileUnits(const Module &M) {
  DebugInfoFinder Finder;
  for (const Function &F : M) {
    if (DISubprogram *SP = F.getSubprogram())
      Finder.processSubprogram(SP);
    for (const Instruction &I : instructions(F))
      Finder.processInstruction(M, I);
  }
  return to_vector(Finder.compile_units());
}

/// Restores the module's named metadata, except that the compile units of
/// code that came to stay are kept.
void BorrowedBodies::restoreMetadata() {
  M.setModuleInlineAsm(InlineAsm);
  if (!NamedMetadata.contains("llvm.dbg.cu"))
    StripDebugInfo(M);
  for (NamedMDNode &Node : make_early_inc_range(M.named_metadata())) {
    auto Before = NamedMetadata.find(Node.getName());
    if (Before == NamedMetadata.end()) {
      Node.eraseFromParent();
      continue;
    }
    Node.clearOperands();
    for (MDNode *Operand : Before->second)
      Node.addOperand(Operand);
  }
  if (NamedMDNode *Units = M.getNamedMetadata("llvm.dbg.cu"))
    for (DICompileUnit *CU : usedCompileUnits(M))
      if (!is_contained(Units->operands(), CU))
        Units->addOperand(CU);
}

} // namespace linkgrad
