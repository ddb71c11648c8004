//===- TapeAccess.cpp - Writing and reading a tape frame ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/ControlFlowTrace.h"
#include "transform/Tape.h"
#include "transform/TapeRuntime.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

static Value *fieldAt(IRBuilderBase &B, Value *Frame, uint64_t Offset) {
  return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Frame, Offset, "tape");
}

static Value *element(IRBuilderBase &B, Value *Buffer, Value *Index,
                      uint64_t ElementSize) {
  Type *Element = ArrayType::get(B.getInt8Ty(), ElementSize);
  return B.CreateInBoundsGEP(Element, Buffer, Index, "tape");
}

/// A variable of the function that mem2reg turns into SSA values.
static AllocaInst *addSlot(Function &F, Type *T, Constant *Initial,
                           const Twine &Name) {
  BasicBlock &Entry = F.getEntryBlock();
  IRBuilder<> B(&Entry, Entry.begin());
  auto *Slot = B.CreateAlloca(T, nullptr, Name);
  B.CreateStore(Initial, Slot);
  return Slot;
}

//===----------------------------------------------------------------------===//
// TapeWriter
//===----------------------------------------------------------------------===//

TapeWriter::TapeWriter(TapeLayout &Layout, Function &Augmented, Value *Frame,
                       Value *List)
    : Layout(Layout), F(Augmented), Frame(Frame), List(List) {}

Value *TapeWriter::frameField(IRBuilderBase &B, uint64_t Offset) {
  return fieldAt(B, Frame, Offset);
}

/// Hangs all buffers on the list, before there are any.
void TapeWriter::deferBuffers() {
  SmallVector<const Instruction *, 8> Keys;
  for (auto &[L, Tape] : Layout.Loops)
    if (Tape.Kind != TapeLayout::Buffers::Inline)
      append_range(Keys, Tape.Keys);
  if (Keys.empty())
    return;
  BasicBlock &Entry = F.getEntryBlock();
  IRBuilder<> B(&Entry, Entry.getFirstNonPHIOrDbgOrAlloca());
  Value *Null = ConstantPointerNull::get(B.getPtrTy());
  SmallVector<Value *, 8> Empty(Keys.size(), Null);
  Value *Operands =
      emitDeferral(B, List, Null, tapeReleaseFunction(B, Keys.size()), Empty);
  for (auto [I, Key] : enumerate(Keys))
    Deferred[Key] = B.CreateConstGEP1_64(B.getPtrTy(), Operands, I);
}

void TapeWriter::setBuffer(IRBuilderBase &B, const Instruction &Key,
                           Value *Memory) {
  B.CreateStore(Memory, Buffer[&Key]);
  if (Value *Place = Deferred.lookup(&Key))
    B.CreateStore(Memory, Place);
}

void TapeWriter::begin() {
  if (Layout.Deferred)
    deferBuffers();
  for (auto &[L, Tape] : Layout.Loops)
    beginLoop(L, Tape);
}

void TapeWriter::beginLoop(const Loop *L, TapeLayout::LoopTape &Tape) {
  const LoopTrace &T = Layout.Trace.trace(L);
  LoopState &State = States[L];
  LLVMContext &C = F.getContext();
  auto *Int64 = Type::getInt64Ty(C);
  auto *Ptr = PointerType::getUnqual(C);
  if (Tape.Kind != TapeLayout::Buffers::Inline)
    for (const Instruction *Key : Tape.Keys)
      Buffer[Key] =
          addSlot(F, Ptr, ConstantPointerNull::get(Ptr), "tape.buffer");

  // Number the iterations throughout all entries of a nested loop.
  BasicBlock *Header = L->getHeader();
  IRBuilder<> B(Header, Header->getFirstInsertionPt());
  State.Index = T.Counter;
  if (Tape.Nested) {
    State.Base = addSlot(F, Int64, B.getInt64(0), "tape.base");
    Value *Base = B.CreateLoad(Int64, State.Base, "base");
    State.Index = B.CreateAdd(Base, T.Counter, "index", true, true);
    for (auto [Exit, Last] : T.LastValue) {
      IRBuilder<> ExitB(Exit, Exit->getFirstInsertionPt());
      if (auto *I = dyn_cast<Instruction>(Last))
        if (I->getParent() == Exit && !isa<PHINode>(I))
          ExitB.SetInsertPoint(Exit, std::next(I->getIterator()));
      Value *Iterations =
          ExitB.CreateAdd(Last, ExitB.getInt64(1), "iterations", true, true);
      Value *Old = ExitB.CreateLoad(Int64, State.Base, "base");
      ExitB.CreateStore(ExitB.CreateAdd(Old, Iterations, "base", true, true),
                        State.Base);
    }
  }

  switch (Tape.Kind) {
  case TapeLayout::Buffers::Inline:
    break;
  case TapeLayout::Buffers::Fixed: {
    IRBuilder<> PreB(T.Preheader->getTerminator());
    for (const Instruction *Key : Tape.Keys) {
      uint64_t Size = Layout.Entries.find(Key)->second.Size;
      Value *Bytes =
          PreB.CreateMul(T.MaxIterations, PreB.getInt64(Size), "tape.bytes");
      setBuffer(PreB, *Key, emitTapeAllocation(PreB, Bytes));
    }
    break;
  }
  case TapeLayout::Buffers::Growing: {
    State.Capacity = addSlot(F, Int64, B.getInt64(0), "tape.capacity");
    if (T.MaxIterations) {
      IRBuilder<> PreB(T.Preheader->getTerminator());
      Value *Base = State.Base ? PreB.CreateLoad(Int64, State.Base, "base")
                               : static_cast<Value *>(PreB.getInt64(0));
      reserve(PreB, Tape, State,
              PreB.CreateAdd(Base, T.MaxIterations, "tape.needed"));
    } else {
      reserve(B, Tape, State, B.CreateAdd(State.Index, B.getInt64(1)));
    }
    break;
  }
  }
  State.PrologueEnd = &*B.GetInsertPoint();
}

void TapeWriter::reserve(IRBuilderBase &B, const TapeLayout::LoopTape &Tape,
                         LoopState &State, Value *Needed) {
  Value *Capacity = B.CreateLoad(B.getInt64Ty(), State.Capacity, "capacity");
  for (const Instruction *Key : Tape.Keys) {
    Value *Old = B.CreateLoad(B.getPtrTy(), Buffer[Key], "buffer");
    setBuffer(B, *Key,
              emitTapeGrowth(B, Old, Capacity, Needed,
                             Layout.Entries.find(Key)->second.Size));
  }
  B.CreateStore(emitTapeCapacity(B, Capacity, Needed), State.Capacity);
}

Value *TapeWriter::address(IRBuilderBase &B, const Instruction &Key) {
  const auto &E = Layout.Entries.find(&Key)->second;
  if (!E.L)
    return frameField(B, E.FrameOffset);
  Value *Base = Layout.Loops[E.L].Kind == TapeLayout::Buffers::Inline
                    ? frameField(B, E.FrameOffset)
                    : B.CreateLoad(B.getPtrTy(), Buffer[&Key], "buffer");
  return element(B, Base, States[E.L].Index, E.Size);
}

void TapeWriter::record(Instruction &V) {
  BasicBlock *BB = V.getParent();
  BasicBlock::iterator Point =
      isa<PHINode>(V) ? BB->getFirstInsertionPt() : std::next(V.getIterator());
  // In a loop header the running number must be there already.
  const Loop *L = Layout.Entries.find(&V)->second.L;
  if (L && L->getHeader() == BB) {
    Instruction *End = States[L].PrologueEnd;
    if (isa<PHINode>(V) || V.comesBefore(End))
      Point = End->getIterator();
  }
  IRBuilder<> B(BB, Point);
  Type *Stored = tapeType(V.getType());
  Value *Cast = Stored == V.getType() ? &V : B.CreateZExt(&V, Stored);
  B.CreateAlignedStore(Cast, address(B, V),
                       Layout.Entries.find(&V)->second.Alignment);
}

Value *TapeWriter::memory(IRBuilderBase &B, const AllocaInst &Alloca) {
  return frameField(B, Layout.Memory.find(&Alloca)->second);
}

void TapeWriter::end(Instruction &Return) {
  IRBuilder<> B(&Return);
  for (auto &[L, Tape] : Layout.Loops) {
    if (Tape.Nested)
      B.CreateStore(B.CreateLoad(B.getInt64Ty(), States[L].Base),
                    frameField(B, Tape.TotalOffset));
    if (Tape.Kind == TapeLayout::Buffers::Inline)
      continue;
    for (const Instruction *Key : Tape.Keys)
      B.CreateStore(
          B.CreateLoad(B.getPtrTy(), Buffer[Key]),
          frameField(B, Layout.Entries.find(Key)->second.FrameOffset));
  }
}

//===----------------------------------------------------------------------===//
// TapeReader
//===----------------------------------------------------------------------===//

Value *TapeReader::frameField(IRBuilderBase &B, uint64_t Offset) {
  return fieldAt(B, Frame, Offset);
}

void TapeReader::begin(IRBuilderBase &B) {
  for (auto &[L, Tape] : Layout.Loops) {
    if (Tape.Nested) {
      Base[L] = B.CreateAlloca(B.getInt64Ty(), nullptr, "tape.base");
      Value *First = B.getInt64(0);
      if (Direction == SweepDirection::Reverse)
        First = B.CreateLoad(B.getInt64Ty(), frameField(B, Tape.TotalOffset));
      B.CreateStore(First, Base[L]);
    }
    for (const Instruction *Key : Tape.Keys) {
      Value *Field =
          frameField(B, Layout.Entries.find(Key)->second.FrameOffset);
      Buffer[Key] = Tape.Kind == TapeLayout::Buffers::Inline
                        ? Field
                        : B.CreateLoad(B.getPtrTy(), Field, "buffer");
    }
  }
}

Value *TapeReader::address(IRBuilderBase &B, const Instruction &Key,
                           Value *Counter) {
  const auto &E = Layout.Entries.find(&Key)->second;
  if (!E.L)
    return frameField(B, E.FrameOffset);
  Value *Index = Counter;
  if (AllocaInst *Slot = Base.lookup(E.L))
    Index = B.CreateAdd(B.CreateLoad(B.getInt64Ty(), Slot, "base"), Counter,
                        "index", true, true);
  return element(B, Buffer[&Key], Index, E.Size);
}

Value *TapeReader::memory(IRBuilderBase &B, const AllocaInst &Alloca) {
  return frameField(B, Layout.Memory.find(&Alloca)->second);
}

void TapeReader::passLoop(IRBuilderBase &B, const Loop *L, Value *Iterations) {
  AllocaInst *Slot = Base.lookup(L);
  if (!Slot)
    return;
  Value *Old = B.CreateLoad(B.getInt64Ty(), Slot, "base");
  B.CreateStore(Direction == SweepDirection::Reverse
                    ? B.CreateSub(Old, Iterations, "base", true, true)
                    : B.CreateAdd(Old, Iterations, "base", true, true),
                Slot);
}

void TapeReader::end(IRBuilderBase &B) {
  if (Layout.Deferred)
    return;
  for (auto &[L, Tape] : Layout.Loops)
    if (Tape.Kind != TapeLayout::Buffers::Inline)
      for (const Instruction *Key : Tape.Keys)
        emitTapeRelease(B, Buffer[Key]);
}

} // namespace linkgrad
