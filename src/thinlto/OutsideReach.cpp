//===- OutsideReach.cpp - What code without bitcode can reach -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/OutsideReach.h"
#include "analysis/OutsideAccess.h"
#include "request/MagicNames.h"
#include "request/Registration.h"

using namespace llvm;

namespace linkgrad {

/// Calls \p Visit with what \p User, of the name \p Name, calls and mentions.
void OutsideReach::forEachReference(
    const GlobalValueSummary &User, StringRef Name,
    function_ref<void(const GlobalValueSummary &, bool IsCall)> Visit) const {
  if (Name.starts_with("llvm.") || registrationKind(Name))
    return; // For the linker and for LinkGrad; no program reads them.
  auto Meant = [&](const ValueInfo &VI, bool IsCall) {
    if (auto *S = Program.definition(VI, User.modulePath(), User.modulePath()))
      Visit(*S->getBaseObject(), IsCall);
  };
  bool Requests = false;
  if (auto *F = dyn_cast<FunctionSummary>(&User))
    for (const auto &[Callee, Info] : F->calls()) {
      Requests |= isMagicSymbol(Callee.name());
      Meant(Callee, /*IsCall=*/true);
    }
  for (const ValueInfo &VI : User.refs())
    if (!Requests || !Primals.contains(VI.getGUID()))
      Meant(VI, /*IsCall=*/false);
}

bool OutsideReach::contains(const GlobalValueSummary &S) {
  std::call_once(Once, [&] { compute(); });
  return Reached.contains(&S);
}

void OutsideReach::compute() {
  for (const UnitPlan &Unit : Plan.Units)
    for (const PlannedRequest &R : Unit.Requests)
      Primals.insert(R.PrimalGUID);
  DenseMap<const GlobalValueSummary *, StringRef> Names;
  for (const auto &Entry : Program.summaries()) {
    ValueInfo VI = Program.summaries().getValueInfo(Entry);
    bool IsVisible =
        Program.facts(VI.getGUID()).VisibleOutside && !isEntryPoint(VI.name());
    for (const auto &S : VI.getSummaryList()) {
      Names[S.get()] = VI.name();
      if (!GlobalValue::isLocalLinkage(S->linkage()) &&
          (IsVisible || Program.module(S->modulePath()).Embedded))
        Reached.insert(S->getBaseObject());
      forEachReference(*S, VI.name(),
                       [&](const GlobalValueSummary &To, bool IsCall) {
                         if (!IsCall && isa<FunctionSummary>(To))
                           Reached.insert(&To); // Its address is taken.
                       });
    }
  }
  for (size_t Next = 0; Next < Reached.size(); ++Next)
    forEachReference(
        *Reached[Next], Names.lookup(Reached[Next]),
        [&](const GlobalValueSummary &To, bool) { Reached.insert(&To); });
}

} // namespace linkgrad
