//===- LowerReallocations.cpp - realloc as what it does -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   if ((new = malloc(size)))   // else old stays as it is
//     memcpy(new, old, min(size of old, size)), free(old);
//
// What is returned for a size of 0 is the allocator's choice, as C has it.
// Rust's __rust_realloc is told the size of the old memory, realloc asks
// malloc_usable_size, which answers 0 for null, as free does nothing for it.
//
//===----------------------------------------------------------------------===//

#include "prepare/LowerReallocations.h"
#include "analysis/CountedUnit.h"
#include "rules/Allocations.h"
#include "llvm/Analysis/TargetFolder.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/BuildLibCalls.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// Replaces one call.
class ReallocationLowering {
public:
  ReallocationLowering(CallInst &Call, ReallocatorKind Kind)
      : Call(Call), Kind(Kind), M(*Call.getModule()),
        TLIImpl(M.getTargetTriple()), TLI(TLIImpl),
        B(Call.getContext(), TargetFolder(M.getDataLayout())) {
    B.SetInsertPoint(&Call);
  }

  void run();

private:
  Value *newSize();
  std::pair<int64_t, int64_t> units() const;
  Value *oldSize();
  Value *allocate(Value *Size);
  void release();
  FunctionCallee rustFunction(StringRef Name, Type *Result,
                              ArrayRef<unsigned> Operands, AllocFnKind Alloc);

  CallInst &Call;
  ReallocatorKind Kind;
  Module &M;
  TargetLibraryInfoImpl TLIImpl;
  TargetLibraryInfo TLI;
  IRBuilder<TargetFolder> B;
};

} // namespace

/// Of reallocarray the product; too large for any memory if that overflows.
Value *ReallocationLowering::newSize() {
  if (Kind == ReallocatorKind::Rust)
    return Call.getArgOperand(3);
  Value *Size = Call.getArgOperand(1);
  if (Kind == ReallocatorKind::Realloc)
    return Size;
  Value *Product = B.CreateBinaryIntrinsic(Intrinsic::umul_with_overflow, Size,
                                           Call.getArgOperand(2));
  return B.CreateSelect(B.CreateExtractValue(Product, {1u}),
                        Constant::getAllOnesValue(Size->getType()),
                        B.CreateExtractValue(Product, {0u}));
}

std::pair<int64_t, int64_t> ReallocationLowering::units() const {
  const Value &Size =
      *Call.getArgOperand(Kind == ReallocatorKind::Rust ? 3 : 1);
  int64_t Unit = knownFactor(Size);
  if (Kind == ReallocatorKind::ReallocArray)
    return {Unit * knownFactor(*Call.getArgOperand(2)), 1};
  return {Unit, unitBehindHeader(Size)};
}

Value *ReallocationLowering::oldSize() {
  if (Kind == ReallocatorKind::Rust)
    return Call.getArgOperand(1);
  if (auto *Alloc = dyn_cast<CallBase>(Call.getArgOperand(0)))
    if (auto Info = getAllocationInfo(*Alloc))
      return emitAllocationSize(
          B, *Info, [&](unsigned I) { return Alloc->getArgOperand(I); });
  Type *Size = Call.getArgOperand(1)->getType();
  FunctionCallee Usable =
      M.getOrInsertFunction(UsableSizeName, Size, B.getPtrTy());
  CallInst *Result = B.CreateCall(Usable, {Call.getArgOperand(0)}, "old.size");
  Result->setDoesNotThrow();
  Result->setOnlyReadsMemory();
  return Result;
}

/// A function of Rust's allocator beside the one that is called, which knows
/// its crate: `__rustc::__rust_realloc`.
FunctionCallee ReallocationLowering::rustFunction(StringRef Name, Type *Result,
                                                  ArrayRef<unsigned> Operands,
                                                  AllocFnKind Alloc) {
  const Function &Realloc = *Call.getCalledFunction();
  std::string Symbol = rustAllocatorName(Realloc.getName(), Name);
  if (Function *F = M.getFunction(Symbol))
    return F;
  SmallVector<Type *, 3> Types;
  for (unsigned I : Operands)
    Types.push_back(Call.getArgOperand(I)->getType());
  auto *F = Function::Create(FunctionType::get(Result, Types, false),
                             GlobalValue::ExternalLinkage, Symbol, M);
  F->setCallingConv(Realloc.getCallingConv());
  F->setDoesNotThrow();
  F->addFnAttr(Attribute::getWithAllocKind(M.getContext(), Alloc));
  F->addFnAttr(Realloc.getFnAttribute("alloc-family"));
  if (Result->isPointerTy()) {
    F->addFnAttr(
        Attribute::getWithAllocSizeArgs(M.getContext(), 0, std::nullopt));
    F->addRetAttr(Attribute::NoAlias);
  } else {
    F->addParamAttr(0, Attribute::AllocatedPointer);
  }
  return F;
}

Value *ReallocationLowering::allocate(Value *Size) {
  if (Kind != ReallocatorKind::Rust)
    return emitMalloc(Size, B, M.getDataLayout(), &TLI);
  FunctionCallee Alloc = rustFunction(
      "__rust_alloc", B.getPtrTy(), {3, 2},
      AllocFnKind::Alloc | AllocFnKind::Uninitialized | AllocFnKind::Aligned);
  CallInst *New = B.CreateCall(Alloc, {Size, Call.getArgOperand(2)}, "new");
  New->setCallingConv(Call.getCallingConv());
  return New;
}

void ReallocationLowering::release() {
  Value *Old = Call.getArgOperand(0);
  FunctionCallee Free =
      M.getOrInsertFunction("free", B.getVoidTy(), Old->getType());
  SmallVector<Value *, 3> Args = {Old};
  if (Kind == ReallocatorKind::Rust) {
    Free = rustFunction("__rust_dealloc", B.getVoidTy(), {0, 1, 2},
                        AllocFnKind::Free);
    Args.append({Call.getArgOperand(1), Call.getArgOperand(2)});
  }
  CallInst *Done = B.CreateCall(Free, Args);
  Done->setCallingConv(Call.getCallingConv());
  Done->setDoesNotThrow();
}

void ReallocationLowering::run() {
  B.SetCurrentDebugLocation(Call.getDebugLoc());
  Value *Size = newSize(), *New = allocate(Size);
  Instruction *Copy = SplitBlockAndInsertIfThen(
      B.CreateIsNotNull(New), Call.getIterator(), /*Unreachable=*/false);
  B.SetInsertPoint(Copy);
  CallInst *Move =
      B.CreateMemCpy(New, MaybeAlign(), Call.getArgOperand(0), MaybeAlign(),
                     B.CreateBinaryIntrinsic(Intrinsic::umin, oldSize(), Size));
  auto [Unit, UnitBehind] = units();
  Move->setMetadata(
      MovedObjectMD,
      MDNode::get(M.getContext(),
                  {ConstantAsMetadata::get(B.getInt64(Unit)),
                   ConstantAsMetadata::get(B.getInt64(UnitBehind))}));
  release();
  New->takeName(&Call);
  Call.replaceAllUsesWith(New);
  Call.eraseFromParent();
}

bool lowerReallocations(Function &F) {
  SmallVector<std::pair<CallBase *, ReallocatorKind>, 4> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I); Call && Call->getCalledFunction())
      if (auto Kind = reallocatorKind(*Call->getCalledFunction()))
        Calls.push_back({Call, *Kind});
  for (auto [Call, Kind] : Calls) {
    auto *Invoke = dyn_cast<InvokeInst>(Call);
    ReallocationLowering(Invoke ? *changeToCall(Invoke) : *cast<CallInst>(Call),
                         Kind)
        .run();
  }
  return !Calls.empty();
}

} // namespace linkgrad
