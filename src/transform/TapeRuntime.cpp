//===- TapeRuntime.cpp - Helper functions in the user's module ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/TapeRuntime.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BuildLibCalls.h"

using namespace llvm;

namespace linkgrad {

static FunctionCallee libFunction(IRBuilderBase &B, LibFunc Func,
                                  FunctionType *Type) {
  Module &M = *B.GetInsertBlock()->getModule();
  TargetLibraryInfoImpl Impl(M.getTargetTriple());
  TargetLibraryInfo TLI(Impl);
  StringRef Name = TLI.getName(Func);
  FunctionCallee Callee = M.getOrInsertFunction(Name, Type);
  inferNonMandatoryLibFuncAttrs(&M, Name, TLI);
  return Callee;
}

static FunctionCallee freeFunction(IRBuilderBase &B) {
  return libFunction(B, LibFunc_free,
                     FunctionType::get(B.getVoidTy(), {B.getPtrTy()}, false));
}

/// The helper \p Name, with a body made by \p EmitBody when it is new.
static Function *helper(IRBuilderBase &B, StringRef Name, FunctionType *Type,
                        function_ref<void(Function &)> EmitBody) {
  Module &M = *B.GetInsertBlock()->getModule();
  std::string Full = ("linkgrad." + Name).str();
  if (Function *Existing = M.getFunction(Full))
    return Existing;
  Function *F = Function::Create(Type, GlobalValue::InternalLinkage, Full, M);
  F->setDSOLocal(true);
  F->addFnAttr(Attribute::NoUnwind);
  F->addFnAttr(Attribute::AlwaysInline);
  BasicBlock::Create(M.getContext(), "entry", F);
  EmitBody(*F);
  return F;
}

Value *emitTapeAllocation(IRBuilderBase &B, Value *Bytes, Align Alignment) {
  Type *Ptr = B.getPtrTy(), *Size = B.getInt64Ty();
  if (Alignment > Align(16)) {
    FunctionCallee Aligned = libFunction(
        B, LibFunc_aligned_alloc, FunctionType::get(Ptr, {Size, Size}, false));
    return B.CreateCall(Aligned, {B.getInt64(Alignment.value()), Bytes},
                        "tape.buffer");
  }
  FunctionCallee Malloc =
      libFunction(B, LibFunc_malloc, FunctionType::get(Ptr, {Size}, false));
  return B.CreateCall(Malloc, {Bytes}, "tape.buffer");
}

void emitTapeRelease(IRBuilderBase &B, Value *Buffer) {
  B.CreateCall(freeFunction(B), {Buffer});
}

static Value *grownCapacity(IRBuilderBase &B, Value *Capacity, Value *Needed) {
  constexpr uint64_t FirstCapacity = 16;
  Value *Doubled = B.CreateMul(Capacity, B.getInt64(2));
  Value *AtLeast = B.CreateBinaryIntrinsic(Intrinsic::umax, Doubled,
                                           B.getInt64(FirstCapacity));
  return B.CreateBinaryIntrinsic(Intrinsic::umax, AtLeast, Needed);
}

Value *emitTapeCapacity(IRBuilderBase &B, Value *Capacity, Value *Needed) {
  return B.CreateSelect(B.CreateICmpUGT(Needed, Capacity),
                        grownCapacity(B, Capacity, Needed), Capacity,
                        "capacity");
}

Value *emitTapeGrowth(IRBuilderBase &B, Value *Buffer, Value *Capacity,
                      Value *Needed, uint64_t ElementSize) {
  Type *Ptr = B.getPtrTy(), *Int64 = B.getInt64Ty();
  auto *Type = FunctionType::get(Ptr, {Ptr, Int64, Int64, Int64}, false);
  Function *Grow = helper(B, "tape.grow", Type, [](Function &F) {
    LLVMContext &C = F.getContext();
    Value *Buffer = F.getArg(0), *Capacity = F.getArg(1), *Needed = F.getArg(2),
          *Element = F.getArg(3);
    BasicBlock *Entry = &F.getEntryBlock();
    auto *More = BasicBlock::Create(C, "more", &F);
    auto *Done = BasicBlock::Create(C, "done", &F);
    IRBuilder<> B(Entry);
    B.CreateCondBr(B.CreateICmpUGT(Needed, Capacity), More, Done);
    B.SetInsertPoint(More);
    Value *Bytes = B.CreateMul(grownCapacity(B, Capacity, Needed), Element);
    FunctionCallee Realloc = libFunction(
        B, LibFunc_realloc,
        FunctionType::get(B.getPtrTy(), {B.getPtrTy(), B.getInt64Ty()}, false));
    Value *New = B.CreateCall(Realloc, {Buffer, Bytes});
    B.CreateBr(Done);
    B.SetInsertPoint(Done);
    PHINode *Result = B.CreatePHI(B.getPtrTy(), 2);
    Result->addIncoming(Buffer, Entry);
    Result->addIncoming(New, More);
    B.CreateRet(Result);
  });
  return B.CreateCall(Grow, {Buffer, Capacity, Needed, B.getInt64(ElementSize)},
                      "buffer");
}

//===----------------------------------------------------------------------===//
// Deferred frees: a singly linked list of {next, memory, release, operands…}
//===----------------------------------------------------------------------===//

static StructType *nodeType(LLVMContext &C) {
  Type *Ptr = PointerType::getUnqual(C);
  return StructType::get(C, {Ptr, Ptr, Ptr});
}

Value *emitDeferral(IRBuilderBase &B, Value *List, Value *Memory,
                    Value *Release, ArrayRef<Value *> Operands) {
  Type *Ptr = B.getPtrTy();
  auto *Type = FunctionType::get(Ptr, {Ptr, Ptr, Ptr, B.getInt64Ty()}, false);
  Function *Defer = helper(B, "defer.free", Type, [](Function &F) {
    IRBuilder<> B(&F.getEntryBlock());
    Value *Node = emitTapeAllocation(B, F.getArg(3));
    Value *Head = B.CreateLoad(B.getPtrTy(), F.getArg(0));
    Value *Fields[] = {Head, F.getArg(1), F.getArg(2)};
    for (auto [Index, Field] : enumerate(Fields))
      B.CreateStore(Field,
                    B.CreateStructGEP(nodeType(F.getContext()), Node, Index));
    B.CreateStore(Node, F.getArg(0));
    B.CreateRet(Node);
  });
  uint64_t Size =
      Defer->getDataLayout().getTypeAllocSize(nodeType(B.getContext()));
  constexpr uint64_t OperandSize = 8;
  Value *Node =
      B.CreateCall(Defer, {List, Memory, Release,
                           B.getInt64(Size + Operands.size() * OperandSize)});
  Value *Place = B.CreateConstGEP1_64(B.getInt8Ty(), Node, Size);
  for (auto [I, V] : enumerate(Operands))
    B.CreateStore(V, B.CreateConstGEP1_64(B.getInt64Ty(), Place, I));
  return Place;
}

Function *tapeReleaseFunction(IRBuilderBase &B, unsigned Buffers) {
  Type *Ptr = B.getPtrTy();
  auto *Type = FunctionType::get(B.getVoidTy(), {Ptr, Ptr}, false);
  return helper(B, "release.tape." + std::to_string(Buffers), Type,
                [Buffers](Function &F) {
                  IRBuilder<> B(&F.getEntryBlock());
                  emitTapeRelease(B, F.getArg(0));
                  for (unsigned I = 0; I < Buffers; ++I)
                    emitTapeRelease(
                        B, B.CreateLoad(B.getPtrTy(),
                                        B.CreateConstGEP1_64(B.getPtrTy(),
                                                             F.getArg(1), I)));
                  B.CreateRetVoid();
                });
}

void emitReleaseDeferred(IRBuilderBase &B, Value *List) {
  auto *Type = FunctionType::get(B.getVoidTy(), {B.getPtrTy()}, false);
  Function *Release = helper(B, "release.deferred", Type, [](Function &F) {
    LLVMContext &C = F.getContext();
    StructType *NodeTy = nodeType(C);
    BasicBlock *Entry = &F.getEntryBlock();
    auto *Header = BasicBlock::Create(C, "header", &F);
    auto *Body = BasicBlock::Create(C, "body", &F);
    auto *Done = BasicBlock::Create(C, "done", &F);
    IRBuilder<> B(Entry);
    Value *First = B.CreateLoad(B.getPtrTy(), F.getArg(0));
    B.CreateBr(Header);
    B.SetInsertPoint(Header);
    PHINode *Node = B.CreatePHI(B.getPtrTy(), 2);
    Node->addIncoming(First, Entry);
    B.CreateCondBr(B.CreateIsNull(Node), Done, Body);
    B.SetInsertPoint(Body);
    Value *Fields[3];
    for (unsigned Index = 0; Index < 3; ++Index)
      Fields[Index] =
          B.CreateLoad(B.getPtrTy(), B.CreateStructGEP(NodeTy, Node, Index));
    PointerType *Ptr = B.getPtrTy();
    B.CreateCall(FunctionType::get(B.getVoidTy(), {Ptr, Ptr}, false), Fields[2],
                 {Fields[1], B.CreateConstGEP1_64(NodeTy, Node, 1)});
    emitTapeRelease(B, Node);
    Node->addIncoming(Fields[0], Body);
    B.CreateBr(Header);
    B.SetInsertPoint(Done);
    B.CreateRetVoid();
  });
  // Not worth inlining.
  Release->removeFnAttr(Attribute::AlwaysInline);
  B.CreateCall(Release, {List});
}

} // namespace linkgrad
