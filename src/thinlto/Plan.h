//===- Plan.h - What the link layer is going to do --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The decisions, apart from carrying them out: for each module with requests
// one unit of work. A plan is data, can be printed, and depends on nothing but
// summaries and the linker's resolution, so that any ThinLTO host can make
// one from its own modules.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_PLAN_H
#define LINKGRAD_THINLTO_PLAN_H

#include "thinlto/Closure.h"
#include "thinlto/PointerTargets.h"
#include "thinlto/ProgramIndex.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace llvm {
class Module;
class raw_ostream;
} // namespace llvm

namespace linkgrad {

/// A call of a magic function, as far as the plan is concerned.
struct PlannedRequest {
  std::string Location; ///< "file:line:column", empty if not known
  std::string Callee;   ///< the magic function
  std::string Caller;
  std::string Primal;
  llvm::GlobalValue::GUID PrimalGUID;
};

/// The work on one module.
struct UnitPlan {
  llvm::StringRef Module; ///< the module to rewrite
  std::vector<PlannedRequest> Requests;
  Closure Needs;
  /// What the code in Needs can call through pointers.
  std::vector<PointerTarget> Targets;

  bool isImported(const ClosureEntry &E) const {
    return E.home() != Module &&
           (E.Role == ClosureRole::Function || E.Role == ClosureRole::Constant);
  }
};

struct LinkPlan {
  std::vector<UnitPlan> Units;

  /// The modules without requests whose locals may have to be exported,
  /// because derivatives elsewhere need them and a copy would not do: mutable
  /// locals, and those whose address matters.
  llvm::SmallVector<llvm::StringRef, 0> possibleHomes() const;

  /// \param WhoDefines says who defines a symbol without bitcode.
  void print(llvm::raw_ostream &OS,
             llvm::function_ref<std::string(llvm::StringRef)> WhoDefines) const;
};

/// The requests in \p M that name a function to differentiate, in module
/// order. Where that fails, or a call is only a type hint, there is none; the
/// errors come when the calls are answered.
std::vector<PlannedRequest> findRequests(llvm::Module &M);

/// Plans the work on \p Module.
llvm::Expected<UnitPlan> planUnit(const ProgramIndex &Program,
                                  llvm::StringRef Module,
                                  std::vector<PlannedRequest> Requests,
                                  PointerTargets &Pointers);

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_PLAN_H
