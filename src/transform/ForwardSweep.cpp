//===- ForwardSweep.cpp - Tangents from a tape ----------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/ForwardSweep.h"
#include "rules/KnownFunctions.h"
#include "rules/OpenMPCalls.h"
#include "rules/ScalarRules.h"
#include "transform/ActiveMemory.h"
#include "transform/LayoutWalk.h"
#include "transform/Tangents.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

ForwardSweep::ForwardSweep(AugmentedPrimal &Primal, const TapePlan *Plan,
                           ShadowedClone &Forward)
    : Primal(Primal), Forward(Forward), Activities(*Primal.Activities),
      Values(Primal, Plan, Forward, SweepDirection::Forward),
      B(Forward.F->getContext()) {}

Error ForwardSweep::emit() {
  if (!Primal.Trace.Exit) {
    B.SetInsertPoint(BasicBlock::Create(B.getContext(), "entry", Forward.F));
    B.CreateUnreachable();
    return Error::success();
  }
  if (Error E = checkInvokes())
    return E;
  createBlocks();
  takeArguments();
  for (BasicBlock *BB : Primal.Trace.Live) {
    beginBlock(*BB);
    for (Instruction *I : Primal.Body[BB]) {
      if (I->isTerminator() || isa<PHINode>(I))
        continue;
      B.setFastMathFlags(isa<FPMathOperator>(I) ? I->getFastMathFlags()
                                                : FastMathFlags());
      for (unsigned Lane = 0; Lane < width(); ++Lane)
        if (Error E = visit(*I, Lane))
          return E;
    }
    B.clearFastMathFlags();
    finishBlock(*BB);
  }
  finishPhis();
  if (const Instruction *User = Primal.Shadow->tableUser())
    return makeError(Reason::MixedActivity, *User,
                     "a constant table meets memory with a shadow, which split "
                     "forward mode cannot tell apart",
                     "use __enzyme_fwddiff");
  return Primal.Shadow->takeError();
}

/// The tape does not say by which way a call was left.
Error ForwardSweep::checkInvokes() const {
  const auto &Live = Primal.Trace.LiveSet;
  for (BasicBlock *BB : Primal.Trace.Live)
    if (auto *Invoke = dyn_cast<InvokeInst>(BB->getTerminator());
        Invoke && Live.contains(Invoke->getNormalDest()) &&
        Live.contains(Invoke->getUnwindDest()))
      return makeError(Reason::UnsupportedRequest, *Invoke,
                       "split forward mode behind a call whose exception is "
                       "caught is not supported",
                       "use __enzyme_fwddiff");
  return Error::success();
}

/// A zero where there is none.
Value *ForwardSweep::tangent(Value &V, unsigned Lane) const {
  Value *Known = Tangents.lookup({&V, Lane});
  return Known ? Known : Constant::getNullValue(V.getType());
}

//===----------------------------------------------------------------------===//
// The path
//===----------------------------------------------------------------------===//

void ForwardSweep::createBlocks() {
  LLVMContext &C = B.getContext();
  BasicBlock *Entry = BasicBlock::Create(C, "entry", Forward.F);
  for (BasicBlock *BB : Primal.Trace.Live)
    Blocks[BB] = BasicBlock::Create(C, "forward." + BB->getName(), Forward.F);
  B.SetInsertPoint(Entry);
  Values.begin(B);
  B.CreateBr(Blocks[Primal.Trace.Live.front()]);
}

/// The tangents of the Active parameters come behind all parameters.
void ForwardSweep::takeArguments() {
  unsigned Next = 0;
  for (auto [A, Arg] : zip(Primal.Request.Request.Args, Primal.Clone.Primals))
    for (unsigned Lane = 0; A == Activity::Active && Lane < width(); ++Lane)
      set(*Arg, Lane, Forward.Extra[Next++]);
}

void ForwardSweep::beginBlock(BasicBlock &BB) {
  B.SetInsertPoint(Blocks[&BB]);
  for (Instruction *I : Primal.Body[&BB]) {
    auto *Phi = dyn_cast<PHINode>(I);
    if (!Phi)
      break;
    for (unsigned Lane = 0; isActive(*Phi) && Lane < width(); ++Lane) {
      PHINode *T = B.CreatePHI(Phi->getType(), Phi->getNumIncomingValues(),
                               Phi->getName() + ".tangent");
      set(*Phi, Lane, T);
      Phis.push_back({Phi, T, Lane});
    }
  }
  const LoopInfo &LI = *Primal.Trace.LI;
  if (const Loop *L = LI.getLoopFor(&BB); L && L->getHeader() == &BB) {
    PHINode *Counter = B.CreatePHI(B.getInt64Ty(), 2, "counter");
    B.CreateStore(Counter, Values.counter(L));
    Counters.push_back({L, Counter});
  }
  for (const LoopTrace &L : Primal.Trace.Loops)
    if (L.LastValue.contains(&BB))
      Values.leaveLoop(B, L.L);
}

void ForwardSweep::finishBlock(BasicBlock &BB) {
  if (&BB == Primal.Trace.Exit)
    returnTangents();
  else
    branch(BB, *BB.getTerminator());
}

/// To where the primal went. Blocks that do not lead to the end are left out.
void ForwardSweep::branch(BasicBlock &BB, Instruction &Terminator) {
  SmallSetVector<BasicBlock *, 4> Live;
  for (BasicBlock *S : successors(&BB))
    if (Primal.Trace.LiveSet.contains(S))
      Live.insert(S);
  if (Live.size() == 1) {
    B.CreateBr(Blocks[Live.front()]);
    return;
  }
  if (auto *Branch = dyn_cast<BranchInst>(&Terminator)) {
    B.CreateCondBr(condition(BB, *Branch), Blocks[Branch->getSuccessor(0)],
                   Blocks[Branch->getSuccessor(1)]);
    return;
  }
  auto &Switch = cast<SwitchInst>(Terminator);
  BasicBlock *Default = Blocks.lookup(Switch.getDefaultDest());
  auto *New = B.CreateSwitch(Values.get(B, *Switch.getCondition()),
                             Default ? Default : Blocks[Live.front()]);
  for (auto Case : Switch.cases())
    if (BasicBlock *To = Blocks.lookup(Case.getCaseSuccessor()))
      New->addCase(Case.getCaseValue(), To);
}

/// A loop that is left in one place only is left when its counter has the last
/// value, which the reverse sweep reads too. That is one number for each time
/// that the loop is run; the conditions would be one for each iteration.
Value *ForwardSweep::condition(BasicBlock &BB, BranchInst &Branch) {
  const Loop *L = Primal.Trace.LI->getLoopFor(&BB);
  SmallVector<Loop::Edge, 4> Exits;
  if (L)
    L->getExitEdges(Exits);
  erase_if(Exits, [&](const Loop::Edge &E) {
    return !Primal.Trace.LiveSet.contains(E.second);
  });
  if (Exits.size() != 1 || Exits.front().first != &BB)
    return Values.get(B, *Branch.getCondition());
  BasicBlock *Exit = Exits.front().second;
  Value *Last =
      Values.get(B, *Primal.Trace.trace(L).LastValue.find(Exit)->second);
  Value *Counter = B.CreateLoad(B.getInt64Ty(), Values.counter(L), "counter");
  return Branch.getSuccessor(0) == Exit
             ? B.CreateICmpEQ(Counter, Last, "is.last")
             : B.CreateICmpNE(Counter, Last, "is.not.last");
}

void ForwardSweep::finishPhis() {
  DenseMap<const BasicBlock *, BasicBlock *> PrimalBlock;
  for (BasicBlock *BB : Primal.Trace.Live)
    PrimalBlock[Blocks[BB]] = BB;
  for (auto [Phi, T, Lane] : Phis)
    for (BasicBlock *Pred : predecessors(T->getParent()))
      T->addIncoming(
          tangent(*Phi->getIncomingValueForBlock(PrimalBlock[Pred]), Lane),
          Pred);
  for (auto [L, Counter] : Counters)
    for (BasicBlock *Pred : predecessors(Counter->getParent())) {
      bool IsLatch = PrimalBlock[Pred] == L->getLoopLatch();
      B.SetInsertPoint(Pred->getTerminator());
      Counter->addIncoming(
          IsLatch ? B.CreateAdd(Counter, B.getInt64(1), "counter.next")
                  : B.getInt64(0),
          Pred);
    }
}

void ForwardSweep::returnTangents() {
  const DiffRequest &D = Primal.Request.Request;
  Value *Returned =
      cast<ReturnInst>(Primal.Trace.Exit->getTerminator())->getReturnValue();
  if (!resultAdjointType(D)) {
    B.CreateRetVoid();
    return;
  }
  Value *Result = PoisonValue::get(Forward.F->getReturnType());
  for (unsigned Lane = 0; Lane < width(); ++Lane)
    Result =
        width() == 1
            ? B.CreateInsertValue(Result, tangent(*Returned, Lane), {0u})
            : B.CreateInsertValue(Result, tangent(*Returned, Lane), {0u, Lane});
  B.CreateRet(Result);
}

//===----------------------------------------------------------------------===//
// Instructions
//===----------------------------------------------------------------------===//

Error ForwardSweep::visit(Instruction &I, unsigned Lane) {
  if (auto *Call = dyn_cast<CallBase>(&I))
    return visitCall(*Call, Lane);
  if (auto *Store = dyn_cast<StoreInst>(&I)) {
    visitStore(*Store, Lane);
    return Error::success();
  }
  if (auto *Atomic = dyn_cast<AtomicRMWInst>(&I)) {
    if (isAtomicSum(I)) // Others are sums of integers, or refused.
      visitAtomicSum(*Atomic, Lane);
    return Error::success();
  }
  if (!isActive(I))
    return Error::success();
  if (visitRule(I, Lane))
    return Error::success();
  if (auto *Load = dyn_cast<LoadInst>(&I))
    visitLoad(*Load, Lane);
  else if (isa<FPExtInst, FPTruncInst>(I))
    set(I, Lane, B.CreateFPCast(tangent(*I.getOperand(0), Lane), I.getType()));
  else
    visitMove(I, Lane);
  return Error::success();
}

bool ForwardSweep::visitRule(Instruction &I, unsigned Lane) {
  const ScalarRule *Rule = ScalarRule::find(I);
  if (!Rule)
    return false;
  set(I, Lane,
      emitRuleTangent(
          B, I, *Rule, [&](Value &V) { return Tangents.lookup({&V, Lane}); },
          [&](Value &V) { return Values.get(B, V); }));
  return true;
}

/// What is left moves values without computing with them; the rehearsal of the
/// reverse sweep has refused everything else.
void ForwardSweep::visitMove(Instruction &I, unsigned Lane) {
  Instruction *T = cloneOnShadows(
      I, [&](Value &V) { return tangent(V, Lane); },
      [&](Value &V) { return Values.get(B, V); });
  T->setDebugLoc(DebugLoc());
  set(I, Lane, B.Insert(T, I.getName() + ".tangent"));
}

void ForwardSweep::visitLoad(LoadInst &Load, unsigned Lane) {
  Value &P = *Load.getPointerOperand();
  Value *Ptr = Values.address(B, Load, Lane);
  if (Activities.mayLackShadow(P) && !Activities.mayBeFar(P))
    Ptr = shadowOrElse(B, *Values.get(B, P), Ptr, zeroFor(Load));
  auto *T = B.CreateAlignedLoad(Load.getType(), Ptr, shadowAlign(Load),
                                Load.getName() + ".tangent");
  T->setAAMetadata(Load.getAAMetadata());
  set(Load, Lane, T);
}

void ForwardSweep::visitStore(StoreInst &Store, unsigned Lane) {
  Value &V = *Store.getValueOperand();
  if (!Activities.hasShadow(*Store.getPointerOperand()) ||
      containsPointer(V.getType()) ||
      (!Activities.kinds().adjointType(V) &&
       !overwritesByInteger(Store, Activities)))
    return;
  Value *Ptr = Values.address(B, Store, Lane);
  auto *T = B.CreateAlignedStore(tangent(V, Lane), Ptr, shadowAlign(Store));
  T->setAAMetadata(Store.getAAMetadata());
}

/// The same sum of tangents.
void ForwardSweep::visitAtomicSum(AtomicRMWInst &I, unsigned Lane) {
  if (!Activities.hasShadow(*I.getPointerOperand()))
    return;
  Value *Ptr = Values.shadow(B, *I.getPointerOperand(), Lane, I);
  set(I, Lane,
      B.CreateAtomicRMW(I.getOperation(), Ptr,
                        tangent(*I.getValOperand(), Lane), I.getAlign(),
                        AtomicOrdering::Monotonic, I.getSyncScopeID()));
}

Error ForwardSweep::visitCall(CallBase &Call, unsigned Lane) {
  if (auto It = Primal.Calls.find(dyn_cast<CallInst>(&Call));
      It != Primal.Calls.end()) {
    if (Lane == 0) // All lanes at once.
      return visitActiveCall(cast<CallInst>(Call), It->second);
    return Error::success();
  }
  if (Primal.Stopped.contains(&Call))
    return Error::success();
  if (openMPKind(Call) != OpenMPCall::None)
    return makeError(Reason::UnsupportedCall, Call,
                     "split forward mode of OpenMP's parallel regions");
  const Function *Callee = directCallee(Call);
  switch (Callee ? classifyCallee(*Callee) : CalleeKind::Unknown) {
  case CalleeKind::MemoryIntrinsic:
    return visitMemory(Call, Lane);
  case CalleeKind::Allocate:
    Values.clearZeroedMemory(B, Call, Lane);
    return Error::success();
  default:
    break;
  }
  if (!isActive(Call) || visitRule(Call, Lane))
    return Error::success();
  return makeError(Reason::UnsupportedCall, Call,
                   "no derivative rule for this active call");
}

Error ForwardSweep::visitMemory(CallBase &Call, unsigned Lane) {
  auto Effect = describeMemoryEffect(Call, Activities);
  if (!Effect)
    return Effect.takeError();
  if (!*Effect)
    return Error::success();
  const MemoryEffect &M = **Effect;
  if (M.Src && !M.Layout.hasFloats())
    return Error::success();
  Value *Length = Values.get(B, *M.Length);
  auto [Dst, Src] = Values.addresses(B, *M.Dst, M.Src, Length, Lane, Call);
  if (!Src) {
    emitClearedFloats(B, M.Layout, Dst, Length);
    return Error::success();
  }
  if (M.Layout.hasPointers())
    emitLayoutAction(B, LayoutAction::CopyFloats, M.Layout, Dst, Src, Length);
  else
    B.CreateMemMove(Dst, MaybeAlign(), Src, MaybeAlign(), Length);
  return Error::success();
}

/// The callee's own forward sweep, with the frame that its augmented form left.
Error ForwardSweep::visitActiveCall(CallInst &Call, const ActiveCall &Active) {
  const DiffRequest &R = Active.Request;
  const SplitDerivative &Callee = Active.Callee;
  if (!Callee.Forward)
    return addNote(Callee.whyNoForward(*R.Primal),
                   "called here: " + callDescription(Call));
  SmallVector<Value *, 16> Args = Values.arguments(B, Call, Active);
  for (unsigned I = 0; I < Call.arg_size(); ++I)
    for (unsigned Lane = 0; R.Args[I] == Activity::Active && Lane < width();
         ++Lane)
      Args.push_back(tangent(*Call.getArgOperand(I), Lane));
  Args.push_back(Values.frame(B, Active));
  Value *Result = B.CreateCall(Callee.Forward, Args);
  for (unsigned Lane = 0; resultAdjointType(R) && Lane < width(); ++Lane)
    set(Call, Lane,
        width() == 1 ? B.CreateExtractValue(Result, {0u})
                     : B.CreateExtractValue(Result, {0u, Lane}));
  return Error::success();
}

} // namespace linkgrad
