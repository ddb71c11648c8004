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

void emitStop(IRBuilderBase &B, Error E) {
  std::string Message =
      "linkgrad: stopped in a derivative: " + toString(std::move(E)) + "\n";
  Function *Stop = stopFunction(*B.GetInsertBlock()->getModule());
  Value *Text = B.CreateGlobalString(Message, "linkgrad.message");
  B.CreateCall(Stop, {Text, ConstantInt::get(Stop->getArg(1)->getType(),
                                             Message.size())})
      ->setDoesNotReturn();
}

} // namespace linkgrad
