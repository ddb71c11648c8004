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
class CallBase;
class Function;
class GlobalObject;
class GlobalVariable;
class Value;
} // namespace llvm

namespace linkgrad {

/// True if \p G is marked: it has a shadow variable. \p Pointers: in
/// derivatives that count pointers in variables.
bool mayHoldActive(const llvm::GlobalVariable &G, bool Pointers);
/// True if \p G holds integers of which functions that a primal reaches may
/// make floats.
bool isMadeFloatOf(const llvm::GlobalVariable &G);
/// True if \p F, or what it calls, touches a marked variable.
bool touchesActiveGlobal(const llvm::Function &F, bool Pointers);
/// True if \p Call, of a function that is not known to be inactive, may touch a
/// marked variable: in what it calls or, if that has no body, in functions that
/// are passed to it.
bool mayTouchActiveGlobal(const llvm::CallBase &Call, bool Pointers);

/// True if \p G is a constant C string.
bool isText(const llvm::GlobalVariable &G);
/// True if \p Ptr leads into a constant with printable text, as strcpy and
/// strncpy copy it.
bool holdsPrintableText(const llvm::Value &Ptr);
/// True if \p Table is constant, and its pointers lead to nothing but such.
bool leadsToText(const llvm::GlobalVariable &Table);

/// The shadow variable of \p G for \p Lane in derivatives of \p Order
/// (DiffRequest::Order), made if it is new. One that other modules may use too
/// has a name that they agree on.
llvm::GlobalVariable *shadowGlobal(llvm::GlobalVariable &G, unsigned Lane,
                                   unsigned Order);

class ClosureScan;

/// Sets the marks, and removes them in the end.
class GlobalActivity {
public:
  GlobalActivity() = default;
  GlobalActivity(const GlobalActivity &) = delete;
  ~GlobalActivity() { clear(); }

  /// The marked variables that a primal touches, in a fixed order.
  struct Touched {
    /// By whether pointers in variables count.
    llvm::SmallVector<llvm::GlobalVariable *, 4> Variables[2];
    /// They have to count: one of the variables may lead to another from the
    /// start.
    bool ByPointers = false;
    /// The first order of which the primal uses no shadows itself.
    unsigned Order = 1;
    /// Functions that the primal reaches, even inactively but not through
    /// pointers, ask for derivatives that are not made yet.
    bool InCircle = false;
  };

  /// Marks what \p Primal writes to, by itself or through others, and what may
  /// lead there.
  Touched mark(llvm::Function &Primal);

  /// True if it makes a difference whether pointers in variables count.
  bool hasPointers() const { return Pointers; }

  /// Removes all marks.
  void clear();

private:
  llvm::SmallVector<llvm::GlobalVariable *, 4> spread(const ClosureScan &Scan,
                                                      bool WithPointers);

  /// The marked ones.
  llvm::SetVector<llvm::GlobalVariable *> Variables, KeepBits;
  llvm::SetVector<llvm::Function *> Functions;
  bool Pointers = false;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_GLOBALACTIVITY_H
