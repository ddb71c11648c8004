//===- TapeLayout.cpp - What lies where in a tape frame -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/ControlFlowTrace.h"
#include "transform/Tape.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

/// Buffers of at most this many bytes lie inside the frame if their length is
/// a constant: no allocation, and for small ones no memory at all.
static constexpr uint64_t MaxInlineBytes = 4096;

Type *tapeType(Type *T) {
  return T->isIntegerTy(1) ? Type::getInt8Ty(T->getContext()) : T;
}

Align tapeAlign(Type *T, const DataLayout &DL) {
  return std::min(DL.getABITypeAlign(T), Align(16));
}

void TapeLayout::addEntry(const Instruction &Key, uint64_t Bytes, Align A) {
  const Loop *L = Trace.LI->getLoopFor(Key.getParent());
  Entries.insert({&Key, Entry{Bytes, A, L}});
  if (L)
    Loops[L].Keys.push_back(&Key);
}

void TapeLayout::addMemory(const AllocaInst &Alloca) {
  Memory.insert({&Alloca, 0});
  Pinned = true;
}

uint64_t TapeLayout::place(uint64_t Bytes, Align A) {
  uint64_t Offset = alignTo(Size, A);
  Size = Offset + Bytes;
  Alignment = std::max(Alignment, A);
  return Offset;
}

void TapeLayout::chooseBuffers(const Loop *L, LoopTape &Tape) {
  const LoopTrace &T = Trace.trace(L);
  Tape.Nested = L->getParentLoop() != nullptr;
  if (!T.MaxIterations || Trace.LI->getLoopFor(T.Preheader))
    return;
  Tape.Kind = Buffers::Fixed;
  if (auto *Count = dyn_cast<ConstantInt>(T.MaxIterations)) {
    uint64_t N = Count->getZExtValue();
    bool Small = N <= MaxInlineBytes && all_of(Tape.Keys, [&](auto *Key) {
                   return Entries.find(Key)->second.Size * N <= MaxInlineBytes;
                 });
    if (Small) {
      Tape.Kind = Buffers::Inline;
      Tape.InlineCount = N;
    }
  }
}

void TapeLayout::finish() {
  Align PtrAlign(8), CountAlign(8);
  for (auto &[L, Tape] : Loops) {
    chooseBuffers(L, Tape);
    if (Tape.Nested)
      Tape.TotalOffset = place(8, CountAlign);
  }
  for (auto &[Key, E] : Entries) {
    if (!E.L) {
      E.FrameOffset = place(E.Size, E.Alignment);
      continue;
    }
    LoopTape &Tape = Loops[E.L];
    E.Size = alignTo(E.Size, E.Alignment); // Elements of an array.
    E.FrameOffset = Tape.Kind == Buffers::Inline
                        ? place(E.Size * Tape.InlineCount, E.Alignment)
                        : place(8, PtrAlign);
  }
  for (auto &[Alloca, Offset] : Memory) {
    const DataLayout &DL = Alloca->getDataLayout();
    Offset = place(Alloca->getAllocationSize(DL)->getFixedValue(),
                   Alloca->getAlign());
  }
  Size = alignTo(Size, Alignment);
}

bool TapeLayout::isStationary(const Instruction &Key) const {
  const Loop *L = Trace.LI->getLoopFor(Key.getParent());
  if (!L)
    return true;
  const LoopTrace &T = Trace.trace(L);
  return T.MaxIterations && !Trace.LI->getLoopFor(T.Preheader);
}

} // namespace linkgrad
