//===- Plan.cpp - What the link layer is going to do ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Plan.h"
#include "request/MagicNames.h"
#include "request/RequestCall.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

std::vector<PlannedRequest> findRequests(Module &M) {
  std::vector<PlannedRequest> Requests;
  for (CallBase *Call : findRequestCalls(M)) {
    if (!asksForDerivative(*Call))
      continue;
    Expected<Function *> Primal = requestedPrimal(*Call);
    if (!Primal) {
      consumeError(Primal.takeError());
      continue;
    }
    PlannedRequest R;
    R.Location = locationString(Call->getDebugLoc());
    if (auto *Callee = dyn_cast<Function>(
            Call->getCalledOperand()->stripPointerCastsAndAliases()))
      R.Callee = displayName(*Callee);
    R.Caller = displayName(*Call->getFunction());
    R.Primal = displayName(**Primal);
    R.PrimalGUID = (*Primal)->getGUID();
    Requests.push_back(std::move(R));
  }
  return Requests;
}

Expected<UnitPlan> planUnit(const ProgramIndex &Program, StringRef Module,
                            std::vector<PlannedRequest> Requests,
                            PointerTargets &Pointers) {
  UnitPlan Unit;
  Unit.Module = Module;
  std::vector<ClosureRoot> Roots;
  DiffModes Modes;
  for (const PlannedRequest &R : Requests) {
    Roots.push_back({R.PrimalGUID, Module});
    Modes |= DiffModes::ofRequest(R.Callee);
  }
  Unit.Requests = std::move(Requests);
  DenseSet<std::pair<GlobalValue::GUID, const GlobalValueSummary *>> Further;
  while (true) {
    Unit.Needs = computeClosure(Program, Module, Roots, Modes);
    auto Targets = Pointers.of(Unit.Needs);
    if (!Targets)
      return Targets.takeError();
    Unit.Targets = std::move(*Targets);
    // Each target can bring further calls through pointers.
    const size_t Before = Roots.size();
    for (const PointerTarget &T : Unit.Targets)
      if (!Unit.Needs.contains(T.VI, T.Summary) &&
          Further.insert({T.VI.getGUID(), T.Summary}).second)
        Roots.push_back({T.VI.getGUID(), T.Referrer});
    if (Roots.size() == Before)
      return Unit;
  }
}

SmallVector<StringRef, 0> LinkPlan::possibleHomes() const {
  SetVector<StringRef> Homes;
  for (const UnitPlan &Unit : Units)
    for (const ClosureEntry &E : Unit.Needs.Entries)
      if (E.isLocal())
        Homes.insert(E.home());
  for (const UnitPlan &Unit : Units)
    Homes.remove(Unit.Module);
  return Homes.takeVector();
}

static void printEntry(raw_ostream &OS, const UnitPlan &Unit,
                       const ClosureEntry &E) {
  bool Own = E.home() == Unit.Module;
  std::string Name = displayName(E.name());
  switch (E.Role) {
  case ClosureRole::Function:
    OS << "  function " << Name;
    break;
  case ClosureRole::Constant:
    OS << "  constant " << Name;
    break;
  case ClosureRole::Shared:
  case ClosureRole::Reference:
    OS << "  variable " << Name;
    break;
  }
  if (Own)
    OS << ", its own\n";
  else if (E.Role == ClosureRole::Shared)
    OS << " of " << E.home() << ", shared\n";
  else if (E.Role == ClosureRole::Reference)
    OS << " of " << E.home() << '\n';
  else
    OS << " from " << E.home() << (E.isLocal() ? ", local\n" : "\n");
}

void LinkPlan::print(raw_ostream &OS,
                     function_ref<std::string(StringRef)> WhoDefines) const {
  for (const UnitPlan &Unit : Units) {
    OS << "module " << Unit.Module << '\n';
    for (const PlannedRequest &R : Unit.Requests) {
      OS << "  request " << R.Callee << " of " << R.Primal << " in "
         << R.Caller;
      if (!R.Location.empty())
        OS << " at " << R.Location;
      OS << '\n';
    }
    for (const ClosureEntry &E : Unit.Needs.Entries)
      printEntry(OS, Unit, E);
    for (const PointerTarget &T : Unit.Targets)
      OS << "  perhaps called through a pointer: " << displayName(T.VI.name())
         << '\n';
    for (const ClosureCut &Cut : Unit.Needs.Cuts) {
      OS << "  cut " << displayName(Cut.VI.name()) << ": " << describe(Cut.Why);
      if (Cut.Why == CutReason::NoBody)
        OS << ", " << WhoDefines(Cut.VI.name());
      OS << " (" << Unit.Needs.path(Cut.VI.name()) << ")\n";
    }
  }
  for (const UnitPlan &Unit : Units)
    OS << "rewrite " << Unit.Module << '\n';
  for (StringRef Home : possibleHomes())
    OS << "may export locals of " << Home << '\n';
}

} // namespace linkgrad
