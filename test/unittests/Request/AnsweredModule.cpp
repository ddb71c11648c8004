//===- AnsweredModule.cpp - A module whose requests get answers -----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AnsweredModule.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace linkgrad;

void AnsweredModule::parse(StringRef IR) {
  std::string Source =
      "target datalayout = \"e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-"
      "i128:128-f80:128-n8:16:32:64-S128\"\n"
      "target triple = \"x86_64-unknown-linux-gnu\"\n" +
      IR.str();
  SMDiagnostic Diag;
  M = parseAssemblyString(Source, Diag, Ctx);
  ASSERT_TRUE(M) << Diag.getMessage().str() << "\n"
                 << Diag.getLineContents().str();
}

/// A constant of type \p T whose scalars count on from \p Next.
static Constant *counting(Type *T, int &Next) {
  if (T->isFloatingPointTy())
    return ConstantFP::get(T, Next++);
  if (T->isIntegerTy())
    return ConstantInt::get(T, Next++);
  if (T->isPointerTy())
    return ConstantPointerNull::get(cast<PointerType>(T));
  SmallVector<Constant *> Elements;
  if (auto *V = dyn_cast<FixedVectorType>(T)) {
    for (unsigned I = 0; I != V->getNumElements(); ++I)
      Elements.push_back(counting(V->getElementType(), Next));
    return ConstantVector::get(Elements);
  }
  if (auto *A = dyn_cast<ArrayType>(T)) {
    for (unsigned I = 0; I != A->getNumElements(); ++I)
      Elements.push_back(counting(A->getElementType(), Next));
    return ConstantArray::get(A, Elements);
  }
  for (Type *Element : cast<StructType>(T)->elements())
    Elements.push_back(counting(Element, Next));
  return ConstantStruct::get(cast<StructType>(T), Elements);
}

Function *AnsweredModule::makeDerivative(const DiffRequest &R) {
  auto *F = Function::Create(R.derivativeType(), GlobalValue::InternalLinkage,
                             "derivative", *M);
  IRBuilder<> B(BasicBlock::Create(Ctx, "", F));
  int Next = 1;
  if (F->getReturnType()->isVoidTy())
    B.CreateRetVoid();
  else
    B.CreateRet(counting(F->getReturnType(), Next));
  return F;
}

std::string AnsweredModule::answer() {
  SmallVector<RequestCall, 0> Requests;
  for (CallBase *Call : findRequestCalls(*M)) {
    Expected<RequestCall> RC = parseRequestCall(*Call);
    if (!RC)
      return toString(RC.takeError());
    Requests.push_back(std::move(*RC));
  }
  for (RequestCall &RC : Requests)
    if (Error E = answerRequest(RC, *makeDerivative(RC.Request)))
      return toString(std::move(E));
  EXPECT_FALSE(verifyModule(*M, &errs())) << text();
  return "";
}

std::string AnsweredModule::text() const {
  std::string S;
  raw_string_ostream OS(S);
  M->print(OS, nullptr);
  return S;
}

static void optimize(Module &M) {
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PassBuilder PB;
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CGAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  PB.buildPerModuleDefaultPipeline(OptimizationLevel::O2).run(M, MAM);
}

std::string AnsweredModule::returned() {
  optimize(*M);
  std::string S;
  raw_string_ostream OS(S);
  for (BasicBlock &BB : *M->getFunction("caller"))
    if (auto *Ret = dyn_cast<ReturnInst>(BB.getTerminator()))
      Ret->getReturnValue()->printAsOperand(OS);
  return S;
}

std::string AnsweredModule::deliver(StringRef IR) {
  parse(IR);
  if (!M)
    return "";
  std::string Message = answer();
  return Message.empty() ? returned() : Message;
}
