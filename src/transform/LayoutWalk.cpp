//===- LayoutWalk.cpp - Sweeps over typed memory --------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/LayoutWalk.h"
#include "transform/Teams.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

static bool accumulates(LayoutAction Action) {
  return Action == LayoutAction::AccumulateFloats ||
         Action == LayoutAction::AccumulateAtomically;
}

static bool copies(LayoutAction Action) {
  return Action == LayoutAction::CopyFloats ||
         Action == LayoutAction::CopyPointers;
}

static bool touches(LayoutAction Action, const ConcreteType &T) {
  bool Pointers = Action == LayoutAction::CopyPointers ||
                  Action == LayoutAction::ClearPointers;
  return Pointers ? T.mayBePointer() : T.mayBeFloat();
}

static bool readsSource(LayoutAction Action) {
  return accumulates(Action) || copies(Action);
}

static Type *elementType(const ConcreteType &T, LLVMContext &C) {
  return T.mayBeFloat() ? T.FloatType : PointerType::getUnqual(C);
}

/// Distinct for distinct functions: the action and the typed ranges.
static std::string functionName(LayoutAction Action,
                                const MemoryLayout &Layout) {
  static constexpr StringRef Names[] = {"accumulate",    "add",
                                        "clear",         "copy.floats",
                                        "copy.pointers", "clear.pointers"};
  std::string Name;
  raw_string_ostream OS(Name);
  OS << "linkgrad.memory." << Names[unsigned(Action)] << '.' << Layout.Stride;
  for (const TypedRange &R : Layout.Ranges)
    if (touches(Action, R.Type)) {
      OS << '.' << R.Begin << '-' << R.End << '.';
      if (R.Type.mayBeFloat())
        R.Type.FloatType->print(OS);
      if (R.Type.mayBePointer())
        OS << "ptr";
    }
  return Name;
}

/// Emits `for (i = 0; i < Count; ++i) Body(i)` at the end of \p B's block and
/// leaves \p B behind the loop.
static void emitLoop(IRBuilderBase &B, Value *Count,
                     function_ref<void(Value *)> Body) {
  Function *F = B.GetInsertBlock()->getParent();
  LLVMContext &C = F->getContext();
  auto *Before = B.GetInsertBlock();
  auto *Header = BasicBlock::Create(C, "loop", F);
  auto *Inside = BasicBlock::Create(C, "body", F);
  auto *After = BasicBlock::Create(C, "after", F);
  B.CreateBr(Header);
  B.SetInsertPoint(Header);
  PHINode *I = B.CreatePHI(B.getInt64Ty(), 2, "i");
  I->addIncoming(B.getInt64(0), Before);
  B.CreateCondBr(B.CreateICmpULT(I, Count), Inside, After);
  B.SetInsertPoint(Inside);
  Body(I);
  I->addIncoming(B.CreateAdd(I, B.getInt64(1), "", true, true),
                 B.GetInsertBlock());
  B.CreateBr(Header);
  B.SetInsertPoint(After);
}

static void emitElement(IRBuilderBase &B, LayoutAction Action, Type *T,
                        Value *Dst, Value *Src) {
  const Align A(1); // The copy says nothing about its fields' alignment.
  switch (Action) {
  case LayoutAction::AccumulateFloats: {
    Value *D = B.CreateAlignedLoad(T, Dst, A);
    B.CreateAlignedStore(Constant::getNullValue(T), Dst, A);
    Value *S = B.CreateAlignedLoad(T, Src, A);
    B.CreateAlignedStore(B.CreateFAdd(S, D), Src, A);
    return;
  }
  case LayoutAction::AccumulateAtomically: {
    Value *D = B.CreateAlignedLoad(T, Dst, A);
    B.CreateAlignedStore(Constant::getNullValue(T), Dst, A);
    emitAtomicAdd(B, Src, D);
    return;
  }
  case LayoutAction::CopyFloats:
  case LayoutAction::CopyPointers:
    B.CreateAlignedStore(B.CreateAlignedLoad(T, Src, A), Dst, A);
    return;
  case LayoutAction::ClearFloats:
  case LayoutAction::ClearPointers:
    B.CreateAlignedStore(Constant::getNullValue(T), Dst, A);
    return;
  }
}

/// True if \p V, of a double or a pointer, is a pointer: as a double it would
/// be next to nothing. Zero is both.
static Value *isAddress(IRBuilderBase &B, Value *V, bool OrZero) {
  constexpr uint64_t First = uint64_t(1) << 48; // No address.
  Value *Bits = B.CreateBitCast(V, B.getInt64Ty());
  return OrZero ? B.CreateICmpULT(Bits, B.getInt64(First))
                : B.CreateICmpULT(B.CreateSub(Bits, B.getInt64(1)),
                                  B.getInt64(First - 1));
}

/// The same as emitElement() for what may be a float of type \p T or a pointer:
/// \p Primal points to which of the two is copied, if pointers are. Later the
/// shadow tells.
static void emitFloatOrPointer(IRBuilderBase &B, LayoutAction Action, Type *T,
                               Value *Dst, Value *Src, Value *Primal) {
  if (Action == LayoutAction::CopyFloats || Action == LayoutAction::ClearFloats)
    return emitElement(B, Action, T, Dst, Src);
  const Align A(1);
  Value *Zero = Constant::getNullValue(T);
  Value *D = B.CreateAlignedLoad(T, Dst, A);
  Value *IsPointer = isAddress(B, D, /*OrZero=*/true);
  Value *Adjoint = B.CreateSelect(IsPointer, Zero, D);
  if (!accumulates(Action)) {
    if (Action == LayoutAction::CopyPointers) {
      Value *P = B.CreateAlignedLoad(T, Primal, A);
      Value *S = B.CreateAlignedLoad(T, Src, A);
      // The primal can be a small integer, too.
      Value *Copied = B.CreateAnd(isAddress(B, P, /*OrZero=*/false),
                                  isAddress(B, S, /*OrZero=*/false));
      Adjoint = B.CreateSelect(Copied, S, Adjoint);
    }
    B.CreateAlignedStore(Adjoint, Dst, A);
    return;
  }
  B.CreateAlignedStore(B.CreateSelect(IsPointer, D, Zero), Dst, A);
  if (Action == LayoutAction::AccumulateAtomically)
    return emitAtomicAdd(B, Src, Adjoint);
  Value *S = B.CreateAlignedLoad(T, Src, A);
  B.CreateAlignedStore(B.CreateSelect(IsPointer, S, B.CreateFAdd(S, Adjoint)),
                       Src, A);
}

/// True if a part of a period can hold an element: the length counts elements,
/// the layout can repeat in several of them (an index steps by seven of ten).
static bool holdsParts(LayoutAction Action, const MemoryLayout &Layout,
                       const DataLayout &DL, LLVMContext &C) {
  return any_of(Layout.Ranges, [&](const TypedRange &R) {
    return touches(Action, R.Type) &&
           R.Begin + DL.getTypeStoreSize(elementType(R.Type, C)) <
               Layout.Stride;
  });
}

/// For each period, for each range, for each element: up, from the first to the
/// last, or down. Of a last period that is not whole the elements that are.
static void emitSweep(IRBuilderBase &B, LayoutAction Action,
                      const MemoryLayout &Layout, bool Up) {
  Function &F = *B.GetInsertBlock()->getParent();
  const DataLayout &DL = F.getDataLayout();
  Value *Dst = F.getArg(0), *Src = F.getArg(1), *Bytes = F.getArg(2),
        *Primal = F.getArg(3);
  auto Ordered = [&](Value *I, Value *Count) {
    return Up ? I : B.CreateSub(B.CreateSub(Count, B.getInt64(1)), I);
  };
  bool Parts = holdsParts(Action, Layout, DL, F.getContext());
  auto EmitRange = [&](Value *Base, const TypedRange &R) {
    if (!touches(Action, R.Type))
      return;
    Type *T = elementType(R.Type, F.getContext());
    uint64_t Size = DL.getTypeAllocSize(T);
    // A range ends where its last element does, before that one's padding.
    uint64_t Padding = Size - DL.getTypeStoreSize(T);
    Value *Count = B.getInt64((R.End - R.Begin + Padding) / Size);
    if (Parts) {
      Value *Rest = B.CreateAdd(B.CreateSub(Bytes, Base), B.getInt64(Padding));
      Rest = B.CreateBinaryIntrinsic(Intrinsic::usub_sat, Rest,
                                     B.getInt64(R.Begin));
      Count = B.CreateBinaryIntrinsic(Intrinsic::umin, Count,
                                      B.CreateUDiv(Rest, B.getInt64(Size)));
    }
    emitLoop(B, Count, [&](Value *I) {
      Value *Offset =
          B.CreateAdd(B.CreateAdd(Base, B.getInt64(R.Begin)),
                      B.CreateMul(Ordered(I, Count), B.getInt64(Size)));
      Value *To = B.CreatePtrAdd(Dst, Offset);
      Value *From = readsSource(Action) ? B.CreatePtrAdd(Src, Offset) : nullptr;
      if (R.Type.K == ConcreteType::FloatOrPointer)
        emitFloatOrPointer(B, Action, T, To, From,
                           B.CreatePtrAdd(Primal, Offset));
      else
        emitElement(B, Action, T, To, From);
    });
  };
  auto Period = [&](Value *Base) {
    auto Emit = [&](const TypedRange &R) { EmitRange(Base, R); };
    if (Up)
      for_each(Layout.Ranges, Emit);
    else
      for_each(reverse(Layout.Ranges), Emit);
  };
  if (Layout.Stride == 0) {
    Period(B.getInt64(0));
  } else {
    Value *Stride = B.getInt64(Layout.Stride);
    Value *Rounded =
        Parts ? B.CreateAdd(Bytes, B.getInt64(Layout.Stride - 1)) : Bytes;
    Value *Count = B.CreateUDiv(Rounded, Stride);
    emitLoop(B, Count,
             [&](Value *I) { Period(B.CreateMul(Ordered(I, Count), Stride)); });
  }
  B.CreateRetVoid();
}

/// Elements are taken in the order in which a memmove that shifts by less than
/// its length never meets an element again that it has already written to.
static void emitBody(Function &F, LayoutAction Action,
                     const MemoryLayout &Layout) {
  LLVMContext &C = F.getContext();
  Value *Dst = F.getArg(0), *Src = F.getArg(1);
  auto *Entry = BasicBlock::Create(C, "entry", &F);
  IRBuilder<> B(Entry);
  if (!readsSource(Action))
    return emitSweep(B, Action, Layout, /*Up=*/true);
  Value *IsUp =
      copies(Action) ? B.CreateICmpULE(Dst, Src) : B.CreateICmpUGE(Dst, Src);
  auto *Up = BasicBlock::Create(C, "up", &F);
  auto *Down = BasicBlock::Create(C, "down", &F);
  B.CreateCondBr(IsUp, Up, Down);
  B.SetInsertPoint(Up);
  emitSweep(B, Action, Layout, /*Up=*/true);
  B.SetInsertPoint(Down);
  emitSweep(B, Action, Layout, /*Up=*/false);
}

void forBothParts(IRBuilderBase &B, const MemoryLayout &Layout, Value *Bytes,
                  function_ref<void(const MemoryLayout &,
                                    function_ref<Value *(Value *)>, Value *)>
                      Emit) {
  MemoryLayout Head, Table;
  Head.Stride = Layout.Head;
  Table.Stride = Layout.Stride;
  for (TypedRange R : Layout.Ranges) {
    bool InTable = R.Begin >= Layout.Head;
    if (InTable)
      R = {R.Begin - Layout.Head, R.End - Layout.Head, R.Type};
    (InTable ? Table : Head).Ranges.push_back(R);
  }
  Value *Size = ConstantInt::get(Bytes->getType(), Layout.Head);
  Emit(
      Head, [](Value *Ptr) { return Ptr; },
      B.CreateBinaryIntrinsic(Intrinsic::umin, Bytes, Size));
  auto Behind = [&](Value *Ptr) {
    return Ptr ? B.CreateConstGEP1_64(B.getInt8Ty(), Ptr, Layout.Head) : Ptr;
  };
  Emit(Table, Behind,
       B.CreateBinaryIntrinsic(Intrinsic::usub_sat, Bytes, Size));
}

void emitLayoutAction(IRBuilderBase &B, LayoutAction Action,
                      const MemoryLayout &Layout, Value *Dst, Value *Src,
                      Value *Bytes, Value *Primal) {
  if (Layout.Head)
    return forBothParts(
        B, Layout, Bytes, [&](const MemoryLayout &Part, auto At, Value *Size) {
          emitLayoutAction(B, Action, Part, At(Dst), At(Src), Size, At(Primal));
        });
  if (none_of(Layout.Ranges,
              [&](const TypedRange &R) { return touches(Action, R.Type); }))
    return;
  Module &M = *B.GetInsertBlock()->getModule();
  std::string Name = functionName(Action, Layout);
  Function *F = M.getFunction(Name);
  if (!F) {
    auto *Type = FunctionType::get(
        B.getVoidTy(),
        {B.getPtrTy(), B.getPtrTy(), B.getInt64Ty(), B.getPtrTy()}, false);
    F = Function::Create(Type, GlobalValue::InternalLinkage, Name, M);
    F->setDSOLocal(true);
    F->addFnAttr(Attribute::NoUnwind);
    emitBody(*F, Action, Layout);
  }
  Value *Null = ConstantPointerNull::get(B.getPtrTy());
  if (!readsSource(Action))
    Src = Null;
  B.CreateCall(F, {Dst, Src, B.CreateZExtOrTrunc(Bytes, B.getInt64Ty()),
                   Primal ? Primal : Null});
}

void emitClearedFloats(IRBuilderBase &B, const MemoryLayout &Layout, Value *Dst,
                       Value *Bytes) {
  if (Layout.hasPointers())
    emitLayoutAction(B, LayoutAction::ClearFloats, Layout, Dst, nullptr, Bytes);
  else
    B.CreateMemSet(Dst, B.getInt8(0), Bytes, MaybeAlign());
}

} // namespace linkgrad
