//===- MemoryOperands.h - memcpy and its relatives --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_MEMORYOPERANDS_H
#define LINKGRAD_ANALYSIS_MEMORYOPERANDS_H

#include "llvm/IR/Constants.h"
#include "llvm/IR/InstrTypes.h"
#include <optional>

namespace linkgrad {

/// The operands of a call that copies or fills memory, be it an intrinsic or
/// the C library's function.
struct MemoryOperands {
  llvm::Value *Dst;
  llvm::Value *Src; ///< null for a fill
  llvm::Value *Length;

  /// \p Call must be of CalleeKind::MemoryIntrinsic: memcpy, memmove, memset
  /// and the checked forms all take (destination, source or byte, length).
  explicit MemoryOperands(const llvm::CallBase &Call)
      : Dst(Call.getArgOperand(0)), Src(Call.getArgOperand(1)),
        Length(Call.getArgOperand(2)) {
    if (!Src->getType()->isPointerTy())
      Src = nullptr;
  }

  std::optional<uint64_t> constantLength() const {
    if (auto *C = llvm::dyn_cast<llvm::ConstantInt>(Length))
      return C->getZExtValue();
    return std::nullopt;
  }
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_MEMORYOPERANDS_H
