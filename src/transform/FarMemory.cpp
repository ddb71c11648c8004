//===- FarMemory.cpp - Memory from before the derivative ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/FarMemory.h"
#include "analysis/GlobalActivity.h"
#include "library/Library.h"
#include "request/DiffRequest.h"
#include "support/Diagnostics.h"
#include "transform/Speculation.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

bool isFarFunction(const Function &F) {
  return F.getName().starts_with("linkgrad_far_");
}

/// The address of the list of pieces, one for each thread that runs
/// derivatives.
static Value *pieces(IRBuilderBase &B) {
  Module &M = *B.GetInsertBlock()->getModule();
  constexpr StringLiteral Name = "linkgrad.far";
  GlobalVariable *List = M.getGlobalVariable(Name, /*AllowInternal=*/true);
  if (!List) {
    List = new GlobalVariable(M, B.getPtrTy(), /*isConstant=*/false,
                              GlobalValue::InternalLinkage,
                              ConstantPointerNull::get(B.getPtrTy()), Name,
                              nullptr, GlobalValue::GeneralDynamicTLSModel);
    List->setDSOLocal(true);
    List->addAttribute("enzyme_inactive");
  }
  return B.CreateThreadLocalAddress(List);
}

static CallInst *call(IRBuilderBase &B, StringRef Name,
                      ArrayRef<Value *> Args) {
  Function *F = libraryFunction(*B.GetInsertBlock()->getModule(), Name);
  CallInst *Call = B.CreateCall(F, Args);
  Call->setDoesNotThrow();
  return Call;
}

Value *emitFarAddress(IRBuilderBase &B, Value *Memory, Value *Shadow,
                      Value *Bytes, unsigned Lane) {
  return call(B, "linkgrad_far_address",
              {pieces(B), Memory, Shadow,
               B.CreateZExtOrTrunc(Bytes, B.getInt64Ty()), B.getInt32(Lane)});
}

/// The element at \p Offset of what was loaded from \p Memory.
static Value *emitFarPointer(IRBuilderBase &B, Value *Memory, Value *Shadow,
                             uint64_t Offset, Value *Loaded, unsigned Lane) {
  auto At = [&](Value *Ptr) {
    return B.CreateConstGEP1_64(B.getInt8Ty(), Ptr, Offset);
  };
  Value *Pointer = B.CreateBitOrPointerCast(Loaded, B.getPtrTy());
  Value *S =
      call(B, "linkgrad_far_pointer",
           {pieces(B), At(Memory), At(Shadow), Pointer, B.getInt32(Lane)});
  return B.CreateBitOrPointerCast(S, Loaded->getType());
}

Value *emitFarLoad(IRBuilderBase &B, LoadInst &Load, Value *Shadow,
                   unsigned Lane) {
  const DataLayout &DL = Load.getDataLayout();
  Type *T = Load.getType(), *Element = T->getScalarType();
  uint64_t Size = DL.getPointerSize();
  if (!(Element->isPointerTy() || Element->isIntegerTy()) ||
      DL.getTypeStoreSize(Element) != Size)
    return nullptr;
  Value *Memory = Load.getPointerOperand();
  auto *Vector = dyn_cast<FixedVectorType>(T);
  if (!Vector)
    return emitFarPointer(B, Memory, Shadow, 0, &Load, Lane);
  Value *All = PoisonValue::get(T);
  for (unsigned I = 0; I < Vector->getNumElements(); ++I)
    All = B.CreateInsertElement(All,
                                emitFarPointer(B, Memory, Shadow, I * Size,
                                               B.CreateExtractElement(&Load, I),
                                               Lane),
                                I);
  return All;
}

static Value *hasNone(IRBuilderBase &B, Value *Memory, Value *Shadow) {
  return B.CreateICmpEQ(Memory, Shadow, "no.shadow");
}

Value *emitFarFree(IRBuilderBase &B, Value *Memory, Value *Shadow) {
  return B.CreateSelect(hasNone(B, Memory, Shadow),
                        ConstantPointerNull::get(B.getPtrTy()), Shadow);
}

void emitFarStop(Instruction &I, Value *Memory, Value *Shadow) {
  IRBuilder<> B(&I);
  Value *Stops =
      B.CreateAnd(hasNone(B, Memory, Shadow), B.CreateIsNotNull(Memory));
  emitStopIf(B, Stops,
             makeError(Reason::MixedActivity, I,
                       "memory that a global variable led to when the "
                       "derivative began has no shadow that can be used here",
                       "allocate it in the function that is differentiated, or "
                       "pass it with enzyme_dup and a shadow"));
}

Value *emitFarBegin(IRBuilderBase &B, ArrayRef<GlobalVariable *> Variables,
                    const DiffRequest &R) {
  const DataLayout &DL = B.GetInsertBlock()->getDataLayout();
  auto Address = [&](GlobalVariable *G) -> Value * {
    return G->isThreadLocal() ? B.CreateThreadLocalAddress(G)
                              : static_cast<Value *>(G);
  };
  Value *List = pieces(B);
  Value *Before = B.CreateLoad(B.getPtrTy(), List);
  B.CreateStore(ConstantPointerNull::get(B.getPtrTy()), List);
  for (GlobalVariable *G : Variables)
    for (unsigned Lane = 0; Lane < R.Width; ++Lane)
      call(B, "linkgrad_far_variable",
           {List, Address(G), Address(shadowGlobal(*G, Lane, R.Order)),
            B.getInt64(DL.getTypeAllocSize(G->getValueType())),
            B.getInt32(Lane)});
  return Before;
}

void emitFarEnd(IRBuilderBase &B, Value *Before) {
  Value *List = pieces(B);
  call(B, "linkgrad_far_clear", {List});
  B.CreateStore(Before, List);
}

} // namespace linkgrad
