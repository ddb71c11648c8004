//===- IndirectCalls.h - Calls through pointers -----------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A derivative must know what it calls. A call through a pointer becomes
//
//   if (p == f) f(x); else if (p == g) g(x); else p(x);
//
// where f, g are the functions of the type that p can point to: those whose
// addresses the program takes. So neither function pointers nor vtables need
// shadows, and what holds them can be handed over as it is.
//
// All of these calls are speculative: a function may have the right type and
// yet never be called from here. If one of them cannot be differentiated, or
// none of them was meant and the call is active, the program stops with a
// message when it gets there (transform/Speculation.h).
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_INDIRECTCALLS_H
#define LINKGRAD_PREPARE_INDIRECTCALLS_H

#include "analysis/CallTargets.h" // SpeculativeCallAttribute

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Makes the calls through pointers in \p F direct where it is known what they
/// can call. \returns whether that changed anything.
bool promoteIndirectCalls(llvm::Function &F);

/// True if \p F has calls that were made direct.
bool hasPromotedCalls(const llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_INDIRECTCALLS_H
