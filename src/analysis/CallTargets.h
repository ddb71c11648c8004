//===- CallTargets.h - What calls through pointers can reach ----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call through a pointer can reach the functions of its type whose addresses
// the program takes; one in a vtable only through the slots that it is in.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_CALLTARGETS_H
#define LINKGRAD_ANALYSIS_CALLTARGETS_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace llvm {
class CallBase;
class Function;
class FunctionType;
class GlobalVariable;
class Module;
class Value;
} // namespace llvm

namespace linkgrad {

/// Of functions that derivatives cannot refer to, as locals of native objects:
/// no call is compared with these.
inline constexpr llvm::StringLiteral UnnameableAttribute =
    "linkgrad-unnameable";

/// The attribute of calls that were made from a call through a pointer
/// (prepare/IndirectCalls.h).
inline constexpr llvm::StringLiteral SpeculativeCallAttribute =
    "linkgrad-speculative";

/// The link layer's table of what the program can call through pointers, of
/// which it does not say from where.
inline constexpr llvm::StringLiteral TargetTableName = "linkgrad.targets";

/// From where in memory the pointer comes that is called.
struct CallSlot {
  /// Bytes behind the beginning of a table of functions such as a vtable; none
  /// if it may be any element of it.
  std::optional<int64_t> Offset;
  /// It may come from a table at all; else it was given as a value.
  bool FromTable = false;
  /// It certainly comes from a C++ vtable, by the type of the pointer to that.
  bool FromVTable = false;
  /// It certainly comes from a std::function.
  bool FromFunctionObject = false;
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

/// True if \p Call calls what a pointer points to, and not inactively.
bool callsThroughPointer(const llvm::CallBase &Call);

/// The functions of a module that can be called through pointers.
class CallTargets {
public:
  explicit CallTargets(llvm::Module &M);

  /// Those that \p Call, through a pointer, can reach.
  llvm::SmallVector<llvm::Function *, 8> of(const llvm::CallBase &Call) const;

  /// True if some call through a pointer might reach \p F.
  bool mayReach(const llvm::Function &F) const {
    return Anywhere.contains(&F) || Entries.contains(&F);
  }

private:
  bool mayHold(const CallSlot &Slot, llvm::Function *F) const;

  llvm::DenseSet<const llvm::Function *> Anywhere;
  llvm::DenseMap<
      const llvm::Function *,
      llvm::SmallVector<std::pair<const llvm::GlobalVariable *, TableEntry>, 1>>
      Entries;
  llvm::DenseMap<llvm::FunctionType *, llvm::SmallVector<llvm::Function *, 8>>
      ByType;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_CALLTARGETS_H
