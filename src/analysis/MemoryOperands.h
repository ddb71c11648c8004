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
#include "llvm/IR/Instructions.h"
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

/// The value of the atomic update \p I that may put floating point into memory;
/// null for other instructions and for calculations with integers.
inline const llvm::Value *storedAtomically(const llvm::Instruction &I) {
  if (auto *Exchange = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&I))
    return Exchange->getNewValOperand();
  auto *RMW = llvm::dyn_cast<llvm::AtomicRMWInst>(&I);
  bool Stores = RMW && (RMW->isFloatingPointOperation() ||
                        RMW->getOperation() == llvm::AtomicRMWInst::Xchg);
  return Stores ? RMW->getValOperand() : nullptr;
}

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_MEMORYOPERANDS_H
