//===- ProgramRegistrations.cpp - What the modules register ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/ProgramRegistrations.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

/// Initialisers and names are all that matters; bodies stay unread.
static Expected<std::unique_ptr<Module>> parseGlobals(BitcodeModule Bitcode,
                                                      LLVMContext &Context) {
  auto M = Bitcode.getLazyModule(Context, /*ShouldLazyLoadMetadata=*/true,
                                 /*IsImporting=*/false);
  if (M)
    if (Error E = (*M)->materializeMetadata()) // For the places in messages.
      return std::move(E);
  return M;
}

Error ProgramRegistrations::add(BitcodeModule Bitcode, StringRef Path) {
  if (!mentionsRegistration(Bitcode.getStrtab()))
    return Error::success();
  LLVMContext Context;
  auto M = parseGlobals(Bitcode, Context);
  if (!M)
    return makeError(Reason::BadInput, "cannot read the bitcode of " + Path +
                                           ": " + toString(M.takeError()));
  SmallVector<Registration, 4> List;
  Error Problems = readRegistrations(**M, List);
  for (const Registration &R : List) {
    if (decidesAboutCalls(R))
      addFunction(*cast<Function>(R.Subject), Path);
    if (!R.Global) // Annotations travel with the bodies.
      continue;
    add(*R.Subject, R, Path);
    if (R.Kind == RegistrationKind::AllocationLike)
      add(*R.Helpers.front(), R, Path);
  }
  return addNote(std::move(Problems), "in " + Path);
}

void ProgramRegistrations::add(const GlobalObject &Subject,
                               const Registration &R, StringRef Path) {
  BySubject[Subject.getGUID()].push_back(
      {R.Kind, R.Global->getGUID(), Path, Subject.hasLocalLinkage()});
}

void ProgramRegistrations::addFunction(const Function &F, StringRef Path) {
  Functions.push_back({displayName(F), F.getGUID(),
                       F.hasLocalLinkage() ? Path : StringRef(),
                       isSeenThrough(F)});
}

std::vector<UnkeptFunction>
ProgramRegistrations::unkept(const ModuleSummaryIndex &Summaries) const {
  std::vector<UnkeptFunction> List;
  DenseSet<const GlobalValueSummary *> Seen;
  for (const Subject &S : Functions) {
    ValueInfo VI = Summaries.getValueInfo(S.GUID);
    if (!VI)
      continue;
    for (const auto &Summary : VI.getSummaryList()) {
      auto *F = dyn_cast<FunctionSummary>(Summary.get());
      if (F && (S.Home.empty() || S.Home == F->modulePath()) &&
          (S.SeenThrough || !F->fflags().NoInline) && Seen.insert(F).second)
        List.push_back({S.Name, F->modulePath()});
    }
  }
  return List;
}

ArrayRef<ProgramRegistration>
ProgramRegistrations::of(GlobalValue::GUID Subject) const {
  auto It = BySubject.find(Subject);
  if (It == BySubject.end())
    return {};
  return It->second;
}

} // namespace linkgrad
