//===- WordMoves.h - Loops that move things word by word --------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_WORDMOVES_H
#define LINKGRAD_ANALYSIS_WORDMOVES_H

#include <cstdint>
#include <optional>

namespace llvm {
class DataLayout;
class LoadInst;
class Value;
} // namespace llvm

namespace linkgrad {

/// Bytes that a loop moves from one place to another.
struct WordMove {
  const llvm::Value *From;
  const llvm::Value *To;
  uint64_t Bytes;
};

/// What a loop moves of which each round reads one integer of a pointer's size
/// by \p Load, and only stores it: `for (i = 0; i < 4; ++i) to[i] = from[i];`.
/// So Rust exchanges structs. The integers may be floats and pointers, each
/// something else.
std::optional<WordMove> wordMove(const llvm::LoadInst &Load);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_WORDMOVES_H
