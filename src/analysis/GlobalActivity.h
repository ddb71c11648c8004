//===- GlobalActivity.h - Global variables with a shadow --------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A global variable to which differentiated code writes floating point may hold
// active values: what one function leaves there another may read. Each such
// variable gets a shadow variable. Others, such as parameters that are set
// before, hold constants. Attributes in the module mark the variables and the
// functions that touch them, for ActivityAnalysis.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_GLOBALACTIVITY_H
#define LINKGRAD_ANALYSIS_GLOBALACTIVITY_H

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Function;
class GlobalVariable;
} // namespace llvm

namespace linkgrad {

/// True if \p G is marked: it has a shadow variable.
bool mayHoldActive(const llvm::GlobalVariable &G);
/// True if \p F, or what it calls, touches a marked variable.
bool touchesActiveGlobal(const llvm::Function &F);

/// The shadow variable of \p G for \p Lane, made if it is new. One that other
/// modules may use too has a name that they agree on.
llvm::GlobalVariable *shadowGlobal(llvm::GlobalVariable &G, unsigned Lane);

/// Sets the marks, and removes them in the end.
class GlobalActivity {
public:
  GlobalActivity() = default;
  GlobalActivity(const GlobalActivity &) = delete;
  ~GlobalActivity() { clear(); }

  /// Marks what \p Primal writes to, by itself or through others. \returns the
  /// marked variables that it touches, in a fixed order.
  llvm::SmallVector<llvm::GlobalVariable *, 4> mark(llvm::Function &Primal);

  /// Removes all marks.
  void clear();

private:
  llvm::SetVector<llvm::GlobalVariable *> Variables;
  llvm::SetVector<llvm::Function *> Functions;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_GLOBALACTIVITY_H
