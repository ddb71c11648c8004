//===- Closure.h - What a derivative can need -------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the functions that a module asks to differentiate, follow calls and
// references through the summary index to all definitions that the derivative
// can need. Summaries say nothing about activity, so this takes in too much
// (which costs the time of an import) and never too little. Where it stops,
// it says why.
//
// Cost: one visit of each definition and edge; about 10 ms for 1,000 functions
// in 500 modules.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_CLOSURE_H
#define LINKGRAD_THINLTO_CLOSURE_H

#include "thinlto/ProgramIndex.h"
#include <optional>
#include <string>
#include <vector>

namespace linkgrad {

/// Why the closure does not go beyond a symbol.
enum class CutReason {
  KnownFunction, ///< the engine has a rule for it or treats it as inactive
  Personality,   ///< exception handling's personality function
  Unreachable,   ///< never returns, and nobody catches what it throws
  NoBody,        ///< no bitcode in this link defines it
  Preemptible,   ///< weak, and another definition may take its place
  Redefined,     ///< --wrap or --defsym leads calls elsewhere
  RegisteredDerivative, ///< the program has a derivative of its own for it
  RegisteredInactive,   ///< the program says so
  RegisteredKnown,      ///< the program says which known function it is like
};

/// For the plan's text, e.g. "has a rule or is inactive".
llvm::StringRef describe(CutReason R);

/// What is to be done with a definition in the closure.
enum class ClosureRole {
  Function,  ///< its body is needed
  Constant,  ///< its initialiser is needed
  Shared,    ///< mutable local: its home must export it
  Reference, ///< mutable, visible to the linker: just referred to
};

struct ClosureEntry {
  const llvm::GlobalValueSummary *Summary;
  llvm::ValueInfo VI;
  ClosureRole Role;
  /// The entry that mentions it; its own index for a root.
  unsigned Parent;

  llvm::StringRef name() const { return VI.name(); }
  llvm::StringRef home() const { return Summary->modulePath(); }
  bool isLocal() const {
    return llvm::GlobalValue::isLocalLinkage(Summary->linkage());
  }
};

struct ClosureCut {
  llvm::ValueInfo VI;
  CutReason Why;
  /// The entry that mentions it; none if it was to be differentiated itself.
  std::optional<unsigned> Parent;
};

/// All that the derivatives asked for by one module can need, nearest first.
struct Closure {
  std::vector<ClosureEntry> Entries;
  std::vector<ClosureCut> Cuts;

  /// True if the closure reached \p VI, meaning \p Definition (null: none), be
  /// it to stop there.
  bool contains(llvm::ValueInfo VI,
                const llvm::GlobalValueSummary *Definition) const;

  /// The shortest way from a root to the mention of \p Symbol, e.g.
  /// "loss → model → spline_eval", as users know these names; empty if it is
  /// not in the closure.
  std::string path(llvm::StringRef Symbol) const;
};

/// Which modes of differentiation are asked for.
struct DiffModes {
  bool Forward = false;
  bool Reverse = false;

  /// That of a call of the magic function \p Callee, none for other names.
  static DiffModes ofRequest(llvm::StringRef Callee);

  bool none() const { return !Forward && !Reverse; }
  bool contains(DiffModes O) const {
    return Forward >= O.Forward && Reverse >= O.Reverse;
  }
  void operator|=(DiffModes O) {
    Forward |= O.Forward;
    Reverse |= O.Reverse;
  }
};

/// What a closure starts from: a symbol as the module \p Referrer means it.
struct ClosureRoot {
  llvm::GlobalValue::GUID GUID;
  llvm::StringRef Referrer;
};

/// The closure of \p Roots for requests of these modes by the module
/// \p Requester: a function with a registered derivative is passed by if that
/// serves them all.
Closure computeClosure(const ProgramIndex &Program, llvm::StringRef Requester,
                       llvm::ArrayRef<ClosureRoot> Roots, DiffModes Modes);

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_CLOSURE_H
