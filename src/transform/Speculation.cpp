//===- Speculation.cpp - Derivatives that may not be needed ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/Speculation.h"
#include "prepare/IndirectCalls.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

bool isSpeculative(const CallBase &Call) {
  return Call.hasFnAttr(SpeculativeCallAttribute);
}

/// void linkgrad.stop(ptr message, i64 length)
static Function *stopFunction(Module &M) {
  constexpr StringLiteral Name = "linkgrad.stop";
  if (Function *Known = M.getFunction(Name))
    return Known;
  LLVMContext &C = M.getContext();
  Type *Void = Type::getVoidTy(C), *Ptr = PointerType::getUnqual(C);
  Type *Size = M.getDataLayout().getIntPtrType(C);
  Function *F = Function::Create(FunctionType::get(Void, {Ptr, Size}, false),
                                 GlobalValue::InternalLinkage, Name, M);
  F->setDSOLocal(true);
  for (auto Kind : {Attribute::NoReturn, Attribute::NoUnwind, Attribute::Cold,
                    Attribute::NoInline})
    F->addFnAttr(Kind);
  F->addFnAttr("enzyme_inactive"); // In a derivative of the derivative.
  IRBuilder<> B(BasicBlock::Create(C, "entry", F));
  constexpr unsigned StandardError = 2;
  FunctionCallee Write =
      M.getOrInsertFunction("write", Size, B.getInt32Ty(), Ptr, Size);
  B.CreateCall(Write, {B.getInt32(StandardError), F->getArg(0), F->getArg(1)});
  FunctionCallee Abort = M.getOrInsertFunction("abort", Void);
  B.CreateCall(Abort)->setDoesNotReturn();
  B.CreateUnreachable();
  return F;
}

/// void linkgrad.stop.if(i1 condition, ptr message, i64 length)
static Function *stopIfFunction(Module &M) {
  constexpr StringLiteral Name = "linkgrad.stop.if";
  if (Function *Known = M.getFunction(Name))
    return Known;
  Function *Stop = stopFunction(M);
  LLVMContext &C = M.getContext();
  Type *Void = Type::getVoidTy(C), *Size = Stop->getArg(1)->getType();
  Function *F = Function::Create(
      FunctionType::get(
          Void, {Type::getInt1Ty(C), PointerType::getUnqual(C), Size}, false),
      GlobalValue::InternalLinkage, Name, M);
  F->setDSOLocal(true);
  F->addFnAttr(Attribute::NoUnwind);
  F->addFnAttr("enzyme_inactive");
  auto *Entry = BasicBlock::Create(C, "entry", F);
  auto *Stops = BasicBlock::Create(C, "stops", F);
  auto *Goes = BasicBlock::Create(C, "goes.on", F);
  IRBuilder<> B(Entry);
  B.CreateCondBr(F->getArg(0), Stops, Goes);
  B.SetInsertPoint(Stops);
  B.CreateCall(Stop, {F->getArg(1), F->getArg(2)})->setDoesNotReturn();
  B.CreateUnreachable();
  B.SetInsertPoint(Goes);
  B.CreateRetVoid();
  return F;
}

/// The text for \p E and its length.
static std::pair<Value *, Value *> stopMessage(IRBuilderBase &B, Error E,
                                               Type *Size) {
  std::string Message =
      "linkgrad: stopped in a derivative: " + toString(std::move(E)) + "\n";
  return {B.CreateGlobalString(Message, "linkgrad.message"),
          ConstantInt::get(Size, Message.size())};
}

void emitStop(IRBuilderBase &B, Error E) {
  Function *Stop = stopFunction(*B.GetInsertBlock()->getModule());
  auto [Text, Length] =
      stopMessage(B, std::move(E), Stop->getArg(1)->getType());
  B.CreateCall(Stop, {Text, Length})->setDoesNotReturn();
}

void emitStopIf(IRBuilderBase &B, Value *Condition, Error E) {
  Function *Stop = stopIfFunction(*B.GetInsertBlock()->getModule());
  auto [Text, Length] =
      stopMessage(B, std::move(E), Stop->getArg(2)->getType());
  B.CreateCall(Stop, {Condition, Text, Length});
}

} // namespace linkgrad
