//===- ArgumentForm.cpp - Fitting operands to parameters ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/ArgumentForm.h"
#include "request/OperandOrigin.h"
#include "request/Scalars.h"
#include "support/Diagnostics.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

/// True if operand \p No went through C's default argument promotions: passed
/// through `...`, or to a function declared without a prototype, in which case
/// the call's own type has a parameter for it.
static bool isPromoted(const CallBase &Call, unsigned No) {
  if (No >= Call.getFunctionType()->getNumParams())
    return true;
  OriginSet Callee = originsOf(Call.getCalledOperand());
  auto *F = Callee.size() == 1 ? dyn_cast<Function>(Callee.front()) : nullptr;
  return F && F->isVarArg() && No >= F->arg_size();
}

/// True if C promotes \p Param to \p Passed, or if that is what rustc passes
/// for it: a bool is the byte that it is in memory.
static bool isPromotion(Type *Param, Type *Passed) {
  if (Param->isIntegerTy(1) && Passed->isIntegerTy(8))
    return true;
  if (Param->isFloatingPointTy())
    return Passed->isDoubleTy() && Param->getPrimitiveSizeInBits() < 64;
  return Param->isIntegerTy() && Passed->isIntegerTy(32) &&
         Param->getIntegerBitWidth() < 32;
}

static Error typeMismatch(const CallBase &Call, Type *Passed, Type *Ty,
                          const Twine &What) {
  std::string Message;
  raw_string_ostream(Message)
      << What << " has type " << *Ty << ", but the request passes " << *Passed;
  StringRef Help = "check the markers and the order of the arguments";
  if (Ty->isIntegerTy() && Passed->isIntegerTy())
    Help = "cast the argument to the parameter's type";
  else if (Passed->isPointerTy() && !Ty->isPtrOrPtrVectorTy())
    Help = "pass the value, not a reference to it, or use enzyme_byref";
  else if (Ty->isAggregateType())
    Help = "the compiler passes this struct in pieces; pass it by pointer";
  return makeError(Reason::ArgumentType, Call, Message, Help);
}

Expected<RequestOperand> fitOperand(const CallBase &Call, unsigned OperandNo,
                                    const Argument &Param) {
  return fitOperand(Call, OperandNo, Param.getType(),
                    "parameter " + Twine(Param.getArgNo() + 1) + " of '" +
                        displayName(*Param.getParent()) + "'");
}

Expected<RequestOperand> fitOperand(const CallBase &Call, unsigned OperandNo,
                                    Type *Ty, const Twine &What) {
  RequestOperand Op;
  Op.V = Call.getArgOperand(OperandNo);
  Op.Ty = Ty;
  if (Call.isByValArgument(OperandNo))
    Op.ByVal = Call.getParamByValType(OperandNo);
  Type *Passed = Op.V->getType();
  if (Passed == Op.Ty)
    return Op;
  auto IsCompound = [](Type *T) {
    return T->isAggregateType() || T->isVectorTy();
  };
  bool Fits = IsCompound(Passed) || IsCompound(Op.Ty)
                  ? sameScalars(Passed, Op.Ty, Call.getDataLayout())
                  : isPromotion(Op.Ty, Passed) && isPromoted(Call, OperandNo);
  if (!Fits)
    return typeMismatch(Call, Passed, Ty, What);
  Op.Form = RequestOperand::Convert;
  return Op;
}

Value *addressAt(IRBuilderBase &B, Value *Buffer, uint64_t Bytes) {
  if (Bytes == 0)
    return Buffer;
  return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Buffer, Bytes);
}

Value *createBuffer(CallBase &Call, Type *Ty, MaybeAlign Alignment,
                    StringRef Name) {
  BasicBlock &Entry = Call.getFunction()->getEntryBlock();
  IRBuilder<> B(&Entry, Entry.getFirstNonPHIOrDbgOrAlloca());
  B.SetCurrentDebugLocation(DebugLoc());
  AllocaInst *Buffer = B.CreateAlloca(Ty, nullptr, Name);
  Buffer->setAlignment(std::max(Alignment.valueOrOne(), Buffer->getAlign()));
  return Buffer;
}

static Value *convert(IRBuilderBase &B, Value *V, Type *To,
                      const DataLayout &DL) {
  Type *From = V->getType();
  if (From->isFloatingPointTy() && To->isFloatingPointTy())
    return B.CreateFPTrunc(V, To);
  if (From->isIntegerTy() && To->isIntegerTy())
    return B.CreateTrunc(V, To);
  return rebuildAs(B, V, To, DL);
}

Value *emitOperand(CallBase &Call, const RequestOperand &Op, Type *ParamTy) {
  IRBuilder<> B(&Call);
  const DataLayout &DL = Call.getDataLayout();
  switch (Op.Form) {
  case RequestOperand::Direct:
    return Op.V;
  case RequestOperand::Convert:
    return convert(B, Op.V, Op.Ty, DL);
  case RequestOperand::Load:
    // Nothing is known about the pointer but what it points to.
    return B.CreateAlignedLoad(Op.Ty, Op.V, Align(1));
  case RequestOperand::Offset:
    return addressAt(B, Op.V, Op.Bytes);
  case RequestOperand::Lane: {
    Type *IndexTy = DL.getIndexType(Op.V->getType());
    Value *Stride = B.CreateSExtOrTrunc(Op.Stride, IndexTy);
    Value *Bytes = B.CreateMul(Stride, ConstantInt::get(IndexTy, Op.Bytes));
    return B.CreatePtrAdd(Op.V, Bytes);
  }
  case RequestOperand::Scratch:
    return B.CreateAddrSpaceCast(
        createBuffer(Call, Op.Ty, Op.Alignment, "linkgrad.unused"), ParamTy);
  }
  llvm_unreachable("unknown form");
}

} // namespace linkgrad
