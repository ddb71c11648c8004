//===- SlotMemory.h - The interpreter's memory ------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Memory is a row of slots, one for each scalar or pointer; an address is a
/// slot's number and is never used again. Behind each allocation stands a
/// guard, and at the end of its scope all of it turns into guards, so that no
/// program with a dangling pointer passes for a good test.
///
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_SLOTMEMORY_H
#define LINKGRAD_FUZZ_SLOTMEMORY_H

#include "Dual.h"
#include "Program.h"
#include <set>

namespace linkgrad::fuzz {

struct Slot {
  enum Kind { Undefined, Guard, Real, Integer, Address };

  Kind K = Undefined;
  int64_t I = 0; ///< Integer, Address
  Dual D;        ///< Real
};

inline Slot integerSlot(int64_t I) { return {Slot::Integer, I, {}}; }
inline Slot addressSlot(int64_t A) { return {Slot::Address, A, {}}; }
inline Slot realSlot(const Dual &D) { return {Slot::Real, 0, D}; }

/// What a value of the scalar or pointer type \p Ty is kept as. Functions are
/// kept as their place in the table.
inline Slot::Kind kindOf(const Type &Ty) {
  if (Ty.isReal())
    return Slot::Real;
  return Ty.K == Type::Pointer ? Slot::Address : Slot::Integer;
}

class SlotMemory {
public:
  explicit SlotMemory(const Program &P) : P(P) {}

  /// What the program did wrong first, or null.
  const char *why() const { return Why; }
  void fail(const char *Reason) {
    if (!Why)
      Why = Reason;
  }

  int64_t allocate(int Slots);
  /// How many slots there are; what is allocated later can be ended from here.
  size_t scope() const { return Memory.size(); }
  void endScope(size_t Start);

  int64_t allocateBlock(int Slots);
  void freeBlock(int64_t Address);
  bool isBlock(int64_t Address) const { return Blocks.count(Address); }

  Slot load(int64_t Address, Slot::Kind K);
  std::vector<Slot> load(int64_t Address, int Slots);
  void store(int64_t Address, const Slot &S);
  void store(int64_t Address, const std::vector<Slot> &Slots);
  void zero(int64_t Address, const Type &Ty);

private:
  const Program &P;
  const char *Why = nullptr;
  std::vector<Slot> Memory;
  std::set<int64_t> Blocks; ///< of the heap, that are not freed yet
};

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_SLOTMEMORY_H
