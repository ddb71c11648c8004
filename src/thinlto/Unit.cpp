//===- Unit.cpp - The work on one file ------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Unit.h"
#include "analysis/CallTargets.h"
#include "analysis/OutsideAccess.h"
#include "analysis/RequestOrder.h"
#include "request/RequestCall.h"
#include "support/Diagnostics.h"
#include "thinlto/MissingBody.h"
#include "transform/Derivatives.h"
#include "llvm/Analysis/ModuleSummaryAnalysis.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Transforms/Utils/CanonicalizeAliases.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include "llvm/Transforms/Utils/NameAnonGlobals.h"

using namespace llvm;

namespace linkgrad {

Error FileUnit::read() {
  Context = std::make_unique<LLVMContext>();
  // Types of different modules that are the same by the one definition rule
  // become one node when bodies are imported.
  Context->enableDebugTypeODRUniquing();
  for (StringRef Path : Program.modulesOfFile(File)) {
    const ProgramModule &PM = Program.module(Path);
    BitcodeModule Bitcode = PM.Bitcode;
    Expected<std::unique_ptr<Module>> M = Bitcode.parseModule(*Context);
    if (!M)
      return badBitcode(Path, M.takeError());
    Parts.push_back({Path, std::move(*M), PM.HasSummary});
  }
  return Error::success();
}

Expected<std::vector<UnitPlan>> FileUnit::plan(PointerTargets &Pointers) {
  std::vector<UnitPlan> Plans;
  for (Part &P : Parts) {
    if (findRequestCalls(*P.Module).empty())
      continue;
    Expected<UnitPlan> Plan =
        planUnit(Program, P.Path, findRequests(*P.Module), Pointers);
    if (!Plan)
      return Plan.takeError();
    Plans.push_back(std::move(*Plan));
  }
  return Plans;
}

FileUnit::Part &FileUnit::part(StringRef Path) {
  return *find_if(Parts, [&](const Part &P) { return P.Path == Path; });
}

//===----------------------------------------------------------------------===//
// Answering
//===----------------------------------------------------------------------===//

/// The types of the calls through pointers in \p M, by their text.
static StringMap<FunctionType *> pointerCallTypes(Module &M) {
  StringMap<FunctionType *> Types;
  for (Function &F : M)
    for (Instruction &I : instructions(F))
      if (auto *Call = dyn_cast<CallBase>(&I); Call && Call->isIndirectCall()) {
        std::string Text;
        raw_string_ostream(Text) << *Call->getFunctionType();
        Types[Text] = Call->getFunctionType();
      }
  return Types;
}

/// Shows the engine what calls through pointers can reach, in the form that
/// programs have for it. \returns a table of functions.
static GlobalVariable *tabulateTargets(Module &M, const UnitPlan &Unit,
                                       const BorrowedBodies &Bodies) {
  StringMap<FunctionType *> Types = pointerCallTypes(M);
  SmallVector<Constant *, 8> Functions;
  for (const PointerTarget &T : Unit.Targets) {
    std::string Name = Bodies.nameOf(T.VI.name(), T.Summary);
    GlobalValue *GV = M.getNamedValue(Name);
    if (FunctionType *Type = GV ? nullptr : Types.lookup(T.Type))
      GV = Function::Create(Type, GlobalValue::ExternalLinkage, Name, M);
    if (GV)
      Functions.push_back(GV);
  }
  auto *Type =
      ArrayType::get(PointerType::getUnqual(M.getContext()), Functions.size());
  return new GlobalVariable(
      M, Type, /*isConstant=*/true, GlobalValue::PrivateLinkage,
      ConstantArray::get(Type, Functions), TargetTableName);
}

/// The local variables that the derivatives of \p Unit share with their homes,
/// and whether others can touch them.
static SmallVector<GlobalVariable *>
noteOutsideAccess(Module &M, const UnitPlan &Unit, const BorrowedBodies &Bodies,
                  OutsideReach &Outside) {
  SmallVector<GlobalVariable *> Noted;
  for (const ClosureEntry &E : Unit.Needs.Entries)
    if (E.Role == ClosureRole::Shared)
      if (auto *V = M.getGlobalVariable(Bodies.nameOf(E.name(), E.Summary),
                                        /*AllowInternal=*/true)) {
        V->addAttribute(OutsideAccessAttribute,
                        Outside.contains(*E.Summary) ? "yes" : "no");
        Noted.push_back(V);
      }
  return Noted;
}

Error FileUnit::answer(const UnitPlan &Unit, const Options &Opts,
                       NativeSymbols &Natives, OutsideReach &Outside) {
  Module &M = *part(Unit.Module).Module;
  BorrowedBodies Bodies(M, Program, Unit);
  if (Error E = Bodies.borrow())
    return E;
  for (Function &F : M)
    if (auto Local = Program.promotedLocal(F.getName());
        Local && Program.module(Local->first).Embedded)
      F.addFnAttr(UnnameableAttribute);
  // From here on every body that the link has is in this module.
  GlobalVariable *Targets = tabulateTargets(M, Unit, Bodies);
  auto Noted = noteOutsideAccess(M, Unit, Bodies, Outside);

  Error Errors = Error::success();
  {
    Derivatives Engine(M, Opts);
    for (CallBase *Call : requestsInnerFirst(M)) {
      std::string Where = locationString(Call->getDebugLoc());
      std::string Caller = displayName(*Call->getFunction());
      if (Error E = Engine.answer(*Call))
        Errors =
            joinErrors(std::move(Errors),
                       explainMissingBody(
                           addNote(std::move(E),
                                   "requested by " + Caller +
                                       (Where.empty() ? "" : " at ") + Where),
                           Unit.Needs, Natives));
    }
  }
  if (Errors)
    return Errors;

  Targets->eraseFromParent();
  for (GlobalVariable *V : Noted)
    V->setAttributes(V->getAttributes().removeAttribute(
        V->getContext(), OutsideAccessAttribute));
  removeUnusedMagic(M);
  append_range(Shared, Bodies.giveBack());
  // From here on the module differs from the original only by the derivatives,
  // what they need for themselves, and the calls of them.
  if (verifyModule(M, &errs()))
    return makeError(Reason::Internal,
                     "the rewritten module " + Unit.Module + " is broken");
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Exporting and writing
//===----------------------------------------------------------------------===//

/// True if something refers to \p GV by its name.
static bool isNamePinned(const GlobalValue &GV) {
  if (GV.hasSection())
    return true;
  SmallVector<GlobalValue *, 8> Used;
  collectUsedGlobalVariables(*GV.getParent(), Used, /*CompilerUsed=*/false);
  collectUsedGlobalVariables(*GV.getParent(), Used, /*CompilerUsed=*/true);
  return is_contained(Used, &GV);
}

Error FileUnit::exportLocal(const SharedLocal &Local) {
  Module &M = *part(Local.Home).Module;
  if (M.getNamedValue(Local.ExportedName))
    return Error::success(); // For another derivative.
  GlobalValue *GV = M.getNamedValue(Local.Name);
  if (!GV || !GV->hasLocalLinkage())
    return makeError(Reason::Internal, Local.Home + " has no local '" +
                                           Local.Name + "' to export");
  if (isNamePinned(*GV)) {
    GV = GlobalAlias::create(GV->getValueType(), GV->getAddressSpace(),
                             GlobalValue::ExternalLinkage, Local.ExportedName,
                             GV, &M);
  } else {
    auto *GO = dyn_cast<GlobalObject>(GV);
    if (Comdat *Old = GO ? GO->getComdat() : nullptr;
        Old && Old->getName() == Local.Name) {
      Comdat *New = M.getOrInsertComdat(Local.ExportedName);
      New->setSelectionKind(Old->getSelectionKind());
      for (GlobalObject &Member : M.global_objects())
        if (Member.getComdat() == Old)
          Member.setComdat(New);
    }
    GV->setName(Local.ExportedName);
    GV->setLinkage(GlobalValue::ExternalLinkage);
  }
  GV->setVisibility(GlobalValue::HiddenVisibility);
  return Error::success();
}

SmallVector<char, 0> FileUnit::write() {
  SmallVector<char, 0> Bytes;
  BitcodeWriter Writer(Bytes);
  ModuleAnalysisManager Unused;
  // The string table refers to the names of type identifiers in a summary.
  std::vector<std::unique_ptr<ModuleSummaryIndex>> Indices;
  for (Part &P : Parts) {
    if (!P.HasSummary) {
      Writer.writeModule(*P.Module);
      continue;
    }
    CanonicalizeAliasesPass().run(*P.Module, Unused);
    NameAnonGlobalPass().run(*P.Module, Unused);
    ProfileSummaryInfo PSI(*P.Module);
    Indices.push_back(std::make_unique<ModuleSummaryIndex>(
        buildModuleSummaryIndex(*P.Module, nullptr, &PSI)));
    Writer.writeModule(*P.Module, /*ShouldPreserveUseListOrder=*/false,
                       Indices.back().get(), /*GenerateHash=*/true);
  }
  Writer.writeSymtab();
  Writer.writeStrtab();
  return Bytes;
}

} // namespace linkgrad
