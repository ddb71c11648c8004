//===- PackedIntegers.h - Integers that are structs -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calling conventions hand small structs over as integers: {float, int} is an
// i64. Here is found out which of an integer's bytes are floats, by what
// becomes of it and by how it was made: through shifts, truncations and the
// like a float's bits can be followed without doubt.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_PACKEDINTEGERS_H
#define LINKGRAD_PREPARE_PACKEDINTEGERS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include <map>
#include <set>

namespace linkgrad {

/// A part of a packed integer: bytes from Offset on that are a float, or an
/// integer of some size between floats.
struct Piece {
  unsigned Offset;
  llvm::Type *Ty;
};
using Pieces = llvm::SmallVector<Piece, 4>;

/// Collects the floats in one integer.
class FloatFinder {
public:
  explicit FloatFinder(llvm::IntegerType &T) : T(T) {}

  /// What becomes of the integer \p V.
  void followUses(const llvm::Value &V) { followUses(V, 0); }
  /// How \p V, which is the integer, was made.
  void followOrigin(const llvm::Value &V) { followOrigin(V, 0); }
  /// The same for a field of what \p F returns; no indices for all of it.
  void followResults(const llvm::Function &F,
                     llvm::ArrayRef<unsigned> Indices) {
    followResults(F, Indices, 0);
  }

  /// The whole integer in pieces; empty if no float was found in it, or if
  /// there are different ones in the same place.
  Pieces pieces() const;

private:
  // Byte b of V is byte b + At of the integer that this is about.
  void followUses(const llvm::Value &V, int At);
  void followUser(const llvm::Value &V, const llvm::Use &U, int At);
  void followOrigin(const llvm::Value &V, int At);
  void followResults(const llvm::Function &F, llvm::ArrayRef<unsigned> Indices,
                     int At);
  void followField(llvm::Value &V, llvm::ArrayRef<unsigned> Indices, int At);
  bool overlaps(const llvm::Value &V, int At) const;
  void addMemory(const llvm::Value &Ptr, int At,
                 const llvm::Instruction &Access);
  void addFloats(llvm::Type &Cast, int At, const llvm::Instruction &I);
  void add(llvm::Type &Float, int Offset, unsigned Size);

  llvm::IntegerType &T;
  std::map<unsigned, llvm::Type *> Floats;
  bool Conflict = false;
  std::set<std::pair<const llvm::Value *, int>> SeenUses, SeenOrigins;
};

/// The parts of the integer \p V.
llvm::SmallVector<llvm::Value *, 4>
splitInteger(llvm::IRBuilderBase &B, llvm::Value *V, llvm::ArrayRef<Piece> P);
/// The integer of type \p T that consists of \p Parts.
llvm::Value *joinInteger(llvm::IRBuilderBase &B,
                         llvm::ArrayRef<llvm::Value *> Parts, llvm::Type *T,
                         llvm::ArrayRef<Piece> P);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_PACKEDINTEGERS_H
