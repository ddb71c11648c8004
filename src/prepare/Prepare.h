//===- Prepare.h - The copy that is differentiated --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The original function is never changed. What is differentiated is a copy
// that has been optimised (a derivative is as good as the code it is made
// from) and brought into the form that the sweeps rely on.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_PREPARE_H
#define LINKGRAD_PREPARE_PREPARE_H

#include "support/Options.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Support/Error.h"

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

class AnalysisManagers;

/// Functions that are inlined whatever that costs.
using InlineSet = llvm::SmallPtrSet<const llvm::Function *, 4>;

/// How the copy of one primal differs from what its bounds say.
struct Inlining {
  InlineSet Always;
  /// Inline what calls through pointers may reach, where next to nothing of it
  /// remains. What does so with different targets may use the same bytes as
  /// different types.
  bool Targets = true;
};

/// A copy of \p Primal, internal to the module, in prepared form:
///  - callees inlined within the bounds of \p Opts and the whole simplified
///    (if Opts.Optimize),
///  - at most one `ret`, reducible control flow, no unreachable blocks,
///  - loops in simplified form and in LCSSA,
///  - invokes with a normal destination that nothing else leads to,
///  - no `byval` parameters: their copies are explicit.
/// \returns Reason::MissingBody if there is no body that may be copied,
/// Reason::UnsupportedControlFlow if the graph cannot be brought into form.
llvm::Expected<llvm::Function *> preparePrimal(llvm::Function &Primal,
                                               AnalysisManagers &AMs,
                                               const Options &Opts,
                                               const Inlining &Inline = {});

/// Inlines callees of \p F within the bounds of \p Opts, and those marked
/// alwaysinline or in \p Always. \p Original is not inlined into itself.
void inlineCallees(llvm::Function &F, const llvm::Function &Original,
                   AnalysisManagers &AMs, const Options &Opts,
                   const InlineSet &Always = {});

/// Runs the simplification pipeline (no vectorisation, no unrolling) on \p F.
void simplifyFunction(llvm::Function &F, AnalysisManagers &AMs);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_PREPARE_H
