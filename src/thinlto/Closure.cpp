//===- Closure.cpp - What a derivative can need ---------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Closure.h"
#include "request/MagicNames.h"
#include "rules/KnownFunctions.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/EHPersonalities.h"

using namespace llvm;

namespace linkgrad {

StringRef describe(CutReason R) {
  switch (R) {
  case CutReason::KnownFunction:
    return "has a rule or is inactive";
  case CutReason::Personality:
    return "is a personality function";
  case CutReason::Unreachable:
    return "never returns";
  case CutReason::NoBody:
    return "has no body";
  case CutReason::Preemptible:
    return "is weak and can be replaced";
  case CutReason::Redefined:
    return "is redefined by the linker";
  case CutReason::RegisteredDerivative:
    return "has a registered derivative";
  case CutReason::RegisteredInactive:
    return "is registered as inactive";
  case CutReason::RegisteredKnown:
    return "is registered as a known function or allocator";
  }
  return "unknown";
}

static bool isPersonality(StringRef Name) {
  // Rust has two, one of them mangled; LLVM has no name for them.
  if (Name.contains("rust_eh_personality"))
    return true;
  return any_of(
      enum_seq_inclusive(EHPersonality::GNU_Ada, EHPersonality::ZOS_CXX,
                         force_iteration_on_noniterable_enum),
      [&](EHPersonality P) {
        return P != EHPersonality::Rust && Name == getEHPersonalityName(P);
      });
}

/// The functions with which handlers begin in C++ and Rust.
static bool beginsHandler(StringRef Name) {
  return Name == "__cxa_begin_catch" || Name.contains("__rust_panic_cleanup");
}

namespace {

class ClosureBuilder {
public:
  ClosureBuilder(const ProgramIndex &Program, StringRef Requester,
                 DiffModes Modes, bool Catches)
      : Program(Program), Requester(Requester), Modes(Modes), Catches(Catches) {
  }

  Closure run(ArrayRef<ClosureRoot> Roots) {
    for (const ClosureRoot &Root : Roots)
      if (ValueInfo VI = Program.summaries().getValueInfo(Root.GUID))
        visit(VI, Root.Referrer, std::nullopt);
    for (unsigned I = 0; I < Result.Entries.size(); ++I)
      follow(I);
    return std::move(Result);
  }

  /// The modes that were given, and those of requests inside the closure.
  DiffModes modes() const { return Modes; }
  /// Whether a function of the closure may catch exceptions.
  bool catches() const { return Catches; }

private:
  void follow(unsigned I) {
    const GlobalValueSummary *Summary = Result.Entries[I].Summary;
    const GlobalValueSummary *Body = Summary->getBaseObject();
    StringRef Home = Summary->modulePath();
    // What mutable memory points to now says nothing about later.
    if (Result.Entries[I].Role == ClosureRole::Shared ||
        Result.Entries[I].Role == ClosureRole::Reference)
      return;
    if (auto *Function = dyn_cast<FunctionSummary>(Body))
      for (const auto &[Callee, Info] : Function->calls())
        visit(Callee, Home, I);
    for (const ValueInfo &Ref : Body->refs())
      visit(Ref, Home, I);
  }

  void visit(ValueInfo VI, StringRef Referrer, std::optional<unsigned> Parent) {
    const GlobalValueSummary *Summary =
        Program.definition(VI, Referrer, Requester);
    if (Summary ? !Visited.insert(Summary).second
                : !VisitedMissing.insert(VI.getGUID()).second)
      return;
    Modes |= DiffModes::ofRequest(VI.name());
    Catches |= beginsHandler(VI.name());
    if (auto Why = cut(VI, Summary)) {
      if (!isMarker(VI.name()))
        Result.Cuts.push_back({VI, *Why, Parent});
    } else {
      unsigned Index = Result.Entries.size();
      Result.Entries.push_back(
          {Summary, VI, role(*Summary), Parent.value_or(Index)});
      Parent = Index;
    }
    for (const ProgramRegistration &R : registrations(VI, Summary))
      visitRegistration(R, Parent);
  }

  /// What registers something is needed as much as its subject, and so is what
  /// it refers to, such as the functions of a derivative.
  void visitRegistration(const ProgramRegistration &R,
                         std::optional<unsigned> Parent) {
    ValueInfo VI = Program.summaries().getValueInfo(R.Global);
    const GlobalValueSummary *Summary =
        VI ? Program.definition(VI, R.Home, Requester) : nullptr;
    if (!Summary || !Visited.insert(Summary).second)
      return;
    unsigned Index = Result.Entries.size();
    // Nobody writes to it, constant or not.
    Result.Entries.push_back(
        {Summary, VI, ClosureRole::Constant, Parent.value_or(Index)});
  }

  SmallVector<ProgramRegistration, 2>
  registrations(ValueInfo VI, const GlobalValueSummary *Summary) const {
    bool Local = Summary && GlobalValue::isLocalLinkage(Summary->linkage());
    SmallVector<ProgramRegistration, 2> List;
    for (const ProgramRegistration &R :
         Program.registrations().of(VI.getGUID()))
      if (R.IsLocal == Local && (!Local || R.Home == Summary->modulePath()))
        List.push_back(R);
    return List;
  }

  /// Why the body of what is registered is not needed, if it is not.
  std::optional<CutReason>
  registeredCut(ArrayRef<ProgramRegistration> List) const {
    DiffModes Covered;
    for (const ProgramRegistration &R : List)
      switch (R.Kind) {
      case RegistrationKind::InactiveFunction:
        return CutReason::RegisteredInactive;
      case RegistrationKind::FunctionLike:
      case RegistrationKind::AllocationLike:
        return CutReason::RegisteredKnown;
      case RegistrationKind::Gradient:
        Covered.Reverse = true;
        break;
      case RegistrationKind::Derivative:
        Covered.Forward = true;
        break;
      default:
        break;
      }
    if (Covered.none() || !Covered.contains(Modes))
      return std::nullopt;
    return CutReason::RegisteredDerivative;
  }

  /// The calling convention's own names are no part of the program.
  static bool isMarker(StringRef Name) {
    return isMagicSymbol(Name) || Name.starts_with("enzyme_") ||
           Name.starts_with("llvm.");
  }

  std::optional<CutReason> cut(ValueInfo VI,
                               const GlobalValueSummary *Summary) const {
    bool Local = Summary && GlobalValue::isLocalLinkage(Summary->linkage());
    if (auto Why = registeredCut(registrations(VI, Summary)))
      return Why;
    if (!Local && isKnownFunction(VI.name(), /*HasBody=*/Summary))
      return CutReason::KnownFunction;
    if (isPersonality(VI.name()))
      return CutReason::Personality;
    if (!Summary)
      return CutReason::NoBody;
    const GlobalValueSummary *Body = Summary->getBaseObject();
    if (auto *Function = dyn_cast<FunctionSummary>(Body))
      if (Function->fflags().MustBeUnreachable && !Catches)
        return CutReason::Unreachable;
    if (Local || role(*Summary) == ClosureRole::Reference)
      return std::nullopt;
    ProgramIndex::SymbolFacts Facts = Program.facts(VI.getGUID());
    if (Facts.Redefined)
      return CutReason::Redefined;
    if (GlobalValue::isInterposableLinkage(Summary->linkage()) && !Facts.Final)
      return CutReason::Preemptible;
    return std::nullopt;
  }

  static ClosureRole role(const GlobalValueSummary &Summary) {
    auto *Variable = dyn_cast<GlobalVarSummary>(Summary.getBaseObject());
    if (!Variable)
      return ClosureRole::Function;
    if (Variable->isConstant())
      return ClosureRole::Constant;
    return GlobalValue::isLocalLinkage(Summary.linkage())
               ? ClosureRole::Shared
               : ClosureRole::Reference;
  }

  const ProgramIndex &Program;
  StringRef Requester;
  DiffModes Modes;
  bool Catches;
  Closure Result;
  DenseSet<const GlobalValueSummary *> Visited;
  DenseSet<GlobalValue::GUID> VisitedMissing;
};

} // namespace

Closure computeClosure(const ProgramIndex &Program, StringRef Requester,
                       ArrayRef<ClosureRoot> Roots, DiffModes Modes) {
  for (bool Catches = false;;) {
    ClosureBuilder Builder(Program, Requester, Modes, Catches);
    Closure Result = Builder.run(Roots);
    // A request in the closure, of a derivative of a derivative, can make
    // bodies necessary that were passed by. So can a handler: it sees what was
    // done by those who threw.
    if (Modes.contains(Builder.modes()) && Catches == Builder.catches())
      return Result;
    Modes = Builder.modes();
    Catches = Builder.catches();
  }
}

DiffModes DiffModes::ofRequest(StringRef Callee) {
  DiffModes M;
  switch (classifyMagicCall(Callee)) {
  case MagicCall::FwdDiff:
    M.Forward = true;
    break;
  case MagicCall::AutoDiff:
  case MagicCall::AugmentFwd:
  case MagicCall::Reverse:
  case MagicCall::AugmentSize:
  case MagicCall::FwdSplit: // Its tape is that of the reverse sweep.
    M.Reverse = true;
    break;
  default:
    break;
  }
  return M;
}

bool Closure::contains(ValueInfo VI,
                       const GlobalValueSummary *Definition) const {
  return any_of(
             Entries,
             [&](const ClosureEntry &E) { return E.Summary == Definition; }) ||
         any_of(Cuts, [&](const ClosureCut &C) { return C.VI == VI; });
}

std::string Closure::path(StringRef Symbol) const {
  SmallVector<std::string, 8> Names;
  std::optional<unsigned> At;
  for (const ClosureCut &Cut : Cuts)
    if (Cut.VI.name() == Symbol) {
      Names.push_back(displayName(Symbol));
      At = Cut.Parent;
      break;
    }
  for (unsigned I = 0; Names.empty() && I < Entries.size(); ++I)
    if (Entries[I].name() == Symbol) {
      At = I;
      break;
    }
  while (At) {
    Names.push_back(displayName(Entries[*At].name()));
    unsigned Parent = Entries[*At].Parent;
    At = Parent == *At ? std::nullopt : std::optional(Parent);
  }
  return join(reverse(Names), " → ");
}

} // namespace linkgrad
