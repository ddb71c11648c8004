//===- AugmentedPrimal.cpp - The forward sweep ----------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/AugmentedPrimal.h"
#include "prepare/AnalysisManagers.h"
#include "rules/Allocations.h"
#include "rules/KnownFunctions.h"
#include "rules/OpenMPCalls.h"
#include "transform/ActiveMemory.h"
#include "transform/CaughtExceptions.h"
#include "transform/LayoutWalk.h"
#include "transform/Speculation.h"
#include "transform/StringCalls.h"
#include "transform/TapeRuntime.h"
#include "transform/UnionMemory.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace linkgrad {

AugmentedPrimal::AugmentedPrimal(Function &Prepared, const SplitRequest &R,
                                 DerivativeSource &Source)
    : Request(R), Source(Source) {
  Type *Ptr = PointerType::getUnqual(Prepared.getContext());
  const DiffRequest &D = R.Request;
  Clone = declareShadowed(Prepared, D.Args, D.Width, augmentedResultType(D),
                          {Ptr, Ptr}, D.Primal->getName() + ".linkgrad.aug");
  cloneBody(Prepared, Clone);
  if (D.hasUnions())
    moveUnionFloats(*Clone.F, knownTypes(Clone, D, Source));
  if (none_of(instructions(*Clone.F),
              [](const Instruction &I) { return I.mayThrow(); }))
    Clone.F->setDoesNotThrow();
  for (auto [Arg, Kept] : zip(Clone.Primals, R.KeptArgs))
    if (Kept)
      KeptArgs.push_back(Arg);
  standInForInvokes();
  for (BasicBlock &BB : *Clone.F) {
    auto &Own = Body[&BB];
    for (Instruction &I : BB)
      if (!isa<InvokeInst>(I))
        Own.push_back(&I);
  }
}

void AugmentedPrimal::standInForInvokes() {
  for (BasicBlock &BB : *Clone.F) {
    auto *Invoke = dyn_cast<InvokeInst>(BB.getTerminator());
    if (!Invoke)
      continue;
    CallInst *Call = createCallMatchingInvoke(Invoke);
    Call->insertBefore(Invoke->getNormalDest()->getFirstInsertionPt());
    Call->takeName(Invoke);
    Invoke->replaceAllUsesWith(Call);
    Invokes.insert({Call, Invoke});
  }
}

Error AugmentedPrimal::prepare() {
  Function &F = *Clone.F;
  const DiffRequest &D = Request.Request;
  Trace = traceControlFlow(F, Source.analyses());
  Types = std::make_unique<TypeTrees>(knownTypes(Clone, D, Source));
  if (D.hasUnions())
    Types->countMovedPointers(movedPointers(F));
  if (!D.StrictUnions)
    Types->assumeOneMember();
  Kinds = std::make_unique<ValueKinds>(*Types);
  Activities = std::make_unique<ActivityAnalysis>(F, Clone.Args, D, *Kinds);
  Shadow =
      std::make_unique<Shadows>(Clone, *Activities, DiffMode::Split, D.Width);
  findWriters();
  if (Error E = visitThrowers())
    return E;
  for (BasicBlock *BB : Trace.Live)
    for (Instruction *I : Body[BB])
      if (Error E = visit(*I))
        return E;
  // A shadow phi may be asked for in the last block only.
  if (Trace.Exit)
    if (auto *V =
            cast<ReturnInst>(Trace.Exit->getTerminator())->getReturnValue();
        V && isDup(D.Result) && containsPointer(V->getType()))
      for (unsigned Lane = 0; Lane < D.Width; ++Lane)
        Shadow->get(*V, Lane, *Trace.Exit->getTerminator());
  Shadow->finishPhis();
  closeShadowInductions();
  if (Error E = Shadow->takeError())
    return E;
  noteMovedBytes(Clone, D, *Types, Source);
  visitCleanups();
  return Error::success();
}

Error AugmentedPrimal::visit(Instruction &I) {
  if (Error E = checkMixedPointers(I, *Activities))
    return E;
  if (Error E = checkBits(I, *Activities))
    return E;
  if (Error E = checkText(I, *Activities))
    return E;
  if (Error E = checkAddressBits(I, *Activities))
    return E;
  if (Error E = checkUnionMove(I))
    return E;
  if (needsShadow(I, *Activities, Request.Request.Parallel))
    Shadow->stopIfFar(I);
  if (Request.Request.Parallel)
    if (Error E = checkInTeam(I, *Activities, DiffMode::Split))
      return E;
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return visitStore(*Store);
  if (auto *Call = dyn_cast<CallBase>(&I))
    return visitCall(*Call);
  if (auto *Alloca = dyn_cast<AllocaInst>(&I);
      Alloca && !Alloca->isStaticAlloca())
    return makeError(Reason::UnsupportedInstruction, I,
                     "memory of variable size on the stack",
                     "use the heap, or an array of constant size");
  if (isa<AtomicRMWInst, AtomicCmpXchgInst>(I))
    return checkAtomic(I, *Activities);
  Shadow->emitStructural(I);
  return Error::success();
}

Error AugmentedPrimal::visitStore(StoreInst &Store) {
  if (Error E = checkActiveStore(Store, *Activities))
    return E;
  Value &V = *Store.getValueOperand(), &Ptr = *Store.getPointerOperand();
  if (V.getType()->isDoubleTy() && !movesUnionFloat(Store) &&
      Activities->hasShadow(Ptr) && mayMoveUnion(Store, *Activities))
    stopAtAddress(Store);
  if (!Activities->hasShadow(Ptr))
    return Error::success();
  if (!Kinds->carriesPointer(V))
    return visitFloatsStored(Store, Ptr, Kinds->adjointType(V));
  if (containsFloat(V.getType()))
    return makeError(Reason::UnsupportedInstruction, Store,
                     "store of an aggregate that mixes pointers and floats",
                     "store its fields one by one");
  bool Unions = Request.Request.hasUnions();
  if (Unions && !hasJournal(Ptr))
    return noJournal(Store);
  if (!isOwn(Ptr))
    Source.noteStoredPointer();
  for (unsigned Lane = 0; Lane < Shadow->width(); ++Lane) {
    IRBuilder<> B(&Store);
    Value *New = Shadow->get(V, Lane, Store);
    Value *Address = Shadow->address(B, Store, Lane);
    if (Unions && !emitUnionStore(B, Store, Address, New, Clone.Extra[1]))
      return noJournal(Store);
    B.CreateAlignedStore(New, Address, shadowAlign(Store));
  }
  return Error::success();
}

/// Where \p Store, of a double, copies a union that is a pointer, the shadow
/// pointer would not follow.
void AugmentedPrimal::stopAtAddress(StoreInst &Store) {
  IRBuilder<> B(&Store);
  Value *Bits = B.CreateBitCast(Store.getValueOperand(), B.getInt64Ty());
  constexpr uint64_t Address = (uint64_t(1) << 48) - 1;
  Value *IsAddress =
      B.CreateICmpULT(B.CreateSub(Bits, B.getInt64(1)), B.getInt64(Address));
  emitStopIf(B, IsAddress,
             makeError(Reason::UnknownType, Store,
                       "a union of a pointer and a float is moved as the float",
                       "copy its members one by one"));
}

Error AugmentedPrimal::visitCall(CallBase &Call) {
  const Function *Callee = directCallee(Call);
  if (Error E = checkOpenMP(Call))
    return E;
  switch (Callee ? classifyCallee(*Callee) : CalleeKind::Unknown) {
  case CalleeKind::Allocate:
    return visitAllocation(Call);
  case CalleeKind::Free:
    return visitFree(Call);
  case CalleeKind::MemoryIntrinsic:
    return visitMemory(Call);
  case CalleeKind::UsableSize:
    emitUsableSize(Call, *Shadow, *Activities);
    return Error::success();
  case CalleeKind::Mirrored:
    return emitMirroredCall(Call, *Shadow, *Activities);
  case CalleeKind::Inactive:
    if (Request.Request.Parallel)
      if (Error E = visitCritical(Call))
        return E;
    if (Error E = checkThrower(Call, Invokes.lookup(dyn_cast<CallInst>(&Call)),
                               *Activities))
      return stopAt(Call, std::move(E));
    if (Error E = checkInactiveCall(Call, *Activities))
      return E;
    return emitStringCall(Call, *Shadow, *Activities);
  case CalleeKind::ScalarRule:
    return Error::success();
  case CalleeKind::Unknown:
    break;
  }
  return Activities->isActiveCall(Call) ? visitActiveCall(Call)
                                        : Error::success();
}

Error AugmentedPrimal::visitAllocation(CallBase &Call) {
  if (!Activities->hasShadow(Call))
    return Error::success();
  return emitShadowAllocation(Call, *Shadow);
}

/// In the reverse sweep the sections of a lock run in the opposite order.
Error AugmentedPrimal::visitCritical(CallBase &Call) {
  OpenMPCall Kind = openMPKind(Call);
  if (Kind != OpenMPCall::Critical && Kind != OpenMPCall::EndCritical)
    return Error::success();
  auto T = emitTurn(Call, Clone.Extra[1]);
  if (!T)
    return T.takeError();
  Turns.insert({&Call, *T});
  return Error::success();
}

/// The reverse sweep still reads what the primal frees.
Error AugmentedPrimal::visitFree(CallBase &Call) {
  Value &Memory = *Call.getArgOperand(0);
  if (!Activities->hasShadow(Memory))
    return Error::success();
  Value *List = Clone.Extra[1];
  if (Error E = emitDeferredFree(Call, List, &Memory))
    return E;
  IRBuilder<> B(&Call);
  for (unsigned Lane = 0; Lane < Shadow->width(); ++Lane)
    cantFail(
        emitDeferredFree(Call, List, Shadow->freed(B, Memory, Lane, Call)));
  if (!Call.use_empty()) // munmap says whether it worked.
    Call.replaceAllUsesWith(Constant::getNullValue(Call.getType()));
  Erased.push_back(&Call);
  return Error::success();
}

Error AugmentedPrimal::visitMemory(CallBase &Call) {
  auto Effect = describeMemoryEffect(Call, *Activities);
  if (!Effect)
    return Effect.takeError();
  if (!*Effect)
    return Error::success();
  IRBuilder<> B(&Call);
  const MemoryEffect &M = **Effect;
  bool Unions = Request.Request.hasUnions() && M.Layout.hasPointers();
  bool Floats = M.Src && M.Layout.hasFloats() && mayOverwritePointers(*M.Dst);
  if ((Unions || Floats) && !hasJournal(*M.Dst))
    return noJournal(Call);
  if (M.Layout.hasPointers() && !isOwn(*M.Dst))
    Source.noteStoredPointer();
  for (unsigned Lane = 0; Lane < Shadow->width(); ++Lane) {
    if (M.Src && !M.Layout.hasPointers() && !Floats)
      continue;
    auto [Dst, Src] = Shadow->addresses(B, *M.Dst, M.Src, M.Length, Lane, Call);
    if (Floats) // What has no shadow is nowhere near.
      emitUnionFloats(B, M.Layout, Dst, Src ? Src : M.Src, M.Length,
                      Clone.Extra[1]);
    if (M.Src && !M.Layout.hasPointers())
      continue;
    if (M.Src && !Src)
      Src = Shadow->get(*M.Src, Lane, Call);
    if (Unions)
      emitUnionCopy(B, M.Layout, {M.Dst, Dst}, {M.Src, Src}, M.Length,
                    Clone.Extra[1]);
    emitLayoutAction(
        B, M.Src ? LayoutAction::CopyPointers : LayoutAction::ClearPointers,
        M.Layout, Dst, Src, M.Length, M.Src);
  }
  return Error::success();
}

Error AugmentedPrimal::visitActiveCall(CallBase &Call) {
  if (Error E = checkCaught(Call, Invokes.lookup(cast<CallInst>(&Call))))
    return stopAt(Call, std::move(E));
  auto Callee = describeActiveCall(Call, *Activities, DiffMode::Split,
                                   Request.Request.Width);
  if (!Callee)
    return stopAt(Call, Callee.takeError());
  Callee->Parallel = Request.Request.Parallel;
  Callee->Unions = Request.Request.Unions;
  Callee->StrictUnions = Request.Request.StrictUnions;
  TapeLayout Probe(Trace);
  auto Make = [&] {
    return Source.split(splitRequest(Call, *Callee),
                        /*FrameMayMove=*/!Probe.isStationary(Call));
  };
  auto Split = Make();
  if (Split) {
    if (Error E =
            tellFloats(Call, *Callee, *Request.Request.Primal, *Types, Source))
      return E;
    if (Callee->KnownFloats)
      Split = Make();
  }
  if (!Split)
    return stopAt(
        Call,
        addNote(Split.takeError(), "called here: " + callDescription(Call)),
        /*MayInline=*/!stopsIfMisread(Call, *Callee, Source));
  if (Error E = checkMisread(Call, *Activities, Source))
    return stopAt(Call, std::move(E), /*MayInline=*/!isSpeculative(Call));
  ActiveCall Active{nullptr, *Split, *Callee};
  IRBuilder<> B(&Call);
  SmallVector<Value *, 16> Args;
  // Until the tape is planned, only the primal counts: that the augmented
  // callee keeps addresses in its frame changes nothing about who writes.
  // layOut() takes this back.
  SmallVector<unsigned, 8> NotCaptured;
  for (unsigned I = 0; I < Call.arg_size(); ++I) {
    Value &Arg = *Call.getArgOperand(I);
    if (Arg.getType()->isPointerTy() && Call.doesNotCapture(I))
      NotCaptured.push_back(Args.size());
    Args.push_back(&Arg);
    for (unsigned Lane = 0; isDup(Callee->Args[I]) && Lane < Shadow->width();
         ++Lane)
      Args.push_back(Shadow->get(Arg, Lane, Call));
  }
  // The frame's address is known once the tape has been laid out.
  Args.push_back(PoisonValue::get(B.getPtrTy()));
  Args.push_back(Clone.Extra[1]);
  Active.Augmented = B.CreateCall(Split->Augmented, Args);
  for (unsigned I : NotCaptured)
    Active.Augmented->addParamAttr(
        I, Attribute::getWithCaptureInfo(B.getContext(), CaptureInfo::none()));
  if (isDup(Callee->Result)) {
    unsigned Field = 1;
    for (unsigned Lane = 0; Lane < Shadow->width(); ++Lane) {
      Value *S = Shadow->width() == 1
                     ? B.CreateExtractValue(Active.Augmented, {Field})
                     : B.CreateExtractValue(Active.Augmented, {Field, Lane});
      Shadow->set(Call, Lane, S);
    }
  }
  Calls.insert({cast<CallInst>(&Call), Active});
  return Error::success();
}

/// A call that cannot be differentiated: it may be one that never happens.
Error AugmentedPrimal::stopAt(CallBase &Call, Error E, bool MayInline) {
  if ((MayInline && Source.inlinesInstead(*Request.Request.Primal, Call, E)) ||
      Source.countsGlobalPointersInstead(Request.Request, E) ||
      !isSpeculative(Call))
    return E;
  InvokeInst *Invoke = Invokes.lookup(dyn_cast<CallInst>(&Call));
  IRBuilder<> B(Invoke ? static_cast<Instruction *>(Invoke) : &Call);
  emitStop(B, std::move(E));
  Stopped.insert(&Call);
  for (unsigned Lane = 0; Shadow->has(Call) && Lane < Shadow->width(); ++Lane)
    Shadow->set(Call, Lane, Constant::getNullValue(Call.getType()));
  return Error::success();
}

/// The shadow of an affine pointer induction is one too.
void AugmentedPrimal::closeShadowInductions() {
  SmallVector<std::pair<const Value *, Value *>, 8> Closed;
  for (BasicBlock *BB : Trace.Live)
    for (Instruction *I : Body[BB])
      if (auto It = Trace.Closed.find(I); It != Trace.Closed.end())
        Closed.push_back({It->first, It->second});
  for (auto [Phi, Form] : Closed) {
    auto *Gep = dyn_cast<GetElementPtrInst>(Form);
    if (!Gep || !Activities->hasShadow(*Phi))
      continue;
    auto *Start = Gep->getPointerOperand();
    for (unsigned Lane = 0; Lane < Shadow->width(); ++Lane) {
      auto *P = cast<PHINode>(const_cast<Value *>(Phi));
      Value *ShadowPhi = Shadow->get(*P, Lane, *P);
      Value *ShadowStart = Shadow->get(*Start, Lane, *P);
      auto *ShadowGep = cast<GetElementPtrInst>(Gep->clone());
      ShadowGep->insertAfter(Gep);
      ShadowGep->setOperand(0, ShadowStart);
      Trace.Closed[ShadowPhi] = ShadowGep;
    }
  }
}

/// What the primal itself may write; frees of active memory are deferred, and
/// what is emitted here writes to shadows and to the tape.
void AugmentedPrimal::findWriters() {
  for (BasicBlock *BB : Trace.Live)
    for (Instruction *I : Body[BB]) {
      if (!I->mayWriteToMemory())
        continue;
      if (auto *Call = dyn_cast<CallBase>(I)) {
        const Function *Callee = directCallee(*Call);
        if (isa<LifetimeIntrinsic, AssumeInst, DbgInfoIntrinsic>(Call) ||
            Call->onlyAccessesInaccessibleMemory())
          continue;
        if (Callee && classifyCallee(*Callee) == CalleeKind::Free &&
            Activities->hasShadow(*Call->getArgOperand(0)))
          continue;
        if (Callee && classifyCallee(*Callee) == CalleeKind::Allocate)
          continue;
        if (onlyOrdersThreads(*Call))
          continue;
        // Sets errno at most.
        if (Callee && classifyCallee(*Callee) == CalleeKind::ScalarRule)
          continue;
      }
      Writers.push_back(I);
    }
}

StableMemory AugmentedPrimal::stableMemory() {
  return StableMemory(Writers, Request.CallerKeeps, KeptArgs,
                      Request.Request.Parallel,
                      Source.analyses().FAM.getResult<AAManager>(*Clone.F),
                      *Trace.DT, *Trace.LI);
}

/// What the callee may rely on finding unchanged when its reverse sweep runs.
SplitRequest AugmentedPrimal::splitRequest(const CallBase &Call,
                                           DiffRequest Callee) {
  StableMemory Memory = stableMemory();
  SplitRequest R{
      std::move(Callee), Memory.isKeptAfter(Call), {}, Request.Reusable};
  if (!R.CallerKeeps)
    for (const Use &Arg : Call.args())
      R.KeptArgs.push_back(Arg->getType()->isPointerTy() &&
                           Memory.isKeptAfter(Call, *Arg));
  return R;
}

std::function<bool(const LoadInst &)> AugmentedPrimal::stableLoads() {
  auto Memory = std::make_shared<StableMemory>(stableMemory());
  return [this, Memory](const LoadInst &Load) {
    // A shadow pointer is rewritten where the primal's pointer is. A sweep may
    // clear it where the primal fills memory, and the next one not find it.
    // With unions it is not there in sweeps.
    const Value *Primal = Shadow->shadowOf().lookup(&Load);
    if (Primal && (Request.Reusable || Request.Request.hasUnions()))
      return false;
    return Memory->isStable(Primal ? *cast<LoadInst>(Primal) : Load);
  };
}

//===----------------------------------------------------------------------===//
// After the plan
//===----------------------------------------------------------------------===//

/// True if the reverse sweep can come upon the address of \p Alloca: because it
/// asks for it, because a pointer on the tape may be that address, or because
/// the address lies in memory or with a callee, whose tape may hold it.
static bool mayBeReached(const AllocaInst &Alloca, const TapePlan &Plan,
                         const SmallPtrSetImpl<const Value *> &OnTape) {
  return Plan.isRead(Alloca) || OnTape.contains(&Alloca) ||
         PointerMayBeCaptured(&Alloca, /*ReturnCaptures=*/true);
}

void AugmentedPrimal::layOut(const TapePlan &Plan) {
  const DataLayout &DL = Clone.F->getDataLayout();
  Layout = std::make_unique<TapeLayout>(Trace);
  // With unions, what was stored to variables is looked at after the sweep.
  if (!Clone.F->doesNotThrow() || Request.Reusable ||
      Request.Request.hasUnions())
    Layout->deferRelease();
  // From here on it matters that callees keep addresses: mayBeReached() asks.
  for (auto &[Call, Active] : Calls)
    for (unsigned I = 0; I < Active.Augmented->arg_size(); ++I)
      Active.Augmented->removeParamAttr(I, Attribute::Captures);
  for (Instruction *I : Plan.recorded()) {
    Type *T = tapeType(I->getType());
    Layout->addEntry(*I, DL.getTypeAllocSize(T), tapeAlign(T, DL));
  }
  for (auto &[Call, Active] : Calls)
    if (Active.Callee.FrameSize) {
      // The augmented call names the entry: the primal one may be recorded.
      Layout->addEntry(*Active.Augmented, Active.Callee.FrameSize,
                       Active.Callee.FrameAlign);
      if (Active.Callee.Pinned)
        Layout->pin();
    }
  SmallPtrSet<const Value *, 8> OnTape;
  for (Instruction *I : Plan.recorded()) {
    SmallVector<const Value *, 4> Objects;
    if (I->getType()->isPtrOrPtrVectorTy())
      getUnderlyingObjects(I, Objects, nullptr, /*MaxLookup=*/0);
    OnTape.insert(Objects.begin(), Objects.end());
  }
  for (Instruction &I : Clone.F->getEntryBlock())
    if (auto *Alloca = dyn_cast<AllocaInst>(&I);
        Alloca && mayBeReached(*Alloca, Plan, OnTape)) {
      Layout->addMemory(*Alloca);
      Moved.push_back(Alloca);
    }
  Layout->finish();
}

void AugmentedPrimal::moveIntoFrame(AllocaInst &Alloca, TapeWriter &Writer) {
  IRBuilder<> B(&Alloca);
  Value *Memory = Writer.memory(B, Alloca);
  for (User *U : make_early_inc_range(Alloca.users()))
    if (auto *Marker = dyn_cast<LifetimeIntrinsic>(U))
      Marker->eraseFromParent();
  Memory->takeName(&Alloca);
  Alloca.replaceAllUsesWith(Memory);
}

void AugmentedPrimal::finishReturn() {
  const DiffRequest &D = Request.Request;
  auto *Return = cast<ReturnInst>(Trace.Exit->getTerminator());
  IRBuilder<> B(Return);
  Type *ResultType = Clone.F->getReturnType();
  Value *Result = nullptr;
  if (!ResultType->isVoidTy()) {
    Value *Primal = Return->getReturnValue();
    Result = B.CreateInsertValue(PoisonValue::get(ResultType), Primal, {0u});
    for (unsigned Lane = 0;
         isDup(D.Result) && containsPointer(Primal->getType()) &&
         Lane < D.Width;
         ++Lane) {
      Value *S = Shadow->get(*Primal, Lane, *Return);
      Result = D.Width == 1 ? B.CreateInsertValue(Result, S, {1u})
                            : B.CreateInsertValue(Result, S, {1u, Lane});
    }
  }
  Result ? B.CreateRet(Result) : B.CreateRetVoid();
  Return->eraseFromParent();
}

/// Puts the augmented call, with its frame, in the place of the primal one.
void AugmentedPrimal::finishCall(CallInst &Call, const ActiveCall &Active,
                                 TapeWriter &Writer) {
  CallInst *Augmented = Active.Augmented;
  InvokeInst *Invoke = Invokes.lookup(&Call);
  if (Layout->contains(*Augmented)) {
    IRBuilder<> B(Invoke ? static_cast<Instruction *>(Invoke) : Augmented);
    Augmented->setArgOperand(Augmented->arg_size() - 2,
                             Writer.address(B, *Augmented));
  }
  if (!Call.getType()->isVoidTy()) {
    IRBuilder<> B(&Call);
    Call.replaceAllUsesWith(
        B.CreateExtractValue(Augmented, {0u}, Call.getName()));
  }
  if (!Invoke)
    return;
  SmallVector<Value *, 16> Args(Augmented->args());
  auto *New = InvokeInst::Create(
      Augmented->getFunctionType(), Augmented->getCalledOperand(),
      Invoke->getNormalDest(), Invoke->getUnwindDest(), Args, "",
      Invoke->getIterator());
  Augmented->replaceAllUsesWith(New);
  Augmented->eraseFromParent();
  Invoke->eraseFromParent();
}

void AugmentedPrimal::finish(const TapePlan &Plan) {
  TapeWriter Writer(*Layout, *Clone.F, Clone.Extra[0], Clone.Extra[1]);
  Writer.begin();
  for (Instruction *I : Plan.recorded())
    Writer.record(*I);
  for (auto &[Call, Active] : Calls)
    finishCall(*Call, Active, Writer);
  if (Trace.Exit) {
    finishReturn();
    Writer.end(*Trace.Exit->getTerminator());
  }
  for (AllocaInst *Alloca : Moved)
    moveIntoFrame(*Alloca, Writer);
  for (AllocaInst *Alloca : Moved)
    Alloca->eraseFromParent();
  for (auto [Call, Invoke] : Invokes) {
    if (Calls.contains(Call))
      continue;
    if (is_contained(Erased, Call)) {
      changeToCall(Invoke)->eraseFromParent();
      continue;
    }
    Call->replaceAllUsesWith(Invoke);
    Call->eraseFromParent();
  }
  for (auto &[Call, Active] : Calls)
    Call->eraseFromParent();
  for (Instruction *I : Erased)
    I->eraseFromParent();
}

} // namespace linkgrad
