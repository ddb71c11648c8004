//===- KnownFunctions.h - What is known of functions by name ----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_KNOWNFUNCTIONS_H
#define LINKGRAD_RULES_KNOWNFUNCTIONS_H

#include "llvm/ADT/StringRef.h"

namespace llvm {
class CallBase;
class Function;
} // namespace llvm

namespace linkgrad {

/// What a callee is to the engine, decided by intrinsic ID, attributes
/// (`enzyme_inactive`, `enzyme_math`, `allockind`) and name.
enum class CalleeKind {
  Unknown,         ///< needs a body
  ScalarRule,      ///< a row of ScalarRules.def
  Allocate,        ///< returns fresh memory: malloc, calloc, operator new, …
  Free,            ///< frees its first argument: free, operator delete, …
  UsableSize,      ///< malloc_usable_size: also limited by the shadow's
  Mirrored,        ///< links nodes, on shadows too: MirroredFunctions.h
  MemoryIntrinsic, ///< llvm.memcpy, memmove, memset (and the libc functions)
  Inactive,        ///< neither reads nor writes active values (printf, time, …)
};

/// Classifies the direct callee of a call.
CalleeKind classifyCallee(const llvm::Function &F);

/// True if \p F is inactive for no other reason than that it never returns:
/// nobody sees what it did, unless what it throws is caught.
bool onlyNeverReturns(const llvm::Function &F);

/// The same by symbol name alone, for the link layer, which sees summaries
/// and no attributes. True if the closure must not follow \p Symbol because
/// the engine has a rule for it or treats it as inactive.
/// \param HasBody the link has bitcode for the prevailing definition. A program
/// may define functions with the names of POSIX (y1, random) or its own libm;
/// their bodies count then, as they do for classifyCallee.
bool isKnownFunction(llvm::StringRef Symbol, bool HasBody = false);

} // namespace linkgrad

#endif // LINKGRAD_RULES_KNOWNFUNCTIONS_H
