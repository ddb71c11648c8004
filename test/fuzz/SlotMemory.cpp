//===- SlotMemory.cpp - The interpreter's memory --------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SlotMemory.h"

using namespace linkgrad::fuzz;

/// Too far below the first slot for any field of a struct there to be a slot.
static constexpr int64_t NullAddress = -(int64_t(1) << 32);

int64_t SlotMemory::allocate(int Slots) {
  int64_t Address = Memory.size();
  Memory.resize(Memory.size() + Slots);
  Memory.push_back({Slot::Guard, 0, {}});
  return Address;
}

/// Ends the life of all that was allocated since there were \p Start slots.
void SlotMemory::endScope(size_t Start) {
  for (size_t I = Start; I != Memory.size(); ++I)
    Memory[I].K = Slot::Guard;
}

int64_t SlotMemory::allocateBlock(int Slots) {
  int64_t Address = allocate(Slots);
  Blocks.insert(Address);
  return Address;
}

void SlotMemory::freeBlock(int64_t Address) {
  if (!Blocks.erase(Address))
    return fail("bad free");
  for (size_t I = Address; Memory[I].K != Slot::Guard; ++I)
    Memory[I].K = Slot::Guard;
}

Slot SlotMemory::load(int64_t Address, Slot::Kind K) {
  if (Address < 0 || Address >= int64_t(Memory.size()) ||
      Memory[Address].K != K) {
    fail("bad load");
    return {K, 0, {}};
  }
  return Memory[Address];
}

/// What is there, defined or not.
std::vector<Slot> SlotMemory::load(int64_t Address, int Slots) {
  for (int I = 0; I != Slots; ++I)
    if (Address < 0 || Address + I >= int64_t(Memory.size()) ||
        Memory[Address + I].K == Slot::Guard) {
      fail("bad copy");
      return std::vector<Slot>(Slots);
    }
  return {Memory.begin() + Address, Memory.begin() + Address + Slots};
}

void SlotMemory::store(int64_t Address, const Slot &S) {
  if (Address < 0 || Address >= int64_t(Memory.size()) ||
      Memory[Address].K == Slot::Guard)
    return fail("bad store");
  Memory[Address] = S;
}

void SlotMemory::store(int64_t Address, const std::vector<Slot> &Slots) {
  for (size_t I = 0; I != Slots.size(); ++I)
    store(Address + I, Slots[I]);
}

void SlotMemory::zero(int64_t Address, const Type &Ty) {
  if (Ty.K == Type::Array) {
    for (int I = 0; I != Ty.Count; ++I)
      zero(Address + I * P.sizeOf(*Ty.Element), *Ty.Element);
  } else if (Ty.K == Type::Struct) {
    const std::vector<Type> &Fields = P.Structs[Ty.Index].Fields;
    for (size_t I = 0; I != Fields.size(); ++I)
      zero(Address + P.fieldOffset(Ty, I), Fields[I]);
  } else {
    bool Null = Ty.K == Type::Pointer || Ty.K == Type::Callee;
    store(Address, {kindOf(Ty), Null ? NullAddress : 0, {}});
  }
}
