//===- ForwardMode.cpp - Tangents beside the primal -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tangent function is the primal with a shadow beside each active value:
// for structural instructions the same instruction on shadows, for arithmetic
// the sum of its row's maps. There is no tape.
//
//===----------------------------------------------------------------------===//

#include "analysis/MemoryOperands.h"
#include "prepare/AnalysisManagers.h"
#include "rules/KnownFunctions.h"
#include "rules/ScalarRules.h"
#include "support/Options.h"
#include "transform/ActiveMemory.h"
#include "transform/CaughtExceptions.h"
#include "transform/Shadows.h"
#include "transform/Speculation.h"
#include "transform/SplitDerivative.h"
#include "transform/StringCalls.h"
#include "transform/Tangents.h"
#include "transform/Teams.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

namespace {

class ForwardMode {
public:
  ForwardMode(const DiffRequest &R, ShadowedClone &Clone,
              DerivativeSource &Source)
      : R(R), Clone(Clone), Source(Source), Types(knownTypes(Clone, R, Source)),
        Kinds(Types), Activities(*Clone.F, Clone.Args, R, Kinds),
        Shadow(Clone, Activities, DiffMode::Forward, R.Width) {}

  Error run() {
    if (raw_ostream *OS = Source.options().PrintActivity)
      Activities.print(*OS);
    SmallVector<Instruction *, 64> Body;
    for (BasicBlock *BB : ReversePostOrderTraversal<Function *>(Clone.F))
      for (Instruction &I : *BB)
        Body.push_back(&I);
    for (Instruction *I : Body)
      if (Error E = visit(*I))
        return E;
    Shadow.finishPhis();
    noteMovedBytes(Clone, R, Types, Source);
    for (auto [Call, Primal] : Primals)
      Call->replaceAllUsesWith(Primal);
    for (Instruction *I : Replaced)
      I->eraseFromParent();
    return Shadow.takeError();
  }

private:
  Error visit(Instruction &I);
  Error visitStore(StoreInst &Store);
  Error visitCall(CallBase &Call);
  Error visitMemory(CallBase &Call);
  Error visitActiveCall(CallBase &Call);
  Error stopAt(CallBase &Call, Error E, bool MayInline = true);
  void visitRule(Instruction &I, const ScalarRule &Rule);
  void visitCast(Instruction &I);
  void visitAtomicSum(AtomicRMWInst &I);
  void visitReturn(ReturnInst &Return);

  const DiffRequest &R;
  ShadowedClone &Clone;
  DerivativeSource &Source;
  TypeTrees Types;
  ValueKinds Kinds;
  ActivityAnalysis Activities;
  Shadows Shadow;
  SmallVector<Instruction *, 4> Replaced;
  /// Active calls and the primal results that stand for them at the end; until
  /// then the analyses know them as the calls.
  SmallVector<std::pair<CallBase *, Value *>, 4> Primals;
};

} // namespace

static IRBuilder<> builderAfter(Instruction &I) {
  return IRBuilder<>(I.getParent(), std::next(I.getIterator()));
}

/// dr = sum of map_i(dx_i) over the active operands.
void ForwardMode::visitRule(Instruction &I, const ScalarRule &Rule) {
  auto B = builderAfter(I);
  if (isa<FPMathOperator>(I))
    B.setFastMathFlags(I.getFastMathFlags());
  for (unsigned Lane = 0; Lane < R.Width; ++Lane)
    Shadow.set(I, Lane,
               emitRuleTangent(
                   B, I, Rule,
                   [&](Value &V) {
                     return Shadow.has(V) ? Shadow.get(V, Lane, I) : nullptr;
                   },
                   [](Value &V) { return &V; }));
}

/// Conversions between floating-point types are linear.
void ForwardMode::visitCast(Instruction &I) {
  auto B = builderAfter(I);
  for (unsigned Lane = 0; Lane < R.Width; ++Lane)
    Shadow.set(
        I, Lane,
        B.CreateFPCast(Shadow.get(*I.getOperand(0), Lane, I), I.getType()));
}

/// The same sum of tangents.
void ForwardMode::visitAtomicSum(AtomicRMWInst &I) {
  for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
    auto *S = cast<AtomicRMWInst>(I.clone());
    S->insertAfter(&I);
    S->setOperand(0, Shadow.get(*I.getPointerOperand(), Lane, I));
    S->setOperand(1, Shadow.get(*I.getValOperand(), Lane, I));
    Shadow.set(I, Lane, S);
  }
}

Error ForwardMode::visitStore(StoreInst &Store) {
  if (Error E = checkActiveStore(Store, Activities))
    return E;
  Value &V = *Store.getValueOperand(), &Ptr = *Store.getPointerOperand();
  if (!Activities.hasShadow(Ptr))
    return Error::success();
  bool Clears = overwritesByInteger(Store, Activities);
  if (!Clears && !Kinds.adjointType(V) && !Kinds.carriesPointer(V))
    return Error::success();
  for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
    IRBuilder<> B(&Store);
    Value *S = Clears ? Constant::getNullValue(V.getType())
                      : Shadow.get(V, Lane, Store);
    auto *New = B.CreateAlignedStore(S, Shadow.address(B, Store, Lane),
                                     shadowAlign(Store));
    New->setAAMetadata(Store.getAAMetadata());
  }
  return Error::success();
}

/// The same on shadow memory, except that a fill makes constants, whose
/// tangents are zero.
Error ForwardMode::visitMemory(CallBase &Call) {
  MemoryOperands Ops(Call);
  auto Effect = describeMemoryEffect(Call, Activities);
  if (!Activities.hasShadow(*Ops.Dst)) {
    if (!Effect)
      return Effect.takeError();
    return Error::success();
  }
  // A constant table has shadows of the pointers in it.
  bool Copies = Ops.Src && (Activities.hasShadow(*Ops.Src) || !Effect ||
                            (*Effect)->Layout.hasPointers());
  if (!Effect)
    consumeError(Effect.takeError()); // Everything is copied, then.
  else if (*Effect && (*Effect)->Layout.hasOnlyIntegers())
    return Error::success(); // Text, which need not have a shadow.
  for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
    IRBuilder<> B(&Call);
    Value *Length = B.CreateZExtOrTrunc(Ops.Length, B.getInt64Ty());
    auto [Dst, Src] =
        Shadow.addresses(B, *Ops.Dst, Ops.Src, Length, Lane, Call);
    if (!Copies)
      B.CreateMemSet(Dst, B.getInt8(0), Length, MaybeAlign());
    else
      B.CreateMemMove(Dst, MaybeAlign(),
                      Src ? Src : Shadow.get(*Ops.Src, Lane, Call),
                      MaybeAlign(), Length);
  }
  return Error::success();
}

Error ForwardMode::visitActiveCall(CallBase &Call) {
  if (Error E = checkCaught(Call, dyn_cast<InvokeInst>(&Call)))
    return stopAt(Call, std::move(E));
  auto Request =
      describeActiveCall(Call, Activities, DiffMode::Forward, R.Width);
  if (!Request)
    return stopAt(Call, Request.takeError());
  Request->ReturnPrimal = !Call.getType()->isVoidTy();
  Request->RuntimeActivity = R.RuntimeActivity;
  Request->Parallel = R.Parallel;
  auto Callee = Source.forward(*Request);
  if (Callee) {
    if (Error E = tellFloats(Call, *Request, *R.Primal, Types, Source))
      return E;
    if (Request->KnownFloats)
      Callee = Source.forward(*Request);
  }
  if (!Callee)
    return stopAt(
        Call,
        addNote(Callee.takeError(), "called here: " + callDescription(Call)),
        /*MayInline=*/!stopsIfMisread(Call, *Request, Source));
  if (Error E = checkMisread(Call, Activities, Source))
    return stopAt(Call, std::move(E), /*MayInline=*/!isSpeculative(Call));
  IRBuilder<> B(&Call);
  SmallVector<Value *, 16> Args;
  for (unsigned I = 0; I < Call.arg_size(); ++I) {
    Args.push_back(Call.getArgOperand(I));
    for (unsigned Lane = 0; isDup(Request->Args[I]) && Lane < R.Width; ++Lane)
      Args.push_back(Shadow.get(*Call.getArgOperand(I), Lane, Call));
  }
  Value *Result = nullptr;
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call))
    Result = B.CreateInvoke(*Callee, Invoke->getNormalDest(),
                            Invoke->getUnwindDest(), Args);
  else
    Result = B.CreateCall(*Callee, Args);
  setPointBehind(B, Call);
  Replaced.push_back(&Call);
  if (Request->ReturnPrimal) {
    for (unsigned Lane = 0; isDup(Request->Result) && Lane < R.Width; ++Lane)
      Shadow.set(Call, Lane,
                 R.Width == 1 ? B.CreateExtractValue(Result, {1u})
                              : B.CreateExtractValue(Result, {1u, Lane}));
    Primals.push_back({&Call, B.CreateExtractValue(Result, {0u})});
  }
  return Error::success();
}

/// A call that cannot be differentiated: it may be one that never happens.
Error ForwardMode::stopAt(CallBase &Call, Error E, bool MayInline) {
  if ((MayInline && Source.inlinesInstead(*R.Primal, Call, E)) ||
      Source.countsGlobalPointersInstead(R, E) || !isSpeculative(Call))
    return E;
  IRBuilder<> B(&Call);
  emitStop(B, std::move(E));
  for (unsigned Lane = 0; Shadow.has(Call) && Lane < R.Width; ++Lane)
    Shadow.set(Call, Lane, Constant::getNullValue(Call.getType()));
  return Error::success();
}

Error ForwardMode::visitCall(CallBase &Call) {
  const Function *Callee = directCallee(Call);
  if (Error E = checkOpenMP(Call))
    return E;
  switch (Callee ? classifyCallee(*Callee) : CalleeKind::Unknown) {
  case CalleeKind::Inactive:
    if (Error E = checkThrower(Call, dyn_cast<InvokeInst>(&Call), Activities))
      return stopAt(Call, std::move(E));
    if (Error E = checkInactiveCall(Call, Activities))
      return E;
    return emitStringCall(Call, Shadow, Activities);
  case CalleeKind::ScalarRule:
    if (!Shadow.has(Call))
      return Error::success();
    if (const ScalarRule *Rule = ScalarRule::find(Call)) {
      visitRule(Call, *Rule);
      return Error::success();
    }
    return makeError(Reason::UnsupportedCall, Call,
                     "no derivative rule for this active call");
  case CalleeKind::Allocate:
    return Activities.hasShadow(Call) ? emitShadowAllocation(Call, Shadow)
                                      : Error::success();
  case CalleeKind::MemoryIntrinsic:
    return visitMemory(Call);
  case CalleeKind::UsableSize:
    emitUsableSize(Call, Shadow, Activities);
    return Error::success();
  case CalleeKind::Mirrored:
    return emitMirroredCall(Call, Shadow, Activities);
  case CalleeKind::Free: {
    Value &Memory = *Call.getArgOperand(0);
    if (!Activities.hasShadow(Memory))
      return Error::success();
    for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
      auto *Free = cast<CallBase>(Call.clone());
      Free->insertBefore(Call.getIterator());
      IRBuilder<> B(Free);
      Free->setArgOperand(0, Shadow.freed(B, Memory, Lane, Call));
    }
    return Error::success();
  }
  case CalleeKind::Unknown:
    break;
  }
  return Activities.isActiveCall(Call) ? visitActiveCall(Call)
                                       : Error::success();
}

void ForwardMode::visitReturn(ReturnInst &Return) {
  IRBuilder<> B(&Return);
  Type *T = Clone.F->getReturnType();
  Value *Result = T->isVoidTy() ? nullptr : PoisonValue::get(T);
  unsigned Field = 0;
  Value *Primal = Return.getReturnValue();
  if (Result && R.ReturnPrimal)
    Result = B.CreateInsertValue(Result, Primal, {Field++});
  for (unsigned Lane = 0; Result && isDup(R.Result) && Lane < R.Width; ++Lane) {
    Value *S = Shadow.get(*Primal, Lane, Return);
    Result = R.Width == 1 ? B.CreateInsertValue(Result, S, {Field})
                          : B.CreateInsertValue(Result, S, {Field, Lane});
  }
  Result ? B.CreateRet(Result) : B.CreateRetVoid();
  Replaced.push_back(&Return);
}

Error ForwardMode::visit(Instruction &I) {
  if (Error E = checkMixedPointers(I, Activities))
    return E;
  if (Error E = checkBits(I, Activities))
    return E;
  if (Error E = checkText(I, Activities))
    return E;
  if (Error E = checkAddressBits(I, Activities))
    return E;
  if (needsShadow(I, Activities, R.Parallel))
    Shadow.stopIfFar(I);
  if (R.Parallel)
    if (Error E = checkInTeam(I, Activities, DiffMode::Forward))
      return E;
  if (auto *Call = dyn_cast<CallBase>(&I))
    return visitCall(*Call);
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return visitStore(*Store);
  if (auto *Return = dyn_cast<ReturnInst>(&I)) {
    visitReturn(*Return);
    return Error::success();
  }
  if (Shadow.emitStructural(I))
    return Error::success();
  if (isa<AtomicRMWInst, AtomicCmpXchgInst>(I)) {
    if (Error E = checkAtomic(I, Activities))
      return E;
    if (isAtomicSum(I) && Activities.hasShadow(*I.getOperand(0))) {
      visitAtomicSum(cast<AtomicRMWInst>(I));
      return Error::success();
    }
  }
  if (!Shadow.has(I))
    return Error::success();
  if (const ScalarRule *Rule = ScalarRule::find(I)) {
    visitRule(I, *Rule);
    return Error::success();
  }
  if (isa<FPExtInst, FPTruncInst>(I)) {
    visitCast(I);
    return Error::success();
  }
  return makeError(Reason::UnsupportedInstruction, I,
                   "no derivative rule for this active instruction");
}

Error buildForwardBody(ShadowedClone &Clone, const DiffRequest &R,
                       DerivativeSource &Source) {
  return ForwardMode(R, Clone, Source).run();
}

} // namespace linkgrad
