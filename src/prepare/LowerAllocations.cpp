//===- LowerAllocations.cpp - Allocators with unusual results -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// posix_memalign returns the memory through a pointer. Everything that follows
// a call knows allocations by their result, so it becomes
//
//   valid = alignment is a power of two, at least the size of a pointer
//   if (valid) *p = memory = memalign(alignment, size)
//   result = valid ? memory ? 0 : ENOMEM : EINVAL
//
// Where memory has run out *p becomes null; POSIX leaves open what it is then.
//
//===----------------------------------------------------------------------===//

#include "prepare/LowerAllocations.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include <cerrno>

using namespace llvm;

namespace linkgrad {

static bool isPosixMemalign(const CallInst &Call) {
  const Function *Callee = Call.getCalledFunction();
  if (!Callee || !Callee->isDeclaration() ||
      Callee->getName() != "posix_memalign" || Call.arg_size() != 3)
    return false;
  Type *Size = Call.getArgOperand(2)->getType();
  return Call.getType()->isIntegerTy() &&
         Call.getArgOperand(0)->getType()->isPointerTy() &&
         Size->isIntegerTy() && Call.getArgOperand(1)->getType() == Size;
}

/// Emits the condition under which posix_memalign accepts \p Alignment.
static Value *emitIsValid(IRBuilder<> &B, Value *Alignment) {
  Type *T = Alignment->getType();
  const DataLayout &DL = B.GetInsertBlock()->getDataLayout();
  Value *Less =
      B.CreateAnd(Alignment, B.CreateSub(Alignment, ConstantInt::get(T, 1)));
  Value *IsPower = B.CreateICmpEQ(Less, ConstantInt::get(T, 0));
  Value *Pointer = ConstantInt::get(T, DL.getPointerSize());
  return B.CreateAnd(IsPower, B.CreateICmpUGE(Alignment, Pointer));
}

/// Emits the allocation. \returns the error code.
static Value *emitMemalign(IRBuilder<> &B, CallInst &Call) {
  Value *Alignment = Call.getArgOperand(1), *Size = Call.getArgOperand(2);
  Type *T = Size->getType();
  FunctionCallee Memalign =
      Call.getModule()->getOrInsertFunction("memalign", B.getPtrTy(), T, T);
  CallInst *Memory = B.CreateCall(Memalign, {Alignment, Size}, "memory");
  Memory->setDoesNotThrow();
  Memory->addRetAttr(Attribute::NoAlias);
  if (auto *Known = dyn_cast<ConstantInt>(Alignment))
    Memory->addRetAttr(Attribute::getWithAlignment(
        Call.getContext(), Align(Known->getZExtValue())));
  B.CreateStore(Memory, Call.getArgOperand(0));
  return B.CreateSelect(B.CreateIsNull(Memory),
                        ConstantInt::get(Call.getType(), ENOMEM),
                        ConstantInt::get(Call.getType(), 0));
}

static void lowerPosixMemalign(CallInst &Call) {
  IRBuilder<> B(&Call);
  Constant *Invalid = ConstantInt::get(Call.getType(), EINVAL);
  Value *IsValid = emitIsValid(B, Call.getArgOperand(1));
  Value *Result;
  if (auto *Known = dyn_cast<ConstantInt>(IsValid)) {
    Result = Known->isOne() ? emitMemalign(B, Call) : Invalid;
  } else {
    BasicBlock *Before = Call.getParent();
    Instruction *Then =
        SplitBlockAndInsertIfThen(IsValid, &Call, /*Unreachable=*/false);
    B.SetInsertPoint(Then);
    Value *Code = emitMemalign(B, Call);
    B.SetInsertPoint(&Call);
    PHINode *Phi = B.CreatePHI(Call.getType(), 2);
    Phi->addIncoming(Code, Then->getParent());
    Phi->addIncoming(Invalid, Before);
    Result = Phi;
  }
  Call.replaceAllUsesWith(Result);
  Call.eraseFromParent();
}

void lowerAllocations(Function &F) {
  SmallVector<CallInst *, 4> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I); Call && isPosixMemalign(*Call))
      Calls.push_back(Call);
  for (CallInst *Call : Calls)
    lowerPosixMemalign(*Call);
}

} // namespace linkgrad
