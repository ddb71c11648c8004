//===- SweepCallers.cpp - Functions that run the sweeps -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/SweepCallers.h"
#include "analysis/GlobalActivity.h"
#include "library/Library.h"
#include "request/DiffRequest.h"
#include "support/Diagnostics.h"
#include "transform/AbsentSeeds.h"
#include "transform/FarMemory.h"
#include "transform/Speculation.h"
#include "transform/SplitDerivative.h"
#include "transform/TapeRuntime.h"
#include "transform/UnionMemory.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/xxhash.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
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
  if (D.Deferred)
    emitDeferral(B, Args.back(), Frame, tapeReleaseFunction(B, 0), {});
  if (D.Augmented->doesNotThrow())
    Augmented->setDoesNotThrow();
  B.CreateStore(Frame, FrameArg);
  FrameArg = Frame;
  returnCall(B, B.CreateCall(D.Augmented, Args));

  auto DefineSweep = [&](Function *F, Function *Sweep, bool Frees) {
    B.SetInsertPoint(BasicBlock::Create(C, "entry", F));
    Args = Arguments(F);
    Value *Frame = B.CreateLoad(B.getPtrTy(), Args.back(), "frame");
    Args.back() = Frame;
    Value *Result = B.CreateCall(Sweep, Args);
    if (Frees)
      emitTapeRelease(B, Frame);
    returnCall(B, Result);
  };
  DefineSweep(Heap.Reverse, D.Reverse, !D.Deferred);
  if (Heap.Forward && D.Forward)
    DefineSweep(Heap.Forward, D.Forward, /*Frees=*/false);
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

/// Emits \p Release wherever \p F is left, by an exception too. \p Augmented
/// has a personality if its cleanups need one.
static void
emitAtExits(Function &F, const Function &Augmented,
            function_ref<void(IRBuilderBase &, bool IsException)> Release) {
  if (Augmented.hasPersonalityFn())
    F.setPersonalityFn(Augmented.getPersonalityFn());
  EscapeEnumerator Exits(F, "cleanup", !Augmented.doesNotThrow());
  while (IRBuilder<> *B = Exits.Next())
    Release(*B, !isa<ReturnInst>(&*B->GetInsertPoint()));
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
  emitSpareSeeds(B, F, R);
  Value *Primal = B.CreateCall(Pair.Augmented, Args);
  if (Type *T = resultAdjointType(R))
    ReverseArgs.push_back(withoutAbsentSeeds(B, onesOf(shadowType(T, R.Width)),
                                             B.CreateExtractValue(Primal, {0u}),
                                             R));
  ReverseArgs.push_back(Frame);
  emitAbsentSeeds(B, F, R);
  if (R.hasUnions()) {
    emitUnionEnd(B, Deferred);
    emitUnionUndo(B, Deferred, R.Unions, /*IsSplit=*/false);
  }
  CallInst *Adjoints = B.CreateCall(Pair.Reverse, ReverseArgs);
  if (Pair.Augmented->doesNotThrow())
    Adjoints->setDoesNotThrow();
  if (R.hasUnions())
    emitUnionRedo(B, Deferred, /*IsForward=*/false);

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
    emitAtExits(F, *Pair.Augmented, [&](IRBuilderBase &Exit, bool) {
      emitReleaseDeferred(Exit, Deferred);
    });
}

//===----------------------------------------------------------------------===//
// Split mode
//===----------------------------------------------------------------------===//

namespace {

/// What a tape begins with. The frame follows in its alignment.
struct TapeHeader {
  explicit TapeHeader(LLVMContext &C)
      : Type(StructType::get(PointerType::getUnqual(C),
                             llvm::Type::getInt64Ty(C))) {}

  /// The list of deferred frees.
  Value *list(IRBuilderBase &B, Value *Tape) const {
    return B.CreateStructGEP(Type, Tape, 0, "deferred");
  }
  /// Which pair the tape belongs to.
  Value *tag(IRBuilderBase &B, Value *Tape) const {
    return B.CreateStructGEP(Type, Tape, 1, "tag");
  }
  Value *frame(IRBuilderBase &B, Value *Tape, Align A) const {
    Value *End = B.CreateConstGEP1_64(Type, Tape, 1);
    if (A <= Align(8))
      return End;
    Value *Up = B.CreateConstGEP1_64(B.getInt8Ty(), End, A.value() - 1);
    return B.CreateIntrinsic(Intrinsic::ptrmask,
                             {Up->getType(), B.getInt64Ty()},
                             {Up, B.getInt64(~(A.value() - 1))});
  }

  static constexpr uint64_t Size = 16;
  StructType *Type;
};

} // namespace

uint64_t tapeSize(const SplitDerivative &Pair) {
  uint64_t Slack =
      Pair.FrameAlign <= Align(8) ? 0 : Pair.FrameAlign.value() - 1;
  return TapeHeader::Size + Pair.FrameSize + Slack;
}

/// The same for the halves of one pair, even if they are made in different
/// modules.
static uint64_t pairTag(DiffRequest R, const SplitDerivative &Pair) {
  R.Mode = DiffMode::Split;
  R.ReturnPrimal = false;
  return xxh3_64bits(R.describe() + " " + std::to_string(Pair.FrameSize));
}

void defineAugmentFwd(Function &F, const DiffRequest &R,
                      const SplitDerivative &Pair) {
  TapeHeader Header(F.getContext());
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", &F));
  SmallVector<Value *, 16> Args(make_pointer_range(F.args()));
  Value *Tape = R.CallersTape
                    ? Args.pop_back_val()
                    : emitTapeAllocation(B, B.getInt64(tapeSize(Pair)));
  Value *List = Header.list(B, Tape);
  B.CreateStore(ConstantPointerNull::get(B.getPtrTy()), List);
  B.CreateStore(B.getInt64(pairTag(R, Pair)), Header.tag(B, Tape));
  Args.append({Header.frame(B, Tape, Pair.FrameAlign), List});
  Value *Given = B.CreateCall(Pair.Augmented, Args);
  if (R.hasUnions())
    emitUnionEnd(B, List);

  Type *T = F.getReturnType();
  Value *Result = PoisonValue::get(T);
  unsigned Field = 0;
  if (!R.CallersTape)
    Result = B.CreateInsertValue(Result, Tape, {Field++});
  bool HasResult = !R.Primal->getReturnType()->isVoidTy();
  if (HasResult && R.ReturnPrimal)
    Result = B.CreateInsertValue(Result, B.CreateExtractValue(Given, {0u}),
                                 {Field++});
  if (HasResult && isDup(R.Result))
    for (unsigned Lane = 0; Lane < R.Width; ++Lane)
      Result =
          R.Width == 1
              ? B.CreateInsertValue(Result, B.CreateExtractValue(Given, {1u}),
                                    {Field})
              : B.CreateInsertValue(Result,
                                    B.CreateExtractValue(Given, {1u, Lane}),
                                    {Field, Lane});
  returnCall(B, Result);
  emitAtExits(F, *Pair.Augmented, [&](IRBuilderBase &Exit, bool IsException) {
    if (!IsException)
      return;
    emitReleaseDeferred(Exit, List);
    if (!R.CallersTape)
      emitTapeRelease(Exit, Tape);
  });
}

/// The arguments of the sweep that answers \p R, but for the frame, out of
/// those of \p F, and the tape.
static std::pair<SmallVector<Value *, 16>, Value *>
sweepArguments(Function &F, const DiffRequest &R) {
  SmallVector<Value *, 16> Args(make_pointer_range(F.args()));
  Value *Tape = Args.pop_back_val();
  if (R.Mode != DiffMode::ForwardSweep)
    return {Args, Tape};
  // A tangent follows its parameter in F; in the sweep all come last.
  SmallVector<Value *, 16> Sorted, Tangents;
  ArrayRef<Value *> Left = Args;
  for (Activity A : R.Args) {
    unsigned Shadows = isDup(A) || A == Activity::Active ? R.Width : 0;
    Sorted.push_back(Left.front());
    append_range(A == Activity::Active ? Tangents : Sorted,
                 Left.slice(1, Shadows));
    Left = Left.drop_front(1 + Shadows);
  }
  append_range(Sorted, Tangents);
  return {Sorted, Tape};
}

/// A forward sweep leaves tangents in the memory of the primal's own, where a
/// reverse sweep starts from zero. So it marks the tape, by another tag.
void defineSweep(Function &F, const DiffRequest &R,
                 const SplitDerivative &Pair) {
  bool IsForward = R.Mode == DiffMode::ForwardSweep;
  TapeHeader Header(F.getContext());
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", &F));
  auto [Args, Tape] = sweepArguments(F, R);
  Value *Tag = B.CreateLoad(B.getInt64Ty(), Header.tag(B, Tape));
  Value *Fresh = B.getInt64(pairTag(R, Pair)), *Used = B.CreateNot(Fresh);
  Value *IsOther = B.CreateICmpNE(Tag, Fresh);
  if (IsForward)
    IsOther = B.CreateAnd(IsOther, B.CreateICmpNE(Tag, Used));
  B.CreateRetVoid(); // Replaced below.
  Instruction *End = F.getEntryBlock().getTerminator();
  B.SetInsertPoint(SplitBlockAndInsertIfThen(IsOther, End->getIterator(),
                                             /*Unreachable=*/true));
  emitStop(B, makeError(Reason::ArgumentType, *R.Primal,
                        "the tape that the " + R.describe() +
                            " was given is not its own" +
                            (IsForward ? "" : ", or a forward sweep used it"),
                        "call __enzyme_augmentfwd with the same function, "
                        "markers and width"));
  B.SetInsertPoint(End);
  if (IsForward)
    B.CreateStore(Used, Header.tag(B, Tape));
  Args.push_back(Header.frame(B, Tape, Pair.FrameAlign));
  if (R.hasUnions())
    emitUnionUndo(B, Header.list(B, Tape), R.Unions, /*IsSplit=*/true);
  Value *Results = B.CreateCall(IsForward ? Pair.Forward : Pair.Reverse, Args);
  if (R.hasUnions())
    emitUnionRedo(B, Header.list(B, Tape), IsForward);
  if (!R.KeepsTape)
    emitReleaseDeferred(B, Header.list(B, Tape));
  if (!R.KeepsTape && !R.CallersTape)
    emitTapeRelease(B, Tape);
  returnCall(B, Results);
  End->eraseFromParent();
}

void defineBatch(Function &F, const DiffRequest &R) {
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", &F));
  Value *Results = PoisonValue::get(F.getReturnType());
  for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
    SmallVector<Value *, 8> Args;
    unsigned Next = 0;
    for (Activity A : R.Args) {
      Args.push_back(F.getArg(Next + (isDup(A) ? Lane : 0)));
      Next += isDup(A) ? R.Width : 1;
    }
    CallInst *Call = B.CreateCall(R.Primal, Args);
    Call->setCallingConv(R.Primal->getCallingConv());
    if (!Call->getType()->isVoidTy())
      Results = B.CreateInsertValue(Results, Call, {Lane});
  }
  returnCall(B, Results);
}

/// How many derivatives this thread is in the middle of that have shadows of
/// global variables.
static Value *running(IRBuilderBase &B) {
  Module &M = *B.GetInsertBlock()->getModule();
  constexpr StringLiteral Name = "linkgrad.running";
  GlobalVariable *Counter = M.getGlobalVariable(Name);
  if (!Counter) {
    Counter =
        new GlobalVariable(M, B.getInt32Ty(), /*isConstant=*/false,
                           GlobalValue::LinkOnceODRLinkage, B.getInt32(0), Name,
                           nullptr, GlobalValue::GeneralDynamicTLSModel);
    Counter->setVisibility(GlobalValue::HiddenVisibility);
    Counter->setDSOLocal(true);
    Counter->addAttribute("enzyme_inactive");
  }
  return B.CreateThreadLocalAddress(Counter);
}

/// What goes around with the shadows of variables is nothing active.
static Value *callInactive(IRBuilderBase &B, StringRef Name,
                           ArrayRef<Value *> Args) {
  Function *F = libraryFunction(*B.GetInsertBlock()->getModule(), Name);
  F->addFnAttr("enzyme_inactive");
  return B.CreateCall(F, Args);
}

Function *withClearedShadows(Function &F, ArrayRef<GlobalVariable *> Globals,
                             const DiffRequest &R) {
  auto *Outer = Function::Create(F.getFunctionType(), F.getLinkage(),
                                 F.getName() + ".cleared", F.getParent());
  Outer->setAttributes(F.getAttributes());
  Outer->setDSOLocal(true);
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", Outer));
  Value *Count = B.CreateLoad(B.getInt32Ty(), running(B), "running");
  /// Of each shadow the address, the size, and what it held before.
  SmallVector<std::array<Value *, 3>, 4> Shadows;
  for (GlobalVariable *G : Globals)
    for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
      GlobalVariable *S = shadowGlobal(*G, Lane, R.Order);
      Value *Address = S;
      if (S->isThreadLocal())
        Address = B.CreateThreadLocalAddress(S);
      Value *Size =
          B.getInt64(F.getDataLayout().getTypeAllocSize(S->getValueType()));
      Value *Kept =
          callInactive(B, "linkgrad_shadow_keep", {Count, Address, Size});
      Shadows.push_back({Address, Size, Kept});
      B.CreateMemSet(Address, B.getInt8(0), Size, S->getAlign());
    }
  B.CreateStore(B.CreateAdd(Count, B.getInt32(1)), running(B));
  Value *Before = R.GlobalPointers ? emitFarBegin(B, Globals, R) : nullptr;
  SmallVector<Value *, 16> Args(make_pointer_range(Outer->args()));
  returnCall(B, B.CreateCall(&F, Args));
  emitAtExits(*Outer, F, [&](IRBuilderBase &Exit, bool) {
    if (R.GlobalPointers)
      emitFarEnd(Exit, Before);
    Exit.CreateStore(Count, running(Exit));
    for (auto [Address, Size, Kept] : Shadows)
      callInactive(Exit, "linkgrad_shadow_put_back", {Kept, Address, Size});
  });
  return Outer;
}

} // namespace linkgrad
