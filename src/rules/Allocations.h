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
  /// mmap: operand 0 says where, and operand 4 of which file, -1 for none.
  bool IsMapping = false;
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

/// glibc's, musl's, jemalloc's …: how many bytes malloc has given, 0 for null.
constexpr llvm::StringLiteral UsableSizeName = "malloc_usable_size";

enum class ReallocatorKind {
  Realloc,      ///< ptr (ptr, size)
  ReallocArray, ///< ptr (ptr, count, size)
  Rust,         ///< ptr (ptr, old size, alignment, size)
};

/// How \p F moves memory to a place of another size, if it does.
std::optional<ReallocatorKind> reallocatorKind(const llvm::Function &F);

/// Marks a memcpy that moves a whole object: what lay behind the source lies
/// behind the destination now, as far as there is room. The operands are the
/// sizes of the things that the destination's size counts, all of it and behind
/// a header, 1 if that is not known.
constexpr llvm::StringLiteral MovedObjectMD = "linkgrad.moved";

/// The symbol of Rust's allocator function \p Wanted (`__rust_dealloc`) beside
/// the one whose symbol is \p Known. Empty if that is none.
std::string rustAllocatorName(llvm::StringRef Known, llvm::StringRef Wanted);

/// Delivers operand \p Index of an allocation where code is emitted.
using AllocationOperand = llvm::function_ref<llvm::Value *(unsigned Index)>;

/// Emits the number of bytes that an allocation of that kind asks for.
llvm::Value *emitAllocationSize(llvm::IRBuilderBase &B,
                                const AllocationInfo &Info,
                                AllocationOperand Operand);

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
