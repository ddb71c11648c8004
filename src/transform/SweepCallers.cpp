//===- SweepCallers.cpp - Functions that run the sweeps -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/SweepCallers.h"
#include "transform/SplitDerivative.h"
#include "transform/TapeRuntime.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/EscapeEnumerator.h"

using namespace llvm;

namespace linkgrad {

static void returnCall(IRBuilderBase &B, Value *Result) {
  Result->getType()->isVoidTy() ? B.CreateRetVoid() : B.CreateRet(Result);
}

/// The frame is allocated by the augmented primal, freed by the reverse sweep;
/// what the caller keeps is its address.
void defineOnHeap(const SplitDerivative &Heap, const SplitDerivative &D) {
  LLVMContext &C = Heap.Augmented->getContext();
  auto Arguments = [](Function *F) {
    SmallVector<Value *, 16> Args;
    for (Argument &A : F->args())
      Args.push_back(&A);
    return Args;
  };
  Function *Augmented = Heap.Augmented;
  IRBuilder<> B(BasicBlock::Create(C, "entry", Augmented));
  auto Args = Arguments(Augmented);
  Value *&FrameArg = Args[Args.size() - 2];
  Value *Frame = emitTapeAllocation(B, B.getInt64(D.FrameSize), D.FrameAlign);
  bool MayThrow = !D.Augmented->doesNotThrow();
  if (MayThrow)
    emitDeferral(B, Args.back(), Frame, tapeReleaseFunction(B, 0), {});
  else
    Augmented->setDoesNotThrow();
  B.CreateStore(Frame, FrameArg);
  FrameArg = Frame;
  returnCall(B, B.CreateCall(D.Augmented, Args));

  Function *Reverse = Heap.Reverse;
  B.SetInsertPoint(BasicBlock::Create(C, "entry", Reverse));
  Args = Arguments(Reverse);
  Frame = B.CreateLoad(B.getPtrTy(), Args.back(), "frame");
  Args.back() = Frame;
  Value *Result = B.CreateCall(D.Reverse, Args);
  if (!MayThrow)
    emitTapeRelease(B, Frame);
  returnCall(B, Result);
}

//===----------------------------------------------------------------------===//
// Combined reverse mode
//===----------------------------------------------------------------------===//

static Constant *onesOf(Type *T) {
  if (T->isFPOrFPVectorTy())
    return ConstantFP::get(T, 1.0);
  if (auto *A = dyn_cast<ArrayType>(T))
    return ConstantArray::get(
        A, SmallVector<Constant *, 8>(A->getNumElements(),
                                      onesOf(A->getElementType())));
  if (auto *S = dyn_cast<StructType>(T)) {
    SmallVector<Constant *, 4> Fields;
    for (Type *Field : S->elements())
      Fields.push_back(onesOf(Field));
    return ConstantStruct::get(S, Fields);
  }
  return Constant::getNullValue(T);
}

/// Releases what hangs on \p List wherever \p F is left, by an exception too.
/// \p Augmented has a personality if its cleanups need one.
static void releaseAtExits(Function &F, const Function &Augmented,
                           Value *List) {
  if (Augmented.hasPersonalityFn())
    F.setPersonalityFn(Augmented.getPersonalityFn());
  EscapeEnumerator Exits(F, "cleanup", !Augmented.doesNotThrow());
  while (IRBuilder<> *B = Exits.Next())
    emitReleaseDeferred(*B, List);
}

/// Both sweeps, one after the other, on a frame on the stack.
void defineCombined(Function &F, const DiffRequest &R,
                    const SplitDerivative &Pair) {
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", &F));
  auto *Frame = B.CreateAlloca(ArrayType::get(B.getInt8Ty(), Pair.FrameSize),
                               nullptr, "frame");
  Frame->setAlignment(Pair.FrameAlign);
  auto *Deferred = B.CreateAlloca(B.getPtrTy(), nullptr, "deferred");
  B.CreateStore(ConstantPointerNull::get(B.getPtrTy()), Deferred);

  SmallVector<Value *, 16> Args;
  for (Argument &A : F.args())
    Args.push_back(&A);
  SmallVector<Value *, 16> ReverseArgs = Args;
  Args.append({Frame, Deferred});
  Value *Primal = B.CreateCall(Pair.Augmented, Args);
  if (Type *T = resultAdjointType(R))
    ReverseArgs.push_back(onesOf(shadowType(T, R.Width)));
  ReverseArgs.push_back(Frame);
  CallInst *Adjoints = B.CreateCall(Pair.Reverse, ReverseArgs);
  if (Pair.Augmented->doesNotThrow())
    Adjoints->setDoesNotThrow();

  Type *T = F.getReturnType();
  Value *Result = PoisonValue::get(T);
  unsigned Field = 0;
  if (R.ReturnPrimal && !R.Primal->getReturnType()->isVoidTy())
    Result = B.CreateInsertValue(Result, B.CreateExtractValue(Primal, {0u}),
                                 {Field++});
  for (unsigned I = 0; !T->isVoidTy() && Field < T->getStructNumElements(); ++I)
    Result = B.CreateInsertValue(Result, B.CreateExtractValue(Adjoints, {I}),
                                 {Field++});
  T->isVoidTy() ? B.CreateRetVoid() : B.CreateRet(Result);
  if (!Pair.Augmented->arg_end()[-1].use_empty())
    releaseAtExits(F, *Pair.Augmented, Deferred);
}

} // namespace linkgrad
