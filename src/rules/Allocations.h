//===- Allocations.h - Heap memory and its shadow ---------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the engine must know of an allocator to give an allocation a shadow of
// the same kind, and to free it: malloc and its kin, C++'s operator new in all
// forms, and whatever carries the attributes allockind, allocsize and
// alloc-family, as Rust's allocator does.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_ALLOCATIONS_H
#define LINKGRAD_RULES_ALLOCATIONS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace llvm {
class CallBase;
class Function;
class IRBuilderBase;
class Value;
} // namespace llvm

namespace linkgrad {

struct AllocationInfo {
  /// The operand that is the number of bytes, to be multiplied by the operand
  /// CountOperand if that is present.
  unsigned SizeOperand = 0;
  std::optional<unsigned> CountOperand;
  /// The memory is zero already.
  bool Zeroed = false;
  /// The function that frees such memory: its first argument is the pointer,
  /// the others are these operands of the allocation. Empty if there is no such
  /// function in the module and its name is not known.
  std::string FreeName;
  llvm::SmallVector<unsigned, 2> FreeOperands;
};

/// How \p F allocates, if it returns fresh memory of a size it is told.
std::optional<AllocationInfo> getAllocationInfo(const llvm::Function &F);
/// The same for the direct callee of \p Call.
std::optional<AllocationInfo> getAllocationInfo(const llvm::CallBase &Call);

/// True if \p F frees its first argument.
bool isFreeFunction(const llvm::Function &F);

/// True if a function of this name allocates or frees.
bool isAllocatorName(llvm::StringRef Name);

/// Delivers operand \p Index of an allocation where code is emitted.
using AllocationOperand = llvm::function_ref<llvm::Value *(unsigned Index)>;

/// Emits an allocation like \p Alloc, filled with zeros. Null if \p Alloc has
/// no AllocationInfo.
llvm::Value *emitZeroedLike(llvm::IRBuilderBase &B, const llvm::CallBase &Alloc,
                            AllocationOperand Operand);

/// Frees \p Ptr, which was obtained by a call like \p Alloc. Operand is asked
/// only for FreeOperands. Null if it is not known how.
llvm::Value *emitFreeLike(llvm::IRBuilderBase &B, const llvm::CallBase &Alloc,
                          llvm::Value *Ptr, AllocationOperand Operand);

} // namespace linkgrad

#endif // LINKGRAD_RULES_ALLOCATIONS_H
