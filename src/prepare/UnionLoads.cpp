//===- UnionLoads.cpp - One load for each member of a union ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/UnionLoads.h"
#include "analysis/TypeAnalysis.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace PatternMatch;

namespace linkgrad {

namespace {
/// Makes values again as values of one other type with the same bits.
class Retyping {
public:
  Retyping(Type *T, const DataLayout &DL) : T(T), DL(DL) {}

  /// \p V as a T, null if it does not come from memory all along.
  Value *of(Value &V) {
    SmallPtrSet<const Value *, 8> Seen;
    return canBe(V, Seen) ? as(V) : nullptr;
  }

private:
  bool canBe(const Value &V, SmallPtrSetImpl<const Value *> &Seen) const;
  Value *as(Value &V);

  Type *T;
  const DataLayout &DL;
  DenseMap<const Value *, Value *> Made;
};
} // namespace

/// The value whose bits \p V has, if \p V is a cast.
static Value *castOperand(const Value &V) {
  return isa<BitCastInst, IntToPtrInst, PtrToIntInst>(V)
             ? cast<Instruction>(V).getOperand(0)
             : nullptr;
}

/// The load that \p V is a lane of, null if it is none.
static LoadInst *loadOfLane(const Value &V) {
  uint64_t Index;
  Value *Vector;
  if (!match(&V, m_ExtractElt(m_Value(Vector), m_ConstantInt(Index))))
    return nullptr;
  auto *T = dyn_cast<FixedVectorType>(Vector->getType());
  auto *Load = dyn_cast<LoadInst>(Vector);
  if (auto *Cast = dyn_cast<BitCastInst>(Vector))
    Load = dyn_cast<LoadInst>(Cast->getOperand(0));
  return T && Index < T->getNumElements() && Load && Load->isSimple() ? Load
                                                                      : nullptr;
}

bool Retyping::canBe(const Value &V,
                     SmallPtrSetImpl<const Value *> &Seen) const {
  if (V.getType() == T || !Seen.insert(&V).second)
    return true;
  if (V.getType()->isVectorTy() ||
      DL.getTypeSizeInBits(V.getType()) != DL.getTypeSizeInBits(T))
    return false;
  if (auto *C = dyn_cast<Constant>(&V))
    return C->isNullValue() || isa<UndefValue>(C);
  if (auto *Load = dyn_cast<LoadInst>(&V))
    return Load->isSimple();
  if (loadOfLane(V))
    return true;
  if (auto *Select = dyn_cast<SelectInst>(&V))
    return canBe(*Select->getTrueValue(), Seen) &&
           canBe(*Select->getFalseValue(), Seen);
  if (auto *Phi = dyn_cast<PHINode>(&V))
    return all_of(Phi->incoming_values(),
                  [&](const Use &U) { return canBe(*U, Seen); });
  if (Value *Operand = castOperand(V))
    return canBe(*Operand, Seen);
  return false;
}

Value *Retyping::as(Value &V) {
  if (V.getType() == T)
    return &V;
  if (isa<PoisonValue>(V))
    return PoisonValue::get(T);
  if (isa<UndefValue>(V))
    return UndefValue::get(T);
  if (isa<Constant>(V))
    return Constant::getNullValue(T);
  if (Value *Operand = castOperand(V))
    return as(*Operand);
  if (Value *Known = Made.lookup(&V))
    return Known;
  auto &I = cast<Instruction>(V);
  IRBuilder<> B(&I);
  if (auto *Load = dyn_cast<LoadInst>(&I))
    // What the type-based alias information says is true of one of the two.
    return Made[&V] = B.CreateAlignedLoad(T, Load->getPointerOperand(),
                                          Load->getAlign(), Load->getName());
  if (LoadInst *Whole = loadOfLane(V)) {
    B.SetInsertPoint(Whole);
    auto *Index = cast<ConstantInt>(I.getOperand(1));
    uint64_t Offset = Index->getZExtValue() *
                      DL.getTypeStoreSize(V.getType()).getFixedValue();
    Value *Ptr = Whole->getPointerOperand();
    return Made[&V] = B.CreateAlignedLoad(
               T, B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Ptr, Offset),
               commonAlignment(Whole->getAlign(), Offset), V.getName());
  }
  if (auto *Select = dyn_cast<SelectInst>(&I)) {
    Value *True = as(*Select->getTrueValue());
    Value *False = as(*Select->getFalseValue());
    return Made[&V] = B.CreateSelect(Select->getCondition(), True, False);
  }
  auto &Phi = cast<PHINode>(I);
  PHINode *New = B.CreatePHI(T, Phi.getNumIncomingValues());
  Made[&V] = New;
  for (auto [From, Block] : zip(Phi.incoming_values(), Phi.blocks()))
    New->addIncoming(as(*From), Block);
  return New;
}

/// True if floating-point bits become a pointer in \p I, or a pointer's bits a
/// float.
static bool changesKind(const Instruction &I) {
  if (isa<IntToPtrInst>(I)) {
    Value *From = I.getOperand(0);
    if (auto *Lane = dyn_cast<ExtractElementInst>(From))
      From = Lane->getVectorOperand();
    auto *Cast = dyn_cast<BitCastInst>(From);
    auto IsFloat = [](const Value *V) {
      return isa<BitCastInst>(V) && V->getType()->isFloatingPointTy();
    };
    return (Cast && Cast->getOperand(0)->getType()->isFPOrFPVectorTy()) ||
           any_of(I.getOperand(0)->users(), IsFloat);
  }
  return isa<BitCastInst>(I) && I.getType()->isFloatingPointTy() &&
         isa<PtrToIntInst>(I.getOperand(0));
}

/// LLVM copies a pointer as an integer. Where floats are in other objects of
/// the same kind at that place, as in derived classes, only the store tells.
static void storePointers(Function &F) {
  Type *Ptr = PointerType::getUnqual(F.getContext());
  SmallVector<StoreInst *, 8> Stores;
  for (Instruction &I : instructions(F))
    if (auto *Store = dyn_cast<StoreInst>(&I);
        Store && Store->isSimple() && isPointerAccess(I) &&
        isa<LoadInst, PHINode, SelectInst, PtrToIntInst>(
            Store->getValueOperand()) &&
        Store->getValueOperand()->getType()->isIntegerTy())
      Stores.push_back(Store);
  SmallVector<WeakTrackingVH, 8> Dead;
  for (StoreInst *Store : Stores) {
    Value *Old = Store->getValueOperand();
    if (Value *Again = Retyping(Ptr, F.getDataLayout()).of(*Old)) {
      Store->setOperand(0, Again);
      Dead.push_back(Old);
    }
  }
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(Dead);
}

/// \p C, an integer or a vector of them, as pointers if one or more of them are
/// addresses; else null.
static Constant *asAddresses(Constant &C, const DataLayout &DL) {
  if (auto *Address = dyn_cast<PtrToIntOperator>(&C)) {
    auto *Ptr = cast<Constant>(Address->getPointerOperand());
    return DL.getTypeSizeInBits(Ptr->getType()) ==
                   DL.getTypeSizeInBits(C.getType())
               ? Ptr
               : nullptr;
  }
  auto *Vector = dyn_cast<ConstantVector>(&C);
  if (!Vector)
    return nullptr;
  SmallVector<Constant *, 4> Elements;
  for (Value *Element : Vector->operands())
    Elements.push_back(asAddresses(*cast<Constant>(Element), DL));
  auto *Known = find_if(Elements, [](Constant *E) { return E; });
  if (Known == Elements.end())
    return nullptr;
  for (auto [Element, Old] : zip(Elements, Vector->operands()))
    if (!Element)
      Element =
          ConstantExpr::getIntToPtr(cast<Constant>(Old), (*Known)->getType());
  return ConstantVector::get(Elements);
}

/// Copies of initial values are stores of integers.
static void storeAddresses(Function &F) {
  for (Instruction &I : instructions(F))
    if (auto *Store = dyn_cast<StoreInst>(&I); Store && Store->isSimple())
      if (auto *C = dyn_cast<Constant>(Store->getValueOperand()))
        if (Constant *Pointers = asAddresses(*C, F.getDataLayout()))
          Store->setOperand(0, Pointers);
}

void splitUnionLoads(Function &F) {
  storeAddresses(F);
  storePointers(F);
  SmallVector<Instruction *, 8> Casts;
  for (Instruction &I : instructions(F))
    if (!I.getType()->isVectorTy() && changesKind(I))
      Casts.push_back(&I);
  SmallVector<WeakTrackingVH, 8> Dead;
  for (Instruction *I : Casts)
    if (Value *Again =
            Retyping(I->getType(), F.getDataLayout()).of(*I->getOperand(0))) {
      I->replaceAllUsesWith(Again);
      Dead.push_back(I);
    }
  RecursivelyDeleteTriviallyDeadInstructions(Dead);
}

} // namespace linkgrad
