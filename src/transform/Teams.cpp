//===- Teams.cpp - Derivatives of parallel regions ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/Teams.h"
#include "library/Library.h"
#include "prepare/AnalysisManagers.h"
#include "prepare/ParallelRegions.h"
#include "support/Diagnostics.h"
#include "transform/Adjoints.h"
#include "transform/Shadows.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

/// struct Slot of library/OpenMP.c: the list of deferred frees, the size.
static constexpr uint64_t SlotList = 24, SlotSize = 32;
/// struct Team.
static constexpr uint64_t TeamSize = 40;

uint64_t teamFrameSize(const Module &) { return TeamSize; }

/// True if the module can have the functions of library/OpenMP.c.
static bool hasLibrary(Module &M) {
  return M.getDataLayout().getPointerSize() == 8 &&
         libraryFunction(M, "linkgrad_team_enter");
}

static CallInst *callLibrary(IRBuilderBase &B, StringRef Name,
                             ArrayRef<Value *> Args) {
  return B.CreateCall(libraryFunction(*B.GetInsertBlock()->getModule(), Name),
                      Args);
}

//===----------------------------------------------------------------------===//
// Forking
//===----------------------------------------------------------------------===//

static Value *field(IRBuilderBase &B, Value *Memory, uint64_t Offset) {
  return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Memory, Offset);
}

/// The number of the calling thread, for the runtime.
static Value *threadNumber(IRBuilderBase &B, Value *Ident) {
  FunctionCallee Get = B.GetInsertBlock()->getModule()->getOrInsertFunction(
      "__kmpc_global_thread_num", B.getInt32Ty(), B.getPtrTy());
  return B.CreateCall(Get, {Ident}, "thread");
}

/// Runs \p Body in all threads, on the same \p Args: as an outlined function
/// that finds them in a struct.
static void
emitFork(IRBuilderBase &B, Value *Ident, ArrayRef<Value *> Args,
         const Twine &Name,
         function_ref<void(IRBuilderBase &, ArrayRef<Value *>)> Body) {
  Function *Caller = B.GetInsertBlock()->getParent();
  Module &M = *Caller->getParent();
  LLVMContext &C = M.getContext();
  SmallVector<Type *, 16> Types;
  for (Value *V : Args)
    Types.push_back(V->getType());
  auto *Pack = StructType::get(C, Types);
  Type *Ptr = B.getPtrTy();

  auto *Outlined =
      Function::Create(FunctionType::get(B.getVoidTy(), {Ptr, Ptr, Ptr}, false),
                       GlobalValue::InternalLinkage, Name, M);
  Outlined->setDSOLocal(true);
  Outlined->addFnAttr(Attribute::NoUnwind);
  for (auto Kind : {Attribute::SanitizeAddress, Attribute::SanitizeThread,
                    Attribute::UWTable})
    if (Caller->hasFnAttribute(Kind))
      Outlined->addFnAttr(Caller->getFnAttribute(Kind));
  for (StringRef Kind : {"target-cpu", "target-features", "tune-cpu"})
    if (Caller->hasFnAttribute(Kind))
      Outlined->addFnAttr(Caller->getFnAttribute(Kind));
  IRBuilder<> Inside(BasicBlock::Create(C, "entry", Outlined));
  SmallVector<Value *, 16> Values;
  for (auto [I, T] : enumerate(Types))
    Values.push_back(Inside.CreateLoad(
        T, Inside.CreateStructGEP(Pack, Outlined->getArg(2), I)));
  Body(Inside, Values);
  Inside.CreateRetVoid();

  IRBuilder<> Entry(&Caller->getEntryBlock(), Caller->getEntryBlock().begin());
  Value *Memory = Entry.CreateAlloca(Pack, nullptr, "region");
  for (auto [I, V] : enumerate(Args))
    B.CreateStore(V, B.CreateStructGEP(Pack, Memory, I));
  FunctionCallee Fork = M.getOrInsertFunction(
      "__kmpc_fork_call",
      FunctionType::get(B.getVoidTy(), {Ptr, B.getInt32Ty(), Ptr}, true));
  B.CreateCall(Fork, {Ident, B.getInt32(1), Outlined, Memory});
}

static SmallVector<Value *, 16> argumentsOf(Function &F) {
  return SmallVector<Value *, 16>(make_pointer_range(F.args()));
}

Function *forkTangent(const DiffRequest &R, Function &Thread) {
  Function *F = declareShadowed(*R.Primal, R.Args, R.Width,
                                R.derivativeType()->getReturnType(), {},
                                R.Primal->getName() + ".linkgrad.fwd")
                    .F;
  IRBuilder<> B(BasicBlock::Create(F->getContext(), "entry", F));
  emitFork(B, identOf(*R.Primal), argumentsOf(*F), F->getName() + ".fork",
           [&](IRBuilderBase &Inside, ArrayRef<Value *> Args) {
             Inside.CreateCall(&Thread, Args);
           });
  B.CreateRetVoid();
  return F;
}

static void defineTeamAugmented(Function &F, const DiffRequest &R,
                                const SplitDerivative &Thread,
                                uint64_t SlotBytes) {
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", &F));
  auto Args = argumentsOf(F);
  Value *List = Args.pop_back_val(), *Team = Args.back();
  callLibrary(B, "linkgrad_team_begin", {Team, List, B.getInt32(R.Parallel)});
  emitFork(B, identOf(*R.Primal), Args, F.getName() + ".fork",
           [&](IRBuilderBase &Inside, ArrayRef<Value *> Values) {
             SmallVector<Value *, 16> Own(Values.drop_back());
             Value *Slot =
                 callLibrary(Inside, "linkgrad_team_enter",
                             {Values.back(), Inside.getInt64(SlotBytes)});
             Own.append({field(Inside, Slot, SlotSize),
                         field(Inside, Slot, SlotList)});
             Inside.CreateCall(Thread.Augmented, Own);
           });
  callLibrary(B, "linkgrad_team_join", {Team, List});
  B.CreateRetVoid();
}

/// The sum over all threads of what their reverse sweeps returned, in order.
static Value *sumOfThreads(IRBuilderBase &B, Value *Team, Value *Size, Type *T,
                           uint64_t Offset) {
  Function *F = B.GetInsertBlock()->getParent();
  LLVMContext &C = F->getContext();
  BasicBlock *Before = B.GetInsertBlock();
  auto *Loop = BasicBlock::Create(C, "threads", F);
  auto *After = BasicBlock::Create(C, "sum", F);
  B.CreateBr(Loop); // There is at least one.
  B.SetInsertPoint(Loop);
  PHINode *I = B.CreatePHI(B.getInt64Ty(), 2), *Sum = B.CreatePHI(T, 2);
  Value *Slot = callLibrary(B, "linkgrad_team_get", {Team, I});
  Value *Part = B.CreateLoad(T, field(B, Slot, Offset));
  Value *NewSum = addAdjoints(B, Sum, Part);
  Value *Next = B.CreateAdd(I, B.getInt64(1));
  B.CreateCondBr(B.CreateICmpULT(Next, B.CreateZExt(Size, B.getInt64Ty())),
                 Loop, After);
  I->addIncoming(B.getInt64(0), Before);
  I->addIncoming(Next, Loop);
  Sum->addIncoming(Constant::getNullValue(T), Before);
  Sum->addIncoming(NewSum, Loop);
  B.SetInsertPoint(After);
  return NewSum;
}

static void defineTeamReverse(Function &F, const DiffRequest &R,
                              const SplitDerivative &Thread,
                              uint64_t ResultOffset) {
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", &F));
  auto Args = argumentsOf(F);
  Value *Team = Args.back();
  Constant *Ident = identOf(*R.Primal);
  Value *Size = callLibrary(B, "linkgrad_team_back", {Team});
  FunctionCallee Push = F.getParent()->getOrInsertFunction(
      "__kmpc_push_num_threads", B.getVoidTy(), B.getPtrTy(), B.getInt32Ty(),
      B.getInt32Ty());
  B.CreateCall(Push, {Ident, threadNumber(B, Ident), Size});
  Type *T = F.getReturnType();
  emitFork(B, Ident, Args, F.getName() + ".fork",
           [&](IRBuilderBase &Inside, ArrayRef<Value *> Values) {
             SmallVector<Value *, 16> Own(Values);
             Value *Slot =
                 callLibrary(Inside, "linkgrad_team_slot", {Own.back()});
             Own.back() = field(Inside, Slot, SlotSize);
             Value *Adjoints = Inside.CreateCall(Thread.Reverse, Own);
             if (!T->isVoidTy())
               Inside.CreateStore(Adjoints, field(Inside, Slot, ResultOffset));
           });
  if (T->isVoidTy())
    B.CreateRetVoid();
  else
    B.CreateRet(sumOfThreads(B, Team, Size, T, ResultOffset));
}

Expected<SplitDerivative> forkPair(const DiffRequest &R,
                                   const SplitDerivative &Thread) {
  Module &M = *R.Primal->getParent();
  if (!hasLibrary(M))
    return makeError(Reason::UnsupportedCall, *R.Primal,
                     "there is no derivative of parallel regions on this "
                     "target, or the program has a 'linkgrad_team_enter' of "
                     "its own");
  Type *Ptr = PointerType::getUnqual(M.getContext());
  std::string Name = R.Primal->getName().str();
  SplitDerivative Result;
  Result.Augmented =
      declareShadowed(*R.Primal, R.Args, R.Width, augmentedResultType(R),
                      {Ptr, Ptr}, Name + ".linkgrad.aug")
          .F;
  Result.Reverse = declareReverse(*R.Primal, R, Name + ".linkgrad.rev").F;
  // A slot holds the frame and, behind it, the adjoints that are returned.
  const DataLayout &DL = M.getDataLayout();
  uint64_t ResultOffset = alignTo(SlotSize + Thread.FrameSize, 16);
  uint64_t SlotBytes = ResultOffset - SlotSize;
  if (Type *T = reverseResultType(R); !T->isVoidTy())
    SlotBytes += DL.getTypeAllocSize(T);
  defineTeamAugmented(*Result.Augmented, R, Thread, SlotBytes);
  defineTeamReverse(*Result.Reverse, R, Thread, ResultOffset);
  Result.FrameSize = TeamSize;
  Result.FrameAlign = Align(8);
  Result.Reads = Thread.Reads;
  return Result;
}

void finishTeams(Module &M, AnalysisManagers &AMs) {
  auto Erase = [&](Function &F) {
    AMs.FAM.clear(F, F.getName());
    F.eraseFromParent();
  };
  for (Function &F : make_early_inc_range(M)) {
    if (!isTeam(F))
      continue;
    Function &Thread = threadOf(F);
    Constant *Ident = identOf(F);
    F.removeFnAttr("linkgrad-team");
    if (F.use_empty()) {
      Erase(F);
    } else {
      AMs.FAM.clear(F, F.getName());
      F.deleteBody();
      F.setLinkage(GlobalValue::InternalLinkage);
      IRBuilder<> B(BasicBlock::Create(M.getContext(), "entry", &F));
      emitFork(B, Ident, argumentsOf(F), F.getName() + ".fork",
               [&](IRBuilderBase &Inside, ArrayRef<Value *> Args) {
                 Inside.CreateCall(&Thread, Args);
               });
      B.CreateRetVoid();
      F.setName(F.getName() + ".done"); // Another team is no longer this one.
    }
    if (Thread.use_empty())
      Erase(Thread);
  }
}

} // namespace linkgrad
