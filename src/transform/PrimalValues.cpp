//===- PrimalValues.cpp - The primal as a sweep sees it -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/PrimalValues.h"
#include "rules/Allocations.h"
#include "transform/ActiveMemory.h"
#include "transform/FarMemory.h"
#include "transform/LayoutWalk.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

PrimalValues::PrimalValues(AugmentedPrimal &Primal, const TapePlan *Plan,
                           const ShadowedClone &Sweep, SweepDirection Direction)
    : Primal(Primal), Plan(Plan), Sweep(Sweep) {
  if (Plan)
    Tape = std::make_unique<TapeReader>(*Primal.Layout, Sweep.Extra.back(),
                                        Direction);
}

void PrimalValues::begin(IRBuilderBase &B) {
  for (const LoopTrace &L : Primal.Trace.Loops) {
    auto *Slot = B.CreateAlloca(B.getInt64Ty(), nullptr, "counter");
    Counters[L.L] = Slot;
    LoopOfCounter[L.Counter] = L.L;
  }
  if (Tape)
    Tape->begin(B);
}

void PrimalValues::end(IRBuilderBase &B) {
  if (Tape)
    Tape->end(B);
}

Value *PrimalValues::loopCounter(IRBuilderBase &B, const Loop *L) {
  return L ? B.CreateLoad(B.getInt64Ty(), Counters[L], "counter") : nullptr;
}

void PrimalValues::enterLoop(IRBuilderBase &B, const Loop *L, Value *Last) {
  B.CreateStore(Last, Counters[L]);
  if (Tape)
    Tape->passLoop(B, L, B.CreateAdd(Last, B.getInt64(1), "iterations"));
}

void PrimalValues::leaveLoop(IRBuilderBase &B, const Loop *L) {
  if (Tape)
    Tape->passLoop(B, L,
                   B.CreateAdd(loopCounter(B, L), B.getInt64(1), "iterations"));
}

Value *PrimalValues::frame(IRBuilderBase &B, const ActiveCall &Call) {
  if (!Call.Callee.FrameSize || !Tape)
    return PoisonValue::get(B.getPtrTy());
  const Loop *L = Primal.Trace.LI->getLoopFor(Call.Augmented->getParent());
  return Tape->address(B, *Call.Augmented, loopCounter(B, L));
}

Value *PrimalValues::recorded(IRBuilderBase &B, Instruction &I) {
  const Loop *L = Primal.Trace.LI->getLoopFor(I.getParent());
  Type *T = I.getType(), *Stored = tapeType(T);
  Align A = tapeAlign(Stored, I.getDataLayout());
  Value *V = B.CreateAlignedLoad(Stored, Tape->address(B, I, loopCounter(B, L)),
                                 A, I.getName());
  return Stored == T ? V : B.CreateTrunc(V, T);
}

/// Recomputes \p I where the sweep is now. Operands are brought in first, by
/// an explicit stack: chains can be long.
Value *PrimalValues::recompute(IRBuilderBase &B, Instruction &I) {
  BasicBlock *BB = B.GetInsertBlock();
  SmallVector<Instruction *, 16> Stack = {&I};
  while (!Stack.empty()) {
    Instruction *Next = Stack.back();
    if (Cache.contains({BB, Next})) {
      Stack.pop_back();
      continue;
    }
    bool Ready = true;
    for (Value *Op : Next->operands()) {
      Value *C = closedForm(Op, Primal.Trace);
      auto *OpI = dyn_cast<Instruction>(C);
      if (OpI && Plan->source(*OpI) == TapePlan::Source::Recompute &&
          !Cache.contains({BB, OpI})) {
        Stack.push_back(OpI);
        Ready = false;
      }
    }
    if (!Ready)
      continue;
    Stack.pop_back();
    Instruction *Copy = Next->clone();
    for (Use &Op : Copy->operands())
      Op.set(get(B, *Op.get()));
    // In a sweep the facts that metadata states still hold: the operands have
    // the same values, and the memory the same contents.
    Copy->setDebugLoc(DebugLoc());
    B.Insert(Copy, Next->getName());
    Cache[{BB, Next}] = Copy;
  }
  return Cache.lookup({BB, &I});
}

Value *PrimalValues::get(IRBuilderBase &B, Value &Asked) {
  Value &V = *closedForm(&Asked, Primal.Trace);
  if (isa<Constant, MetadataAsValue, InlineAsm>(V))
    return &V;
  if (!Plan) {
    Needed.insert(&V);
    return PoisonValue::get(V.getType());
  }
  if (auto *A = dyn_cast<Argument>(&V))
    return Sweep.F->getArg(A->getArgNo());
  if (auto It = LoopOfCounter.find(&V); It != LoopOfCounter.end())
    return loopCounter(B, It->second);
  auto &I = cast<Instruction>(V);
  if (Value *Known = Cache.lookup({B.GetInsertBlock(), &I}))
    return Known;
  Value *Result = nullptr;
  if (auto *Alloca = dyn_cast<AllocaInst>(&I))
    Result = Tape->memory(B, *Alloca);
  else if (Plan->source(I) == TapePlan::Source::Record)
    Result = recorded(B, I);
  else
    Result = recompute(B, I);
  Cache[{B.GetInsertBlock(), &I}] = Result;
  return Result;
}

Value *PrimalValues::shadow(IRBuilderBase &B, Value &V, unsigned Lane,
                            const Instruction &User) {
  return get(B, *Primal.Shadow->get(V, Lane, User));
}

Value *PrimalValues::address(IRBuilderBase &B, Value &Ptr, Value *Bytes,
                             unsigned Lane, const Instruction &User) {
  Value *Shadow = shadow(B, Ptr, Lane, User);
  return Primal.Activities->mayBeFar(Ptr)
             ? emitFarAddress(B, get(B, Ptr), Shadow, Bytes, Lane)
             : Shadow;
}

Value *PrimalValues::address(IRBuilderBase &B, const Instruction &Access,
                             unsigned Lane) {
  uint64_t Size =
      Access.getDataLayout().getTypeStoreSize(getLoadStoreType(&Access));
  auto *Ptr = const_cast<Value *>(getLoadStorePointerOperand(&Access));
  return address(B, *Ptr, B.getInt64(Size), Lane, Access);
}

std::pair<Value *, Value *> PrimalValues::addresses(IRBuilderBase &B,
                                                    Value &Dst, Value *Src,
                                                    Value *Bytes, unsigned Lane,
                                                    const Instruction &User) {
  return copyAddresses(Dst, Src, *Primal.Activities, [&](Value &Ptr) {
    return address(B, Ptr, Bytes, Lane, User);
  });
}

SmallVector<Value *, 16> PrimalValues::arguments(IRBuilderBase &B,
                                                 CallInst &Call,
                                                 const ActiveCall &Active) {
  const SplitDerivative &Callee = Active.Callee;
  SmallVector<Value *, 16> Args;
  auto AddArg = [&](auto GetValue, Type *T) {
    bool Read = Callee.Reads.empty() || Callee.Reads.test(Args.size());
    Args.push_back(Read ? GetValue() : PoisonValue::get(T));
  };
  for (unsigned I = 0; I < Call.arg_size(); ++I) {
    Value &Arg = *Call.getArgOperand(I);
    AddArg([&] { return get(B, Arg); }, Arg.getType());
    for (unsigned Lane = 0;
         isDup(Active.Request.Args[I]) && Lane < Primal.Shadow->width(); ++Lane)
      AddArg([&] { return shadow(B, Arg, Lane, Call); }, Arg.getType());
  }
  return Args;
}

void PrimalValues::clearZeroedMemory(IRBuilderBase &B, CallBase &Call,
                                     unsigned Lane) {
  std::optional<MemoryLayout> Layout =
      describeZeroedMemory(Call, *Primal.Activities);
  if (!Layout)
    return;
  Value *Length =
      emitAllocationSize(B, *getAllocationInfo(Call), [&](unsigned I) {
        return get(B, *Call.getArgOperand(I));
      });
  emitClearedFloats(B, *Layout, shadow(B, Call, Lane, Call), Length);
}

} // namespace linkgrad
