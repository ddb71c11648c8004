//===- Adjoints.cpp - Adjoints of SSA values ------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/Adjoints.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

Constant *zeroAdjoint(Type *T) {
  return T->isFPOrFPVectorTy() ? ConstantFP::getNegativeZero(T)
                               : Constant::getNullValue(T);
}

Value *addAdjoints(IRBuilderBase &B, Value *A, Value *C) {
  Type *T = A->getType();
  if (T->isFPOrFPVectorTy()) {
    return B.CreateFAdd(A, C);
  }
  if (!T->isAggregateType() || !containsFloat(T))
    return A;
  unsigned N =
      isa<StructType>(T) ? T->getStructNumElements() : T->getArrayNumElements();
  Value *Sum = A;
  for (unsigned I = 0; I < N; ++I) {
    Value *Field = B.CreateExtractValue(A, {I});
    if (containsFloat(Field->getType()))
      Sum = B.CreateInsertValue(
          Sum, addAdjoints(B, Field, B.CreateExtractValue(C, {I})), {I});
  }
  return Sum;
}

/// A phi hands its adjoint to the incoming value at the end of another block
/// of the sweep. A result's seed is added in the entry, before all else.
bool Adjoints::staysInBlock(const Value &Primal) {
  auto [It, New] = Stays.try_emplace(&Primal, false);
  if (auto *I = dyn_cast<Instruction>(&Primal); New && I)
    It->second = all_of(I->users(), [&](const User *U) {
      auto *UserI = cast<Instruction>(U);
      return !isa<PHINode>(UserI) && UserI->getParent() == I->getParent();
    });
  return It->second;
}

AllocaInst *Adjoints::slot(const Value &Primal, unsigned Lane) {
  AllocaInst *&Slot = Slots[{&Primal, Lane}];
  if (!Slot) {
    Type *T = Activities.kinds().adjointType(Primal);
    BasicBlock &Entry = Reverse.getEntryBlock();
    IRBuilder<> B(&Entry, Entry.begin());
    Slot = B.CreateAlloca(T, nullptr, Primal.getName() + ".adjoint");
    // What is returned to the user as "no influence" is a plain zero.
    B.CreateStore(isa<Argument>(Primal) ? Constant::getNullValue(T)
                                        : zeroAdjoint(T),
                  Slot);
  }
  return Slot;
}

void Adjoints::add(IRBuilderBase &B, Value &Primal, unsigned Lane,
                   Value *Contribution) {
  if (!isActive(Primal))
    return;
  if (staysInBlock(Primal)) {
    Value *&Sum = Sums[{&Primal, Lane}];
    bool IsFirst = !Sum && Contribution->getType()->isFPOrFPVectorTy();
    Value *Old = Sum ? Sum : zeroAdjoint(Contribution->getType());
    Sum = IsFirst ? Contribution : addAdjoints(B, Old, Contribution);
    return;
  }
  AllocaInst *Slot = slot(Primal, Lane);
  Value *Old = B.CreateLoad(Slot->getAllocatedType(), Slot);
  B.CreateStore(addAdjoints(B, Old, Contribution), Slot);
}

Value *Adjoints::take(IRBuilderBase &B, const Value &Primal, unsigned Lane) {
  if (staysInBlock(Primal)) {
    Value *Sum = Sums.lookup({&Primal, Lane});
    return Sum ? Sum : zeroAdjoint(Activities.kinds().adjointType(Primal));
  }
  AllocaInst *Slot = slot(Primal, Lane);
  Type *T = Slot->getAllocatedType();
  Value *Adjoint = B.CreateLoad(T, Slot, Primal.getName() + ".adjoint");
  B.CreateStore(zeroAdjoint(T), Slot);
  return Adjoint;
}

} // namespace linkgrad
