//===- ReverseSweep.cpp - Adjoints of instructions ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/ReverseSweep.h"
#include "rules/KnownFunctions.h"
#include "rules/OpenMPCalls.h"
#include "rules/ScalarRules.h"
#include "transform/ActiveMemory.h"
#include "transform/LayoutWalk.h"
#include "transform/Speculation.h"
#include "transform/UnionMemory.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace linkgrad {

ReverseSweep::ReverseSweep(AugmentedPrimal &Primal, const TapePlan *Plan,
                           ShadowedClone &Reverse)
    : Primal(Primal), Reverse(Reverse), Activities(*Primal.Activities),
      Values(Primal, Plan, Reverse, SweepDirection::Reverse),
      Adjoint(*Reverse.F, Activities), B(Reverse.F->getContext()) {}

Value *ReverseSweep::zeroOf(const Value &V) const {
  return Constant::getNullValue(Activities.kinds().adjointType(V));
}

/// Instructions that are differentiated by their effect on memory or by their
/// callee; all others matter only if their result is active.
static bool actsOnMemory(const Instruction &I) {
  return isa<StoreInst, CallBase, AtomicRMWInst>(I);
}

Error ReverseSweep::emit() {
  if (!Primal.Trace.Exit) {
    // The primal never returns, so neither does its augmented form.
    B.SetInsertPoint(BasicBlock::Create(B.getContext(), "entry", Reverse.F));
    B.CreateUnreachable();
    return Error::success();
  }
  createBlocks();
  seedResult();
  for (BasicBlock *BB : reverse(Primal.Trace.Live)) {
    B.SetInsertPoint(Blocks[BB]);
    for (Instruction *I : reverse(Primal.Body[BB])) {
      if (isa<PHINode, LoadInst, SelectInst, FreezeInst>(I))
        if (Error E = checkAdjoint(*I))
          return E;
      if (I->isTerminator() || isa<PHINode>(I) ||
          (!actsOnMemory(*I) && !isActive(*I)))
        continue;
      B.setFastMathFlags(isa<FPMathOperator>(I) ? I->getFastMathFlags()
                                                : FastMathFlags());
      for (unsigned Lane = 0; Lane < Primal.Shadow->width(); ++Lane)
        if (Error E = visit(*I, Lane))
          return E;
    }
    B.clearFastMathFlags();
    finishBlock(*BB);
  }
  return Primal.Shadow->takeError();
}

/// An integer with the bits of a part of a float, or of several, has no
/// adjoint.
Error ReverseSweep::checkAdjoint(Instruction &I) {
  if (!isActive(I) || Activities.kinds().adjointType(I))
    return Error::success();
  return makeError(Reason::UnsupportedInstruction, I,
                   "active integer that is only a part of a float");
}

Error ReverseSweep::visit(Instruction &I, unsigned Lane) {
  if (auto *Call = dyn_cast<CallInst>(&I))
    if (auto It = Primal.Calls.find(Call); It != Primal.Calls.end()) {
      if (Lane == 0) // All lanes at once.
        visitActiveCall(*Call, It->second);
      return Error::success();
    }
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    if (Primal.Stopped.contains(Call))
      return Error::success();
    if (openMPKind(*Call) != OpenMPCall::None && Lane == 0)
      visitOpenMP(*Call);
    const Function *Callee = directCallee(*Call);
    CalleeKind Kind = Callee ? classifyCallee(*Callee) : CalleeKind::Unknown;
    if (Kind == CalleeKind::MemoryIntrinsic)
      return visitMemory(*Call, Lane);
    if (Kind == CalleeKind::Allocate && Primal.Request.Reusable)
      // Adjoints of zeros that nobody overwrites are left there.
      Values.clearZeroedMemory(B, *Call, Lane);
    if (!isActive(I))
      return Error::success();
  }
  if (visitRule(I, Lane))
    return Error::success();
  switch (I.getOpcode()) {
  case Instruction::Load:
    visitLoad(cast<LoadInst>(I), Lane);
    return Error::success();
  case Instruction::Store:
    visitStore(cast<StoreInst>(I), Lane);
    return Error::success();
  case Instruction::AtomicRMW:
    if (isAtomicSum(I)) // Others are sums of integers, or refused.
      visitAtomicSum(cast<AtomicRMWInst>(I), Lane);
    return Error::success();
  case Instruction::Select:
    visitSelect(cast<SelectInst>(I), Lane);
    return Error::success();
  case Instruction::ShuffleVector:
    if (Error E = checkElements(I))
      return E;
    visitShuffle(cast<ShuffleVectorInst>(I), Lane);
    return Error::success();
  case Instruction::ExtractElement:
  case Instruction::InsertElement:
    if (Error E = checkElements(I))
      return E;
    visitVectorElement(I, Lane);
    return Error::success();
  case Instruction::ExtractValue:
  case Instruction::InsertValue:
    if (Error E = checkAggregate(I))
      return E;
    if (Error E = checkField(I))
      return E;
    visitAggregateField(I, Lane);
    return Error::success();
  case Instruction::Freeze:
    Adjoint.add(B, *I.getOperand(0), Lane, Adjoint.take(B, I, Lane));
    return Error::success();
  case Instruction::FPExt:
  case Instruction::FPTrunc:
  case Instruction::BitCast:
    return visitCast(I, Lane);
  default:
    if (isPacking(I) && Activities.kinds().adjointType(I)) {
      visitPacking(I, Lane);
      return Error::success();
    }
    return makeError(isa<CallBase>(I) ? Reason::UnsupportedCall
                                      : Reason::UnsupportedInstruction,
                     I, "no derivative rule for this active instruction");
  }
}

void ReverseSweep::visitOpenMP(CallBase &Call) {
  auto It = Primal.Turns.find(&Call);
  emitReverseCall(B, Call, It == Primal.Turns.end() ? nullptr : &It->second,
                  [&](Value &V) { return Values.get(B, V); });
}

/// r = f(x, y, z): each active operand receives its row's map of r's adjoint.
bool ReverseSweep::visitRule(Instruction &I, unsigned Lane) {
  const ScalarRule *Rule = ScalarRule::find(I);
  if (!Rule)
    return false;
  Value *G = Adjoint.take(B, I, Lane);
  Arm Speculation = speculatedFor(I);
  for (unsigned Arg = 0; Arg < Rule->arity(); ++Arg) {
    Value &Operand = *I.getOperand(Arg);
    if (Rule->isZero(Arg) || !isActive(Operand))
      continue;
    Value *Contribution =
        Rule->emit(B, I, Arg, G, [&](PrimalRef Ref) -> Value * {
          return Values.get(B, Ref == PrimalR ? I : *I.getOperand(Ref));
        });
    // Where the arm is not taken, factors can be infinite, and 0 times that is
    // no adjoint.
    if (Speculation.Condition && Rule->needs(Arg)) {
      Value *Zero = zeroAdjoint(Contribution->getType());
      Value *C = Values.get(B, *Speculation.Condition);
      Contribution = Speculation.IsTrue ? B.CreateSelect(C, Contribution, Zero)
                                        : B.CreateSelect(C, Zero, Contribution);
    }
    Adjoint.add(B, Operand, Lane, Contribution);
  }
  return true;
}

/// The arm of a select that \p I, and what is computed from it, is there for;
/// no condition if it has other uses. Optimisers turn `x > 0 ? y / x * y : 0`
/// into a select between a product that is always computed, and 0.
ReverseSweep::Arm ReverseSweep::speculatedFor(Instruction &I) {
  auto [It, New] = Speculated.try_emplace(&I);
  if (!New)
    return It->second;
  Arm Found;
  for (User *U : I.users()) {
    auto *User = cast<Instruction>(U);
    auto *Select = dyn_cast<SelectInst>(User);
    Arm A;
    if (User->getParent() != I.getParent())
      return {};
    if (Select && Select->getTrueValue() != Select->getFalseValue() &&
        Select->getCondition() != &I)
      A = {Select->getCondition(), Select->getTrueValue() == &I};
    else if (ScalarRule::find(*User))
      A = speculatedFor(*User);
    if (!A.Condition || (Found.Condition && !(A == Found)))
      return {};
    Found = A;
  }
  return Speculated[&I] = Found;
}

/// v = *p: what v's adjoint is, the memory's adjoint gains.
void ReverseSweep::visitLoad(LoadInst &Load, unsigned Lane) {
  Value *G = Adjoint.take(B, Load, Lane);
  Type *T = G->getType();
  Value *Ptr = Values.address(B, Load, Lane);
  if (Value &P = *Load.getPointerOperand();
      Activities.mayLackShadow(P) && !Activities.mayBeFar(P)) {
    // Nobody reads what is added there.
    BasicBlock &Entry = Reverse.F->getEntryBlock();
    auto *Sink = new AllocaInst(T, 0, "sink", Entry.begin());
    Sink->setAlignment(Load.getAlign());
    Ptr = shadowOrElse(B, *Values.get(B, P), Ptr, Sink);
  }
  if (inTeam() && isShared(*Load.getPointerOperand()))
    return emitAtomicAdd(B, Ptr, G);
  AAMDNodes AA = Load.getAAMetadata();
  auto *Old = B.CreateAlignedLoad(T, Ptr, shadowAlign(Load));
  Old->setAAMetadata(AA);
  Value *Sum = addAdjoints(B, Old, G);
  if (movesUnionFloat(Load))
    Sum =
        B.CreateSelect(B.CreateFCmpOEQ(G, Constant::getNullValue(T)), Old, Sum);
  auto *New = B.CreateAlignedStore(Sum, Ptr, shadowAlign(Load));
  New->setAAMetadata(AA);
}

/// True if \p V, the 64 bits of an adjoint or an address, is next to nothing,
/// as those of an address are.
static Value *isAddress(IRBuilderBase &B, Value &V) {
  constexpr uint64_t Address = (uint64_t(1) << 48) - 1, Sign = uint64_t(1)
                                                               << 63;
  Value *Bits = B.CreateBitCast(&V, B.getInt64Ty());
  return B.CreateICmpULE(B.CreateAnd(Bits, ~Sign), B.getInt64(Address));
}

/// *p = v: the memory's adjoint passes to v; what was there before has none.
void ReverseSweep::visitStore(StoreInst &Store, unsigned Lane) {
  Value &V = *Store.getValueOperand();
  if (!Activities.hasShadow(*Store.getPointerOperand()))
    return;
  Type *T = Activities.kinds().adjointType(V);
  if (!T && overwritesByInteger(Store, Activities))
    T = V.getType();
  if (!T || containsPointer(T)) {
    if (mayMoveUnion(Store, Activities) && !Primal.Request.Request.hasUnions())
      stopAtAdjoint(Store, Lane);
    return;
  }
  Value *Ptr = Values.address(B, Store, Lane);
  AAMDNodes AA = Store.getAAMetadata();
  Value *Zero = Constant::getNullValue(T), *Left = Zero;
  if (isActive(V)) {
    auto *Old = B.CreateAlignedLoad(T, Ptr, shadowAlign(Store));
    Old->setAAMetadata(AA);
    Value *G = Old;
    if (movesUnionFloat(Store) && T->isDoubleTy()) {
      // It can be told from an adjoint that the union is a pointer.
      Value *IsAddress = isAddress(B, *Old);
      G = B.CreateSelect(IsAddress, Zero, G);
      Left = B.CreateSelect(IsAddress, Old, Zero);
    }
    Adjoint.add(B, V, Lane, G);
  }
  auto *Clear = B.CreateAlignedStore(Left, Ptr, shadowAlign(Store));
  Clear->setAAMetadata(AA);
}

/// Where \p Store, of a pointer, has copied a union of a pointer and a double
/// that was the double, its shadow has an adjoint now, which a pointer cannot
/// take.
void ReverseSweep::stopAtAdjoint(StoreInst &Store, unsigned Lane) {
  Value *Ptr = Values.address(B, Store, Lane);
  Value *Bits = B.CreateAlignedLoad(B.getInt64Ty(), Ptr, shadowAlign(Store));
  emitStopIf(B, B.CreateNot(isAddress(B, *Bits)),
             makeError(Reason::UnknownType, Store,
                       "a union of a pointer and an active float is moved as "
                       "the pointer",
                       "copy its members one by one"));
}

/// old = *p, *p += v: v receives the memory's adjoint, to which old's is added.
void ReverseSweep::visitAtomicSum(AtomicRMWInst &I, unsigned Lane) {
  Value &V = *I.getValOperand();
  if (!Activities.hasShadow(*I.getPointerOperand()))
    return;
  Value *Ptr = Values.shadow(B, *I.getPointerOperand(), Lane, I);
  if (isActive(V)) {
    auto *G = B.CreateAlignedLoad(I.getType(), Ptr, I.getAlign());
    G->setAtomic(AtomicOrdering::Monotonic, I.getSyncScopeID());
    bool Subtracts = I.getOperation() == AtomicRMWInst::FSub;
    Adjoint.add(B, V, Lane,
                Subtracts ? B.CreateFNeg(G) : static_cast<Value *>(G));
  }
  if (isActive(I))
    B.CreateAtomicRMW(AtomicRMWInst::FAdd, Ptr, Adjoint.take(B, I, Lane),
                      I.getAlign(), AtomicOrdering::Monotonic,
                      I.getSyncScopeID());
}

void ReverseSweep::visitSelect(SelectInst &Select, unsigned Lane) {
  Value *G = Adjoint.take(B, Select, Lane);
  Value *Zero = zeroAdjoint(G->getType());
  Value *Condition = Values.get(B, *Select.getCondition());
  if (isActive(*Select.getTrueValue()))
    Adjoint.add(B, *Select.getTrueValue(), Lane,
                B.CreateSelect(Condition, G, Zero));
  if (isActive(*Select.getFalseValue()))
    Adjoint.add(B, *Select.getFalseValue(), Lane,
                B.CreateSelect(Condition, Zero, G));
}

/// An element of a vector of integers need not be one of the floats that the
/// vector holds.
Error ReverseSweep::checkElements(Instruction &I) {
  auto IsElementwise = [&](const Value &V) {
    auto *T = dyn_cast<FixedVectorType>(V.getType());
    if (!T || !isActive(V))
      return true;
    auto *Adjoint =
        dyn_cast_or_null<FixedVectorType>(Activities.kinds().adjointType(V));
    return Adjoint && Adjoint->getNumElements() == T->getNumElements() &&
           Adjoint->getScalarType() ==
               Activities.kinds().adjointType(I)->getScalarType();
  };
  if (Activities.kinds().adjointType(I) && IsElementwise(I) &&
      all_of(I.operands(), [&](const Use &U) { return IsElementwise(*U); }))
    return Error::success();
  return makeError(Reason::UnknownType, I,
                   "floating-point values are taken apart as a vector of "
                   "integers of another size");
}

void ReverseSweep::visitShuffle(ShuffleVectorInst &Shuffle, unsigned Lane) {
  Value *G = Adjoint.take(B, Shuffle, Lane);
  unsigned N =
      cast<FixedVectorType>(Shuffle.getOperand(0)->getType())->getNumElements();
  for (unsigned Op = 0; Op < 2; ++Op) {
    Value &Source = *Shuffle.getOperand(Op);
    if (!isActive(Source))
      continue;
    Value *Sum = zeroOf(Source);
    for (auto [I, Index] : enumerate(Shuffle.getShuffleMask())) {
      if (Index < 0 || unsigned(Index) / N != Op)
        continue;
      Value *Old = B.CreateExtractElement(Sum, Index % N);
      Value *New = B.CreateFAdd(Old, B.CreateExtractElement(G, I));
      Sum = B.CreateInsertElement(Sum, New, Index % N);
    }
    Adjoint.add(B, Source, Lane, Sum);
  }
}

void ReverseSweep::visitVectorElement(Instruction &I, unsigned Lane) {
  Value *G = Adjoint.take(B, I, Lane);
  Value &Vector = *I.getOperand(0);
  if (isa<ExtractElementInst>(I)) {
    Value *Index = Values.get(B, *I.getOperand(1));
    Adjoint.add(B, Vector, Lane,
                B.CreateInsertElement(zeroOf(Vector), G, Index));
    return;
  }
  Value *Index = Values.get(B, *I.getOperand(2));
  if (isActive(*I.getOperand(1)))
    Adjoint.add(B, *I.getOperand(1), Lane, B.CreateExtractElement(G, Index));
  if (isActive(Vector))
    Adjoint.add(
        B, Vector, Lane,
        B.CreateInsertElement(
            G, Constant::getNullValue(I.getOperand(1)->getType()), Index));
}

/// What has an adjoint needs a place for it: there is none for a float that
/// came among pointers.
Error ReverseSweep::checkAggregate(Instruction &I) {
  for (const Value *V : {cast<Value>(&I), I.getOperand(0)})
    if (isActive(*V) &&
        (!Activities.kinds().adjointType(*V) ||
         (isa<Argument, LoadInst>(V) && containsPointer(V->getType()))))
      return makeError(Reason::UnsupportedInstruction, I,
                       "active aggregate that mixes pointers and floats",
                       "pass its fields one by one, or by reference");
  return Error::success();
}

/// A field of an aggregate must not be an integer that holds floats.
Error ReverseSweep::checkField(Instruction &I) {
  auto *Insert = dyn_cast<InsertValueInst>(&I);
  const Value &Field = Insert ? *Insert->getInsertedValueOperand() : I;
  if (!isActive(Field) ||
      Activities.kinds().adjointType(Field) == Field.getType())
    return Error::success();
  return makeError(Reason::UnknownType, I,
                   "a floating-point value is packed into an integer that is "
                   "part of an aggregate");
}

void ReverseSweep::visitAggregateField(Instruction &I, unsigned Lane) {
  Value *G = Adjoint.take(B, I, Lane);
  Value &Aggregate = *I.getOperand(0);
  if (auto *Extract = dyn_cast<ExtractValueInst>(&I)) {
    if (isActive(Aggregate))
      Adjoint.add(
          B, Aggregate, Lane,
          B.CreateInsertValue(zeroOf(Aggregate), G, Extract->getIndices()));
    return;
  }
  auto &Insert = cast<InsertValueInst>(I);
  Value &Field = *Insert.getInsertedValueOperand();
  if (isActive(Field))
    Adjoint.add(B, Field, Lane, B.CreateExtractValue(G, Insert.getIndices()));
  if (isActive(Aggregate))
    Adjoint.add(B, Aggregate, Lane,
                B.CreateInsertValue(G, Constant::getNullValue(Field.getType()),
                                    Insert.getIndices()));
}

/// Conversions between floating-point types are linear: the adjoint converts
/// the other way. A bit cast moves floats that are packed differently.
Error ReverseSweep::visitCast(Instruction &I, unsigned Lane) {
  Value &Source = *I.getOperand(0);
  if (!isActive(Source))
    return Error::success();
  Type *From = Activities.kinds().adjointType(Source);
  Type *To = Activities.kinds().adjointType(I);
  if (!From || !To)
    return makeError(Reason::UnknownType, I,
                     "cannot tell whether this integer holds a floating-point "
                     "value");
  Value *G = Adjoint.take(B, I, Lane);
  Adjoint.add(B, Source, Lane,
              isa<BitCastInst>(I) ? B.CreateBitCast(G, From)
                                  : B.CreateFPCast(G, From));
  return Error::success();
}

/// Floats packed into an integer: the adjoints' bits move back to where the
/// floats came from. What an operand does not have, its own definition drops.
void ReverseSweep::visitPacking(Instruction &I, unsigned Lane) {
  Value *Bits =
      B.CreateBitCast(Adjoint.take(B, I, Lane), I.getType(), "adjoint.bits");
  unsigned Operands = I.getOpcode() == Instruction::Or ? 2 : 1;
  for (unsigned Op = 0; Op < Operands; ++Op) {
    Value &Source = *I.getOperand(Op);
    Type *T =
        isActive(Source) ? Activities.kinds().adjointType(Source) : nullptr;
    if (!T)
      continue;
    Value *G = Bits;
    if (isa<CastInst>(I))
      G = B.CreateZExtOrTrunc(Bits, Source.getType());
    else if (I.getOpcode() == Instruction::Shl)
      G = B.CreateLShr(Bits, I.getOperand(1));
    else if (I.getOpcode() == Instruction::LShr)
      G = B.CreateShl(Bits, I.getOperand(1));
    Adjoint.add(B, Source, Lane, B.CreateBitCast(G, T));
  }
}

Error ReverseSweep::visitMemory(CallBase &Call, unsigned Lane) {
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
  bool Atomic = M.SrcActive && inTeam() && isShared(*M.Src);
  for (const TypedRange &Range : M.Layout.Ranges)
    if (Atomic && Range.Type.mayBeFloat())
      if (Error E = checkAtomicAdd(Call, *Range.Type.FloatType))
        return E;
  if (!M.Src)
    B.CreateMemSet(Dst, B.getInt8(0), Length, MaybeAlign());
  else if (M.SrcActive)
    emitLayoutAction(B,
                     Atomic ? LayoutAction::AccumulateAtomically
                            : LayoutAction::AccumulateFloats,
                     M.Layout, Dst, Src, Length);
  else
    emitLayoutAction(B, LayoutAction::ClearFloats, M.Layout, Dst, nullptr,
                     Length);
  return Error::success();
}

/// The callee's own reverse sweep, with the frame that its augmented form left.
void ReverseSweep::visitActiveCall(CallInst &Call, const ActiveCall &Active) {
  const DiffRequest &R = Active.Request;
  const SplitDerivative &Callee = Active.Callee;
  const unsigned Width = Primal.Shadow->width();
  SmallVector<Value *, 16> Args = Values.arguments(B, Call, Active);
  auto PackLanes = [&](Type *T, function_ref<Value *(unsigned)> GetLane) {
    if (Width == 1)
      return GetLane(0);
    Value *Pack = PoisonValue::get(T);
    for (unsigned Lane = 0; Lane < Width; ++Lane)
      Pack = B.CreateInsertValue(Pack, GetLane(Lane), {Lane});
    return Pack;
  };
  if (Type *T = resultAdjointType(R))
    Args.push_back(PackLanes(shadowType(T, Width), [&](unsigned Lane) {
      return Adjoint.take(B, Call, Lane);
    }));
  Args.push_back(Values.frame(B, Active));
  Value *Result = B.CreateCall(Callee.Reverse, Args);

  unsigned Field = 0;
  for (unsigned I = 0; I < Call.arg_size(); ++I) {
    if (R.Args[I] != Activity::Active)
      continue;
    for (unsigned Lane = 0; Lane < Width; ++Lane) {
      Value *G = Width == 1 ? B.CreateExtractValue(Result, {Field})
                            : B.CreateExtractValue(Result, {Field, Lane});
      Adjoint.add(B, *Call.getArgOperand(I), Lane, G);
    }
    ++Field;
  }
}

} // namespace linkgrad
