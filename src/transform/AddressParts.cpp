//===- AddressParts.cpp - Addresses that are taken apart ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/KnownFunctions.h"
#include "transform/ActiveMemory.h"
#include "transform/SplitDerivative.h"
#include "transform/UnionMemory.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

/// True if \p V is some of the bits of the address of active memory, or all of
/// them in another place. A few bits are a question of alignment.
static bool isPartOfAddress(const Value &V,
                            const ActivityAnalysis &Activities) {
  constexpr unsigned MaxSteps = 32, FewBits = 12, HalfBits = 32;
  const ValueKinds &Kinds = Activities.kinds();
  if (!V.getType()->isIntOrIntVectorTy() || Kinds.carriesPointer(V))
    return false;
  SmallPtrSet<const Value *, 8> Seen;
  /// Values, and whether what is used of them has been moved or cut off.
  SmallVector<std::pair<const Value *, bool>, 8> Worklist = {{&V, false}};
  while (!Worklist.empty() && Seen.size() < MaxSteps) {
    auto [Next, Part] = Worklist.pop_back_val();
    auto *I = dyn_cast<Instruction>(Next);
    if (!I || !Seen.insert(I).second)
      continue;
    if (Kinds.carriesPointer(*I)) {
      if (Part && Activities.hasShadow(*I))
        return true;
      continue;
    }
    switch (I->getOpcode()) {
    case Instruction::Load:
      if (const Value &Ptr = *I->getOperand(0);
          Activities.hasShadow(Ptr) &&
          Kinds.types().isPieceOfPointer(
              Ptr, I->getDataLayout().getTypeStoreSize(I->getType())))
        return true;
      break;
    case Instruction::Trunc:
    case Instruction::Shl:
    case Instruction::LShr:
      Worklist.push_back({I->getOperand(0), true});
      break;
    case Instruction::And:
      if (auto *Mask = dyn_cast<ConstantInt>(I->getOperand(1))) {
        if (Mask->getValue().popcount() > FewBits)
          Worklist.push_back(
              {I->getOperand(0),
               Part || Mask->getValue().getActiveBits() <= HalfBits});
        break;
      }
      [[fallthrough]];
    case Instruction::ZExt:
    case Instruction::Or:
    case Instruction::Add:
    case Instruction::PHI:
    case Instruction::Select:
    case Instruction::Freeze:
      for (const Value *Op : I->operands())
        Worklist.push_back({Op, Part});
      break;
    default:
      break;
    }
  }
  return false;
}

/// True if \p V is not only an address for accesses, but goes to another place.
static bool isMoved(const Value &V) {
  SmallPtrSet<const Value *, 8> Seen;
  SmallVector<const Value *, 8> Worklist = {&V};
  while (!Worklist.empty()) {
    const Value *Next = Worklist.pop_back_val();
    for (const Use &U : Next->uses()) {
      const User *User = U.getUser();
      auto *Store = dyn_cast<StoreInst>(User);
      if (isa<ReturnInst, CallBase, InsertValueInst>(User) ||
          (Store && Store->getValueOperand() == Next))
        return true;
      if (isa<PHINode, SelectInst, FreezeInst>(User) &&
          Seen.insert(User).second)
        Worklist.push_back(User);
    }
  }
  return false;
}

/// True if \p Load reads a pointer, to move it, where active floats are stored,
/// from a variable of which nobody else has the address. So LLVM returns unions
/// by value.
static bool movesUnion(const LoadInst &Load,
                       const ActivityAnalysis &Activities) {
  const DataLayout &DL = Load.getDataLayout();
  auto BaseAndOffset = [&](const Value *Ptr) {
    APInt Offset(DL.getIndexTypeSizeInBits(Ptr->getType()), 0);
    const Value *Base = Ptr->stripAndAccumulateConstantOffsets(
        DL, Offset, /*AllowNonInbounds=*/true);
    return std::pair(Base, Offset.getSExtValue());
  };
  auto [Base, Begin] = BaseAndOffset(Load.getPointerOperand());
  if (!Load.getType()->isPointerTy() || !isa<AllocaInst>(Base) ||
      !isMoved(Load) || PointerMayBeCaptured(Base, /*ReturnCaptures=*/true))
    return false;
  int64_t End = Begin + int64_t(DL.getTypeStoreSize(Load.getType()));
  SmallVector<const User *, 8> Worklist(Base->users());
  while (!Worklist.empty()) {
    const User *U = Worklist.pop_back_val();
    if (isa<GetElementPtrInst>(U))
      append_range(Worklist, U->users());
    auto *Store = dyn_cast<StoreInst>(U);
    if (!Store || !containsFloat(Store->getValueOperand()->getType()) ||
        !Activities.isVaried(*Store->getValueOperand()))
      continue;
    auto [Object, At] = BaseAndOffset(Store->getPointerOperand());
    int64_t Size = DL.getTypeStoreSize(Store->getValueOperand()->getType());
    if (Object == Base && At < End && Begin < At + Size)
      return true;
  }
  return false;
}

bool mayMoveUnion(const StoreInst &Store, const ActivityAnalysis &Activities) {
  const Value &V = *Store.getValueOperand(), &Ptr = *Store.getPointerOperand();
  const DataLayout &DL = Store.getDataLayout();
  bool IsMember = V.getType()->isPointerTy() || V.getType()->isDoubleTy();
  if (!IsMember || DL.getTypeStoreSize(V.getType()) != 8 ||
      DL.getPointerSize() != 8)
    return false;
  SmallPtrSet<const Value *, 8> Seen;
  SmallVector<const Value *, 8> Worklist = {&V};
  bool Moved = false;
  while (!Worklist.empty() && !Moved) {
    const Value *Next = Worklist.pop_back_val();
    Moved = isa<LoadInst, Argument, CallBase, ExtractValueInst>(Next);
    if (isa<PHINode, SelectInst, FreezeInst, CastInst>(Next) &&
        Seen.insert(Next).second)
      append_range(Worklist, cast<Instruction>(Next)->operands());
  }
  if (!Moved)
    return false;
  auto Layout = Activities.kinds().types().layoutBehind(Ptr, 8, Store);
  return !Layout || (Layout->hasFloats() && Layout->hasPointers());
}

Error checkAddressBits(const Instruction &I,
                       const ActivityAnalysis &Activities) {
  bool Part = false;
  if (auto *Load = dyn_cast<LoadInst>(&I);
      Load && movesUnion(*Load, Activities))
    return makeError(Reason::UnknownType, I,
                     "a union of a pointer and an active float is moved as the "
                     "pointer",
                     "pass and return it by reference");
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    const Function *Callee = directCallee(*Call);
    if (Callee && isUnionFunction(*Callee))
      return makeError(
          Reason::UnsupportedCall, I,
          "derivative of a derivative that uses unions of pointers "
          "and floats",
          "keep pointers and floats in different places");
    Part = (!Callee || classifyCallee(*Callee) == CalleeKind::Unknown) &&
           any_of(Call->args(), [&](const Use &U) {
             return isPartOfAddress(*U, Activities);
           });
  } else if (auto *Sum = dyn_cast<BinaryOperator>(&I)) {
    // It would have the shadow of one of the two that it is put together from.
    Part = Sum->getOpcode() == Instruction::Or &&
           Activities.kinds().carriesPointer(I) &&
           any_of(Sum->operands(), [&](const Use &U) {
             return isPartOfAddress(*U, Activities);
           });
  } else if (isa<StoreInst, ReturnInst>(I) ||
             (isa<IntToPtrInst>(I) && !Activities.hasShadow(I)) ||
             (isa<BitCastInst>(I) && I.getType()->isFPOrFPVectorTy())) {
    Part = I.getNumOperands() && isPartOfAddress(*I.getOperand(0), Activities);
  }
  if (!Part)
    return Error::success();
  return makeError(Reason::UnknownType, I,
                   "a part of the address of active memory is used as a number",
                   "keep pointers as pointers");
}

} // namespace linkgrad
