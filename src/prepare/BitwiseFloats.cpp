//===- BitwiseFloats.cpp - Arithmetic on the bits of floats ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/BitwiseFloats.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace PatternMatch;

namespace linkgrad {

/// The vector of floats of the size of \p I's elements, if all that use \p I
/// take it for one.
static Type *usedAsFloats(const BinaryOperator &I) {
  Type *Floats = nullptr;
  for (const User *U : I.users()) {
    auto *Cast = dyn_cast<BitCastInst>(U);
    if (!Cast || (Floats && Cast->getType() != Floats))
      return nullptr;
    Floats = Cast->getType();
  }
  return Floats && Floats->isVectorTy() && Floats->isFPOrFPVectorTy() &&
                 Floats->getScalarSizeInBits() ==
                     I.getType()->getScalarSizeInBits()
             ? Floats
             : nullptr;
}

static void liftSignBits(BinaryOperator &I) {
  Type *Floats = I.getType()->isVectorTy() ? usedAsFloats(I) : nullptr;
  Value *Operand;
  const APInt *Mask;
  if (!Floats || !match(&I, m_c_BinOp(m_Value(Operand), m_APInt(Mask))))
    return;
  IRBuilder<> B(&I);
  auto Abs = [&](Value *V) {
    return B.CreateUnaryIntrinsic(Intrinsic::fabs, V);
  };
  Value *Result = nullptr;
  Value *V = B.CreateBitCast(Operand, Floats);
  if (I.getOpcode() == Instruction::And && Mask->isMaxSignedValue())
    Result = Abs(V);
  else if (I.getOpcode() == Instruction::Xor && Mask->isSignMask())
    Result = B.CreateFNeg(V);
  else if (I.getOpcode() == Instruction::Or && Mask->isSignMask())
    Result = B.CreateFNeg(Abs(V));
  else
    return;
  for (User *U : make_early_inc_range(I.users())) {
    U->replaceAllUsesWith(Result);
    cast<Instruction>(U)->eraseFromParent();
  }
}

/// `maxpd $1, $0` with $0 tied to the second operand: where that is greater it
/// stays, else, for NaNs too, the first one is taken.
static void liftAssembler(CallInst &Call) {
  auto *Asm = dyn_cast<InlineAsm>(Call.getCalledOperand());
  if (!Asm || Call.arg_size() != 2 ||
      !StringRef(Asm->getConstraintString()).starts_with("=x,x,0"))
    return;
  auto Predicate = StringSwitch<CmpInst::Predicate>(Asm->getAsmString())
                       .Cases({"maxpd $1, $0", "maxps $1, $0", "maxsd $1, $0",
                               "maxss $1, $0"},
                              CmpInst::FCMP_OGT)
                       .Cases({"minpd $1, $0", "minps $1, $0", "minsd $1, $0",
                               "minss $1, $0"},
                              CmpInst::FCMP_OLT)
                       .Default(CmpInst::BAD_FCMP_PREDICATE);
  Value *First = Call.getArgOperand(0), *Second = Call.getArgOperand(1);
  if (Predicate == CmpInst::BAD_FCMP_PREDICATE ||
      First->getType() != Call.getType() ||
      Second->getType() != Call.getType() ||
      !Call.getType()->isFPOrFPVectorTy())
    return;
  IRBuilder<> B(&Call);
  Call.replaceAllUsesWith(
      B.CreateSelect(B.CreateFCmp(Predicate, Second, First), Second, First));
  Call.eraseFromParent();
}

void liftBitwiseFloats(Function &F) {
  SmallVector<Instruction *, 16> Work;
  for (Instruction &I : instructions(F))
    if (isa<BinaryOperator, CallInst>(I))
      Work.push_back(&I);
  for (Instruction *I : Work) {
    if (auto *Op = dyn_cast<BinaryOperator>(I))
      liftSignBits(*Op);
    else
      liftAssembler(cast<CallInst>(*I));
  }
}

} // namespace linkgrad
