//===- OutsideReach.h - What code without bitcode can reach -----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_OUTSIDEREACH_H
#define LINKGRAD_THINLTO_OUTSIDEREACH_H

#include "thinlto/Plan.h"
#include <mutex>

namespace linkgrad {

/// What native objects and other linkage units can reach in the program: from
/// the functions that they know by name, or whose addresses the program takes.
/// Computed when it is asked for first.
class OutsideReach {
public:
  /// That \p Plan has a function differentiated does not count as taking its
  /// address.
  OutsideReach(const ProgramIndex &Program, const LinkPlan &Plan)
      : Program(Program), Plan(Plan) {}

  /// Can be called from several threads.
  bool contains(const llvm::GlobalValueSummary &S);

private:
  void compute();
  void forEachReference(
      const llvm::GlobalValueSummary &User, llvm::StringRef Name,
      llvm::function_ref<void(const llvm::GlobalValueSummary &, bool IsCall)>
          Visit) const;

  std::once_flag Once;
  const ProgramIndex &Program;
  const LinkPlan &Plan;
  llvm::DenseSet<llvm::GlobalValue::GUID> Primals;
  llvm::SetVector<const llvm::GlobalValueSummary *> Reached;
};

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_OUTSIDEREACH_H
