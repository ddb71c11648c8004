//===- RoundedAddresses.cpp - Alignment by hand ---------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/RoundedAddresses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace PatternMatch;

namespace linkgrad {

/// Emits the pointer to the address \p V. Null if it is not a pointer's that
/// was rounded down and moved by constants.
static Value *emitPointer(IRBuilderBase &B, Value *V) {
  Value *From;
  const APInt *C;
  if (match(V, m_PtrToInt(m_Value(From))))
    return From->getType()->isPointerTy() ? From : nullptr;
  bool Rounds =
      match(V, m_And(m_Value(From), m_APInt(C))) && C->isNegatedPowerOf2();
  if (!Rounds && !match(V, m_AddLike(m_Value(From), m_APInt(C))))
    return nullptr;
  Value *Ptr = emitPointer(B, From);
  if (!Ptr)
    return nullptr;
  Type *T = V->getType();
  Value *Distance = ConstantInt::get(T, *C);
  if (Rounds)
    Distance = B.CreateNeg(
        B.CreateAnd(B.CreatePtrToInt(Ptr, T), ConstantInt::get(T, ~*C)));
  return B.CreateGEP(B.getInt8Ty(), Ptr, Distance);
}

void lowerRoundedAddresses(Function &F) {
  const DataLayout &DL = F.getDataLayout();
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Cast = dyn_cast<IntToPtrInst>(&I);
    if (!Cast || Cast->getType()->isVectorTy() ||
        DL.getIntPtrType(Cast->getType()) != Cast->getSrcTy())
      continue;
    IRBuilder<> B(Cast);
    if (Value *Ptr = emitPointer(B, Cast->getOperand(0))) {
      Cast->replaceAllUsesWith(Ptr);
      RecursivelyDeleteTriviallyDeadInstructions(Cast);
    }
  }
}

} // namespace linkgrad
