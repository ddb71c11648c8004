//===- RustTypes.h - Values in the memory of Rust programs ------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What debug information tells of the values that safe Rust can reach from one
// value: where there are bytes for floats that are not there, and by which
// pointers and lengths one gets there.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_RUSTTYPES_H
#define LINKGRAD_ANALYSIS_RUSTTYPES_H

#include "llvm/ADT/APInt.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>
#include <tuple>

namespace llvm {
class DIType;
} // namespace llvm

namespace linkgrad {

/// A value of type \p T, which is never null. What is behind a shared reference
/// does not change, unless it is in a cell.
struct RustPlace {
  const llvm::DIType *T;
  bool IsMutable;
  bool operator==(const RustPlace &O) const {
    return T == O.T && IsMutable == O.IsMutable;
  }
  bool operator<(const RustPlace &O) const {
    return std::tie(T, IsMutable) < std::tie(O.T, O.IsMutable);
  }
};

/// What a value contains or leads to.
struct RustPart {
  enum Kind {
    Members,  ///< Count values in a row, in the value itself
    Pointee,  ///< one value, behind a pointer
    Elements, ///< behind a pointer, as many as a length says
    Buckets,  ///< of a HashMap: before a pointer; there, a byte for each
    Hidden,   ///< nothing tells where
  };
  Kind K;
  RustPlace What;
  uint64_t Offset = 0; ///< of the first member, or of the pointer
  uint64_t Count = 1;
  uint64_t LengthOffset = 0; ///< Of buckets: the number less one.
  /// Of what is not 0 if the pointer leads to memory of its own.
  std::optional<uint64_t> RoomOffset = std::nullopt;
  /// Behind a pointer: others may lead there, too.
  bool IsShared = false;
};

struct RustVariant {
  std::optional<llvm::APInt> Tag; ///< None: any that no other variant has.
  /// Bytes [first, second) where another variant has a float, this one nothing.
  llvm::SmallVector<std::pair<uint64_t, uint64_t>, 2> Absent;
  RustPart Content;
};

struct RustEnum {
  uint64_t TagOffset;
  unsigned TagBits;
  llvm::SmallVector<RustVariant, 4> Variants;
};

/// What a value at \p P has in it, but for an enum's variants, or leads to by
/// pointers that can be followed.
llvm::SmallVector<RustPart, 8> rustParts(RustPlace P);

/// The variants of a value at \p P, if it is an enum with a tag.
std::optional<RustEnum> rustEnum(RustPlace P);

/// The room of a Vec or VecDeque for more elements than it has.
struct RustRoom {
  uint64_t Pointer, Length, Capacity; ///< Where they are in it.
  std::optional<uint64_t> Head;       ///< The first element, of a VecDeque.
  uint64_t ElementSize;
};

/// Nothing if \p P has no such room, or no floats there.
std::optional<RustRoom> spareRoom(RustPlace P);

/// Bytes for floats that are not there, in what can change.
enum class RustGap {
  Absent, ///< in a variant of an enum
  Spare,  ///< in spare room
};

/// False if a value at \p P leads to no such bytes. Takes less time than what
/// is below.
bool mayLeadTo(RustPlace P, RustGap Gap);

/// True if it has them, or leads to them by pointers that can be followed.
bool leadsTo(RustPlace P, RustGap Gap);

/// What has an enum with absent bytes behind another pointer, to which a value
/// at \p P may lead; null if there is none.
const llvm::DIType *hiddenAbsentFloats(RustPlace P);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_RUSTTYPES_H
