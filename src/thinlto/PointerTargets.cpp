//===- PointerTargets.cpp - What calls through pointers can reach ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/PointerTargets.h"
#include "rules/LibraryBodies.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

static std::string print(const Type &T) {
  std::string Text;
  raw_string_ostream(Text) << T;
  return Text;
}

/// Bodies stay unread until they are asked for.
Expected<Module *> PointerTargets::lazyModule(StringRef Path) {
  std::unique_ptr<Module> &M = Modules[Path];
  if (M)
    return M.get();
  BitcodeModule Bitcode = Program.module(Path).Bitcode;
  auto Loaded = Bitcode.getLazyModule(Context, /*ShouldLazyLoadMetadata=*/true,
                                      /*IsImporting=*/false);
  if (!Loaded)
    return badBitcode(Path, Loaded.takeError());
  M = std::move(*Loaded);
  return M.get();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Error PointerTargets::collectCalls(const ClosureEntry &Caller,
                                   std::vector<PointerCall> &Out) {
  auto *Summary = dyn_cast<FunctionSummary>(Caller.Summary->getBaseObject());
  if (!Summary || !Summary->fflags().HasUnknownCall)
    return Error::success();
  auto [Known, New] = Calls.try_emplace(Summary);
  if (New) {
    auto M = lazyModule(Caller.home());
    if (!M)
      return M.takeError();
    auto *GV = (*M)->getNamedValue(Caller.name());
    auto *F = GV ? dyn_cast<Function>(GV->getAliaseeObject()) : nullptr;
    if (!F)
      return Error::success();
    if (Error E = F->materialize())
      return badBitcode(Caller.home(), std::move(E));
    for (Instruction &I : instructions(*F))
      if (auto *Call = dyn_cast<CallBase>(&I);
          Call && Call->isIndirectCall() && !Call->isInlineAsm())
        Known->second.push_back({print(*Call->getFunctionType()),
                                 callSlot(*Call->getCalledOperand())});
    F->deleteBody();
  }
  append_range(Out, Known->second);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Functions whose addresses are taken
//===----------------------------------------------------------------------===//

PointerTargets::TakenFunction &
PointerTargets::taken(const Function &F, ValueInfo VI, StringRef Referrer) {
  const GlobalValueSummary *Summary =
      Program.definition(VI, Referrer, Referrer);
  TakenFunction &T = Taken[{Summary, Summary ? 0 : VI.getGUID()}];
  if (!T.Target.VI)
    T.Target = {Summary, VI, Referrer, print(*F.getFunctionType())};
  return T;
}

Error PointerTargets::collectTakenBy(const GlobalValueSummary &User,
                                     StringRef Name) {
  // Most references are to variables. Those without a summary can be to
  // functions of libraries.
  auto MayBeFunction = [&](const ValueInfo &VI) {
    const GlobalValueSummary *S =
        Program.definition(VI, User.modulePath(), User.modulePath());
    return !S || isa<FunctionSummary>(S->getBaseObject());
  };
  SmallVector<ValueInfo, 8> Functions;
  copy_if(User.refs(), std::back_inserter(Functions), MayBeFunction);
  if (Functions.empty())
    return Error::success();
  auto M = lazyModule(User.modulePath());
  if (!M)
    return M.takeError();
  auto *Table = (*M)->getGlobalVariable(Name, /*AllowInternal=*/true);
  for (const ValueInfo &VI : Functions) {
    auto *F = (*M)->getFunction(VI.name());
    if (!F)
      continue;
    if (!Table) {
      taken(*F, VI, User.modulePath()).ByCode = true;
      continue;
    }
    for (const TableEntry &Entry : tableEntries(*Table))
      if (Entry.F == F)
        taken(*F, VI, User.modulePath()).Entries.push_back({Table, Entry});
  }
  return Error::success();
}

Error PointerTargets::collectTaken() {
  for (const auto &Entry : Program.summaries()) {
    ValueInfo VI = Program.summaries().getValueInfo(Entry);
    for (const auto &Summary : VI.getSummaryList())
      if (!isa<AliasSummary>(Summary.get()))
        if (Error E = collectTakenBy(*Summary, VI.name()))
          return E;
  }
  return Error::success();
}

bool PointerTargets::TakenFunction::isReachedBy(const PointerCall &Call) const {
  return Call.Type == Target.Type &&
         (ByCode || any_of(Entries, [&](const auto &E) {
            return canCall(Call.Slot, *E.first, E.second);
          }));
}

/// False for a local of a native object, which nothing else in the program can
/// refer to.
bool PointerTargets::isNameable(const GlobalValueSummary *Target) const {
  return !Target || !GlobalValue::isLocalLinkage(Target->linkage()) ||
         !Program.module(Target->modulePath()).Embedded;
}

Expected<std::vector<PointerTarget>> PointerTargets::of(const Closure &Needs) {
  std::vector<PointerCall> Found;
  for (const ClosureEntry &E : Needs.Entries)
    if (Error Problem = collectCalls(E, Found))
      return std::move(Problem);
  for (const ClosureCut &Cut : Needs.Cuts)
    if (auto Known = libraryBody(Cut.VI.name()); Known)
      Found.push_back({Known->Comparison.str(), CallSlot()});
  std::vector<PointerTarget> Targets;
  if (Found.empty())
    return Targets;
  if (!HasTaken)
    if (Error E = collectTaken())
      return std::move(E);
  HasTaken = true;
  for (const auto &[Key, T] : Taken)
    if (isNameable(T.Target.Summary) &&
        any_of(Found, [&](const PointerCall &C) { return T.isReachedBy(C); }))
      Targets.push_back(T.Target);
  return Targets;
}

} // namespace linkgrad
