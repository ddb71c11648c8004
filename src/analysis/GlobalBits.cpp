//===- GlobalBits.cpp - Bits of floats in global variables ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/GlobalBits.h"
#include "rules/KnownFunctions.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

bool isDeclaredFloat(const Value &Ptr, const DataLayout &DL) {
  APInt Offset(DL.getIndexTypeSizeInBits(Ptr.getType()), 0);
  const Value *Base = Ptr.stripAndAccumulateConstantOffsets(
      DL, Offset, /*AllowNonInbounds=*/true, /*AllowInvariantGroup=*/false,
      // One element of a table is like another.
      [](Value &, APInt &Index) {
        Index = 0;
        return true;
      });
  auto *G = dyn_cast<GlobalVariable>(Base);
  if (!G)
    return false;
  Type *T = G->getValueType();
  while (DL.getGEPIndexForOffset(T, Offset))
    ;
  return T->isFPOrFPVectorTy();
}

namespace {

/// Follows addresses of memory where the bits may be, and integers that may be
/// made of them, from use to use.
class BitsFollower {
public:
  explicit BitsFollower(function_ref<bool(const Function &)> IsReached)
      : IsReached(IsReached) {}

  bool reachesFloat(const GlobalVariable &G) {
    push(G);
    while (!Work.empty())
      for (const Use &U : Work.pop_back_val()->uses())
        if (U->getType()->isPointerTy() ? visitAddress(U) : visitInteger(U))
          return true;
    return false;
  }

private:
  void push(const Value &V) {
    if (Seen.insert(&V).second)
      Work.push_back(&V);
  }

  /// The bits are stored at \p Ptr. \returns whether nobody knows who reads
  /// them there.
  bool pushMemory(const Value &Ptr) {
    const Value *Object = getUnderlyingObject(&Ptr, /*MaxLookup=*/0);
    if (!isa<AllocaInst, GlobalVariable>(Object))
      return true;
    push(*Object);
    return false;
  }

  bool visitCall(const CallBase &Call, const Use &U) {
    const Function *F = Call.getCalledFunction();
    if (!Call.isArgOperand(&U))
      return false;
    if (!F || F->isDeclaration())
      return !F || classifyCallee(*F) == CalleeKind::Unknown;
    if (Call.getArgOperandNo(&U) >= F->arg_size())
      return true;
    push(*F->getArg(Call.getArgOperandNo(&U)));
    return false;
  }

  bool visitAddress(const Use &U) {
    const User &By = *U.getUser();
    auto *I = dyn_cast<Instruction>(&By);
    if (I && !IsReached(*I->getFunction()))
      return false;
    if (I && isa<LoadInst, AtomicRMWInst, AtomicCmpXchgInst>(I)) {
      if (!I->getType()->isIntOrIntVectorTy() &&
          !I->getType()->isPtrOrPtrVectorTy())
        return !isDeclaredFloat(*U, I->getDataLayout());
      push(*I);
      return false;
    }
    if (auto *Copy = dyn_cast<AnyMemTransferInst>(&By))
      return &U == &Copy->getRawSourceUse() && pushMemory(*Copy->getRawDest());
    if (isa<StoreInst>(By)) // To keep the address is more.
      return U.getOperandNo() != StoreInst::getPointerOperandIndex();
    if (auto *Call = dyn_cast<CallBase>(&By); Call && !isa<IntrinsicInst>(By))
      return visitCall(*Call, U);
    if (auto *Table = dyn_cast<GlobalVariable>(&By))
      return !Table->getName().starts_with("llvm.");
    if (isa<PtrToIntOperator>(By))
      return true;
    if (By.getType()->isPointerTy() || isa<ConstantAggregate>(By))
      push(By);
    return false;
  }

  bool visitInteger(const Use &U) {
    auto *I = dyn_cast<Instruction>(U.getUser());
    if (!I)
      return visitAddress(U); // Of a table of addresses.
    if (passesBitsOn(*I)) {
      push(*I);
      return false;
    }
    if (isa<StoreInst, AtomicRMWInst, AtomicCmpXchgInst>(I))
      return pushMemory(*getPointerOperand(I));
    if (auto *Call = dyn_cast<CallBase>(I); Call && !isa<IntrinsicInst>(I))
      return visitCall(*Call, U);
    if (isa<ReturnInst>(I))
      return visitCallers(*I->getFunction());
    return I->getType()->isFPOrFPVectorTy() || isa<InsertValueInst>(I);
  }

  bool visitCallers(const Function &F) {
    for (const Use &U : F.uses()) {
      auto *Call = dyn_cast<CallBase>(U.getUser());
      if (!Call || !Call->isCallee(&U))
        return true;
      if (IsReached(*Call->getFunction()))
        push(*Call);
    }
    return false;
  }

  function_ref<bool(const Function &)> IsReached;
  SmallVector<const Value *, 16> Work;
  SmallPtrSet<const Value *, 16> Seen;
};

} // namespace

bool mayMakeFloatOf(const GlobalVariable &G,
                    function_ref<bool(const Function &)> IsReached) {
  return BitsFollower(IsReached).reachesFloat(G);
}

} // namespace linkgrad
