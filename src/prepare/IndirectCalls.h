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

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace llvm {
class CallBase;
class Constant;
class Function;
class GlobalVariable;
class Module;
class Value;
} // namespace llvm

namespace linkgrad {

/// The attribute of calls that were made from a call through a pointer.
inline constexpr llvm::StringLiteral SpeculativeCallAttribute =
    "linkgrad-speculative";

/// Of functions that derivatives cannot refer to, as locals of native objects:
/// no call is compared with these.
inline constexpr llvm::StringLiteral UnnameableAttribute =
    "linkgrad-unnameable";

/// From where in memory the pointer comes that is called.
struct CallSlot {
  /// Bytes behind the beginning of a table of functions such as a vtable; none
  /// if it may be any element of it.
  std::optional<int64_t> Offset;
  /// It may come from a table at all; else it was given as a value.
  bool FromTable = false;
};

/// Where \p CalledOperand comes from.
CallSlot callSlot(const llvm::Value &CalledOperand);

/// A function in the initialiser of a global variable.
struct TableEntry {
  llvm::Function *F;
  uint64_t Offset; ///< from the beginning of the variable
};

/// The functions that \p Table, which is initialised, points to.
llvm::SmallVector<TableEntry, 8>
tableEntries(const llvm::GlobalVariable &Table);

/// True if a call from \p Slot can get \p Entry of \p Table. Objects point to
/// the middle of a vtable, behind what describes their type.
bool canCall(const CallSlot &Slot, const llvm::GlobalVariable &Table,
             const TableEntry &Entry);

/// Makes the calls through pointers in \p F direct where it is known what they
/// can call. \returns whether that changed anything.
bool promoteIndirectCalls(llvm::Function &F);

/// True if \p F has calls that were made direct.
bool hasPromotedCalls(const llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_INDIRECTCALLS_H
