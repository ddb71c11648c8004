//===- MixedResults.cpp - Results with pointers and floats ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In reverse mode the shadow of a pointer comes out of a call and the adjoint
// of a float goes in, so a result is one or the other. Memory can be both:
//
//   {ptr, double} @f(…)   becomes   void @f.linkgrad.stored(…, ptr %result)
//
// Simplification then removes the structs: nobody but the caller looks into
// them.
//
//===----------------------------------------------------------------------===//

#include "prepare/MixedResults.h"
#include "prepare/UnpackCalls.h"
#include "request/DiffRequest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/AttributeMask.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace linkgrad {

static bool isMixed(Type *T) {
  TypeContent Content = typeContent(T);
  return Content.Pointer && Content.Float;
}

/// Calls \p Visit with each scalar of the type \p T and its indices.
static void forEachField(Type *T, SmallVectorImpl<unsigned> &Path,
                         function_ref<void(Type *, ArrayRef<unsigned>)> Visit) {
  unsigned Count = 0;
  if (auto *Struct = dyn_cast<StructType>(T))
    Count = Struct->getNumElements();
  else if (auto *Array = dyn_cast<ArrayType>(T))
    Count = Array->getNumElements();
  else
    return Visit(T, Path);
  for (unsigned I = 0; I != Count; ++I) {
    Path.push_back(I);
    forEachField(ExtractValueInst::getIndexedType(T, I), Path, Visit);
    Path.pop_back();
  }
}

static Value *fieldAddress(IRBuilderBase &B, Type *T, Value *Memory,
                           ArrayRef<unsigned> Path) {
  SmallVector<Value *, 4> Indices = {B.getInt32(0)};
  for (unsigned I : Path)
    Indices.push_back(B.getInt32(I));
  return B.CreateInBoundsGEP(T, Memory, Indices);
}

static void storeFields(IRBuilderBase &B, Value *V, Value *Memory) {
  SmallVector<unsigned, 4> Path;
  forEachField(V->getType(), Path, [&](Type *, ArrayRef<unsigned> At) {
    B.CreateStore(B.CreateExtractValue(V, At),
                  fieldAddress(B, V->getType(), Memory, At));
  });
}

static Value *loadFields(IRBuilderBase &B, Type *T, Value *Memory) {
  SmallVector<unsigned, 4> Path;
  Value *Whole = PoisonValue::get(T);
  forEachField(T, Path, [&](Type *Field, ArrayRef<unsigned> At) {
    Value *V = B.CreateLoad(Field, fieldAddress(B, T, Memory, At));
    Whole = B.CreateInsertValue(Whole, V, At);
  });
  return Whole;
}

/// The copy of \p Callee that stores its result.
static Function &storing(Function &Callee) {
  Module &M = *Callee.getParent();
  std::string Name = (Callee.getName() + ".linkgrad.stored").str();
  if (Function *Existing = M.getFunction(Name))
    return *Existing;
  LLVMContext &C = M.getContext();
  SmallVector<Type *, 8> Parameters(Callee.getFunctionType()->params());
  Parameters.push_back(PointerType::getUnqual(C));
  auto *F = Function::Create(
      FunctionType::get(Type::getVoidTy(C), Parameters, false),
      GlobalValue::InternalLinkage, Callee.getAddressSpace(), Name, &M);
  ValueToValueMapTy VMap;
  for (auto [From, To] : zip(Callee.args(), F->args())) {
    To.setName(From.getName());
    VMap[&From] = &To;
  }
  SmallVector<ReturnInst *, 4> Returns;
  CloneFunctionInto(F, &Callee, VMap, CloneFunctionChangeType::LocalChangesOnly,
                    Returns);
  relaxTailCalls(*F);
  F->setComdat(nullptr);
  F->setDSOLocal(true);
  F->removeRetAttrs(AttributeFuncs::typeIncompatible(
      F->getReturnType(), F->getAttributes().getRetAttrs()));
  F->removeFnAttr(Attribute::Memory);
  Argument *Result = F->getArg(Callee.arg_size());
  Result->setName("result");
  Result->addAttr(Attribute::NoAlias);
  Result->addAttr(Attribute::getWithCaptureInfo(C, CaptureInfo::none()));
  for (ReturnInst *Return : Returns) {
    IRBuilder<> B(Return);
    storeFields(B, Return->getReturnValue(), Result);
    B.CreateRetVoid();
    Return->eraseFromParent();
  }
  return *F;
}

static void rewrite(CallBase &Call, Function &Callee) {
  Function &F = *Call.getFunction();
  Type *T = Call.getType();
  IRBuilder<> B(&*F.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
  AllocaInst *Memory = B.CreateAlloca(T, nullptr, Call.getName() + ".stored");
  SmallVector<Value *, 8> Args(Call.args());
  Args.push_back(Memory);
  Function &New = storing(Callee);
  B.SetInsertPoint(&Call);
  AttributeList Old = Call.getAttributes();
  SmallVector<AttributeSet, 8> Attributes;
  for (unsigned I = 0; I != Call.arg_size(); ++I)
    Attributes.push_back(Old.getParamAttrs(I));
  CallBase *NewCall;
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call)) {
    BasicBlock *Normal = SplitEdge(Call.getParent(), Invoke->getNormalDest());
    NewCall = B.CreateInvoke(&New, Normal, Invoke->getUnwindDest(), Args);
    B.SetInsertPoint(Normal, Normal->getFirstInsertionPt());
  } else {
    NewCall = B.CreateCall(&New, Args);
  }
  NewCall->setAttributes(AttributeList::get(
      Call.getContext(),
      Old.getFnAttrs().removeAttribute(Call.getContext(), Attribute::Memory),
      AttributeSet(), Attributes));
  NewCall->setCallingConv(Call.getCallingConv());
  Call.replaceAllUsesWith(loadFields(B, T, Memory));
  Call.eraseFromParent();
}

/// A phi for each field: simplification looks through no others.
static void takeApart(PHINode &Phi) {
  IRBuilder<> B(Phi.getParent(), Phi.getParent()->getFirstInsertionPt());
  SmallVector<unsigned, 4> Path;
  Value *Whole = PoisonValue::get(Phi.getType());
  forEachField(Phi.getType(), Path, [&](Type *Field, ArrayRef<unsigned> At) {
    auto *Part = PHINode::Create(Field, Phi.getNumIncomingValues(),
                                 Phi.getName(), Phi.getIterator());
    // A block that leads here twice must hand over the same value.
    DenseMap<BasicBlock *, Value *> Fields;
    for (auto [V, From] : zip_equal(Phi.incoming_values(), Phi.blocks())) {
      Value *&F = Fields[From];
      if (!F)
        F = IRBuilder<>(From->getTerminator()).CreateExtractValue(V, At);
      Part->addIncoming(F, From);
    }
    Whole = B.CreateInsertValue(Whole, Part, At);
  });
  Phi.replaceAllUsesWith(Whole);
  Phi.eraseFromParent();
}

bool splitMixedResults(Function &F) {
  SmallVector<CallBase *, 4> Calls;
  SmallVector<PHINode *, 4> Phis;
  for (Instruction &I : instructions(F)) {
    if (!isMixed(I.getType()))
      continue;
    auto *Call = dyn_cast<CallBase>(&I);
    if (Call && calleeToRewrite(*Call))
      Calls.push_back(Call);
    // The result of an invoke is there on its edge only.
    auto *Phi = dyn_cast<PHINode>(&I);
    if (Phi && none_of(Phi->incoming_values(),
                       [](const Use &V) { return isa<InvokeInst>(V); }))
      Phis.push_back(Phi);
  }
  for (CallBase *Call : Calls)
    rewrite(*Call, *calleeToRewrite(*Call));
  for (PHINode *Phi : Phis)
    takeApart(*Phi);
  return !Calls.empty() || !Phis.empty();
}

} // namespace linkgrad
