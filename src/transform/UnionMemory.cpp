//===- UnionMemory.cpp - Bytes that are a pointer or a float --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/UnionMemory.h"
#include "analysis/TypeAnalysis.h"
#include "library/Library.h"
#include "transform/LayoutWalk.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

bool isUnionFunction(const Function &F) {
  return F.getName().starts_with("linkgrad_union_");
}

/// What the entries of the journal have for an address. The halves of a split
/// derivative can be in different modules.
static Constant *mark(IRBuilderBase &B) {
  Module &M = *B.GetInsertBlock()->getModule();
  constexpr StringLiteral Name = "linkgrad.union";
  if (GlobalVariable *Known = M.getGlobalVariable(Name))
    return Known;
  auto *Mark =
      new GlobalVariable(M, B.getInt8Ty(), /*isConstant=*/true,
                         GlobalValue::LinkOnceODRLinkage, B.getInt8(0), Name);
  Mark->setVisibility(GlobalValue::HiddenVisibility);
  return Mark;
}

static Function *library(IRBuilderBase &B, StringRef Name) {
  return libraryFunction(*B.GetInsertBlock()->getModule(), Name);
}

bool emitUnionStore(IRBuilderBase &B, StoreInst &Store, Value *Shadow,
                    Value *New, Value *List) {
  const DataLayout &DL = Store.getDataLayout();
  Value *V = Store.getValueOperand(), *Primal = Store.getPointerOperand();
  auto *Vector = dyn_cast<FixedVectorType>(V->getType());
  Type *Element = Vector ? Vector->getElementType() : V->getType();
  uint64_t Size = DL.getPointerSize();
  if (!(Element->isPointerTy() || Element->isIntegerTy()) ||
      DL.getTypeStoreSize(Element) != Size)
    return false;
  for (unsigned I = 0, N = Vector ? Vector->getNumElements() : 1; I < N; ++I) {
    auto At = [&](Value *Address) {
      return B.CreateConstGEP1_64(B.getInt8Ty(), Address, I * Size);
    };
    auto ElementOf = [&](Value *All) {
      return B.CreateBitOrPointerCast(
          Vector ? B.CreateExtractElement(All, I) : All, B.getPtrTy());
    };
    B.CreateCall(
        library(B, "linkgrad_union_store"),
        {List, mark(B), At(Primal), At(Shadow), ElementOf(V), ElementOf(New)});
  }
  return true;
}

void emitUnionFloats(IRBuilderBase &B, Value *Shadow, Value *Bytes,
                     Value *List) {
  B.CreateCall(
      library(B, "linkgrad_union_floats"),
      {List, mark(B), Shadow, B.CreateZExtOrTrunc(Bytes, B.getInt64Ty())});
}

void emitUnionFloats(IRBuilderBase &B, const MemoryLayout &Layout, Value *Dst,
                     Value *Src, Value *Bytes, Value *List) {
  if (Layout.Head)
    return forBothParts(
        B, Layout, Bytes, [&](const MemoryLayout &Part, auto At, Value *Size) {
          emitUnionFloats(B, Part, At(Dst), At(Src), Size, List);
        });
  for (const TypedRange &R : Layout.Ranges)
    if (!R.Type.isPointer())
      B.CreateCall(library(B, "linkgrad_union_floats_in"),
                   {List, mark(B), Dst, Src, B.getInt64(R.Begin),
                    B.getInt64(R.End), B.getInt64(Layout.Stride),
                    B.CreateZExtOrTrunc(Bytes, B.getInt64Ty())});
}

void emitUnionCopy(IRBuilderBase &B, const MemoryLayout &Layout,
                   std::pair<Value *, Value *> Dst,
                   std::pair<Value *, Value *> Src, Value *Bytes, Value *List) {
  if (Layout.Head)
    return forBothParts(
        B, Layout, Bytes, [&](const MemoryLayout &Part, auto At, Value *Size) {
          emitUnionCopy(B, Part, {At(Dst.first), At(Dst.second)},
                        {At(Src.first), At(Src.second)}, Size, List);
        });
  Value *Null = ConstantPointerNull::get(B.getPtrTy());
  for (const TypedRange &R : Layout.Ranges)
    if (R.Type.isPointer())
      B.CreateCall(library(B, "linkgrad_union_copy"),
                   {List, mark(B), Dst.first, Dst.second,
                    Src.first ? Src.first : Null, Src.first ? Src.second : Null,
                    B.getInt64(R.Begin), B.getInt64(R.End),
                    B.getInt64(Layout.Stride),
                    B.CreateZExtOrTrunc(Bytes, B.getInt64Ty())});
}

void emitUnionEnd(IRBuilderBase &B, Value *List) {
  B.CreateCall(library(B, "linkgrad_union_end"), {List, mark(B)});
}

void emitUnionUndo(IRBuilderBase &B, Value *List, UnionMemory Unions,
                   bool IsSplit) {
  B.CreateCall(library(B, "linkgrad_union_undo"),
               {List, mark(B), B.getInt32(Unions == UnionMemory::Given),
                B.getInt32(IsSplit)});
}

void emitUnionRedo(IRBuilderBase &B, Value *List, bool IsForward) {
  B.CreateCall(library(B, "linkgrad_union_redo"),
               {List, mark(B), B.getInt32(IsForward)});
}

} // namespace linkgrad
