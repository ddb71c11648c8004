//===- BitwiseFloats.cpp - Arithmetic on the bits of floats ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/BitwiseFloats.h"
#include "prepare/LibraryValue.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Support/KnownBits.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;
using namespace PatternMatch;

namespace linkgrad {

/// The vector of floats of the size of \p I's elements that its operand was
/// cast from, or that \p I is cast to. If it is something else as well, its
/// bits stay the same.
static Type *usedAsFloats(const BinaryOperator &I) {
  auto IsSuch = [&](const Type *T) {
    return T->isVectorTy() && T->isFPOrFPVectorTy() &&
           T->getScalarSizeInBits() == I.getType()->getScalarSizeInBits();
  };
  if (auto *Cast = dyn_cast<BitCastInst>(I.getOperand(0));
      Cast && IsSuch(Cast->getSrcTy()))
    return Cast->getSrcTy();
  for (const User *U : I.users())
    if (isa<BitCastInst>(U) && IsSuch(U->getType()))
      return U->getType();
  return nullptr;
}

static void liftSignBits(BinaryOperator &I) {
  Type *Floats = usedAsFloats(I);
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
  for (User *U : make_early_inc_range(I.users()))
    if (isa<BitCastInst>(U) && U->getType() == Floats) {
      U->replaceAllUsesWith(Result);
      cast<Instruction>(U)->eraseFromParent();
    }
  if (!I.use_empty())
    I.replaceAllUsesWith(B.CreateBitCast(Result, I.getType()));
}

/// `maxpd $1, $0` with $0 tied to the second operand, or `vmaxpd $1, $2, $0`:
/// where the second operand is greater it is the result, else, for NaNs too,
/// the first one is.
static void liftAssembler(CallInst &Call) {
  auto *Asm = dyn_cast<InlineAsm>(Call.getCalledOperand());
  if (!Asm || Call.arg_size() != 2)
    return;
  StringRef Text = Asm->getAsmString(), Places = Asm->getConstraintString();
  bool Tied = Places.starts_with("=x,x,0") && Text.consume_back(" $1, $0");
  if (!Tied && !(Places.starts_with("=x,x,x") && Text.consume_front("v") &&
                 Text.consume_back(" $1, $2, $0")))
    return;
  auto Predicate =
      StringSwitch<CmpInst::Predicate>(Text)
          .Cases({"maxpd", "maxps", "maxsd", "maxss"}, CmpInst::FCMP_OGT)
          .Cases({"minpd", "minps", "minsd", "minss"}, CmpInst::FCMP_OLT)
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

/// `vfmadd231pd $1, $2, $0` with $0 tied to the third operand: their product is
/// added to it.
static void liftFusedAssembler(CallInst &Call) {
  auto *Asm = dyn_cast<InlineAsm>(Call.getCalledOperand());
  Type *T = Call.getType();
  if (!Asm || Call.arg_size() != 3 || !T->isFPOrFPVectorTy() ||
      !StringRef(Asm->getConstraintString()).starts_with("=x,x,x,0") ||
      !is_contained({"vfmadd231pd $1, $2, $0", "vfmadd231ps $1, $2, $0"},
                    StringRef(Asm->getAsmString())) ||
      any_of(Call.args(), [&](const Use &U) { return U->getType() != T; }))
    return;
  IRBuilder<> B(&Call);
  SmallVector<Value *, 3> Operands(Call.args());
  Call.replaceAllUsesWith(B.CreateIntrinsic(Intrinsic::fma, T, Operands));
  Call.eraseFromParent();
}

/// \p V as a constant.
static CallInst *inactive(IRBuilderBase &B, Value *V) {
  CallInst *Copy =
      B.CreateIntrinsic(Intrinsic::arithmetic_fence, V->getType(), V);
  Copy->addFnAttr(Attribute::get(Copy->getContext(), "enzyme_inactive"));
  return Copy;
}

//===----------------------------------------------------------------------===//
// Fractions and exponents
//===----------------------------------------------------------------------===//

/// Where \p I takes the lowest \p Bits bits of its result from, unchanged: it
/// masks others, or adds an integer that is 0 there. Null if it does not.
static Use *sourceOfLowBits(Instruction &I, unsigned Bits) {
  auto IsZero = [&](const Value *V) {
    return computeKnownBits(V, I.getDataLayout()).countMinTrailingZeros() >=
           Bits;
  };
  switch (I.getOpcode()) {
  case Instruction::And: {
    const APInt *Mask;
    bool Keeps =
        match(I.getOperand(1), m_APInt(Mask)) && Mask->countr_one() >= Bits;
    return Keeps ? &I.getOperandUse(0) : nullptr;
  }
  case Instruction::Or:
  case Instruction::Xor:
  case Instruction::Add:
    if (IsZero(I.getOperand(0)))
      return &I.getOperandUse(1);
    [[fallthrough]];
  case Instruction::Sub:
    return IsZero(I.getOperand(1)) ? &I.getOperandUse(0) : nullptr;
  default:
    return nullptr;
  }
}

/// frexp, ldexp and copysign by hand: \p Cast makes a float r of an integer
/// that has the fraction of a float x. It is x times the quotient of their
/// signs and exponents; but for 0 and what is not finite, of which these say
/// nothing.
static void liftFraction(BitCastInst &Cast) {
  Type *T = Cast.getType(), *Bits = Cast.getSrcTy();
  Type *Scalar = T->getScalarType();
  if (!Scalar->isIEEELikeFPTy() || !Bits->isIntOrIntVectorTy() ||
      Bits->getScalarSizeInBits() != T->getScalarSizeInBits())
    return;
  unsigned Fraction =
      APFloat::semanticsPrecision(Scalar->getFltSemantics()) - 1;
  constexpr unsigned MaxLength = 8;
  SmallVector<Use *, MaxLength> Way;
  Value *At = Cast.getOperand(0);
  while (auto *Op = dyn_cast<BinaryOperator>(At)) {
    Use *From = sourceOfLowBits(*Op, Fraction);
    if (!From || Way.size() == MaxLength)
      return;
    Way.push_back(From);
    At = *From;
  }
  // A load of an integer can be one of a float: the type analysis will tell.
  Value *X = At;
  bool IsFloat = match(At, m_BitCast(m_Value(X))) && X->getType() == T;
  if (Way.empty() || !(IsFloat || isa<LoadInst>(At)))
    return;
  // The bits are those of a constant; the old way may serve others.
  IRBuilder<> B(&Cast);
  X = B.CreateBitCast(X, T);
  Value *Old = B.CreateBitCast(inactive(B, X), Bits), *New = Old;
  for (Use *Step : reverse(Way)) {
    Instruction *Copy = B.Insert(cast<Instruction>(Step->getUser())->clone());
    Copy->setOperand(Step->getOperandNo(), New);
    New = Copy;
  }
  auto WithoutFraction = [&](Value *V) {
    unsigned Width = Bits->getScalarSizeInBits();
    auto Mask = APInt::getHighBitsSet(Width, Width - Fraction);
    return B.CreateBitCast(B.CreateAnd(V, ConstantInt::get(Bits, Mask)), T);
  };
  Value *Scale = B.CreateFDiv(WithoutFraction(New), WithoutFraction(Old));
  Cast.replaceAllUsesWith(
      withLibraryValue(B, B.CreateFMul(X, Scale), B.CreateBitCast(New, T)));
  RecursivelyDeleteTriviallyDeadInstructions(&Cast);
}

//===----------------------------------------------------------------------===//
// Rounding
//===----------------------------------------------------------------------===//

/// True if \p Sum, of something and \p C, is there for its lowest digit: C is
/// subtracted again, or it is only taken for an integer. Two constants are for
/// that: one so great that no digit is left for fractions, and 1.5 times a
/// power of two, if the digits are looked at.
static bool isRounding(const Instruction &Sum, const APFloat &C) {
  bool Subtracted = false, LookedAt = false, Otherwise = false;
  SmallVector<const Instruction *, 4> Work{&Sum};
  while (!Work.empty())
    for (const User *U : Work.pop_back_val()->users()) {
      const APFloat *D;
      if (match(U, m_Intrinsic<Intrinsic::arithmetic_fence>()))
        Work.push_back(cast<Instruction>(U));
      else if ((match(U, m_FSub(m_Value(), m_APFloat(D))) && *D == C) ||
               (match(U, m_FAdd(m_Value(), m_APFloat(D))) && *D == -C))
        Subtracted = true;
      else if (isa<BitCastInst>(U) && U->getType()->isIntOrIntVectorTy())
        LookedAt = true;
      else
        Otherwise = true;
    }
  int Exponent = ilogb(C);
  if (Exponent >= int(APFloat::semanticsPrecision(C.getSemantics())) - 1)
    return Subtracted || (LookedAt && !Otherwise);
  APFloat Significand = scalbn(abs(C), -Exponent, APFloat::rmTowardZero);
  return Subtracted && LookedAt && Significand.convertToDouble() == 1.5;
}

static void liftRounding(Instruction &I) {
  const APFloat *C;
  bool Adds = match(&I, m_FAdd(m_Value(), m_APFloat(C))) ||
              match(&I, m_Intrinsic<Intrinsic::fma>(m_Value(), m_Value(),
                                                    m_APFloat(C))) ||
              match(&I, m_Intrinsic<Intrinsic::fmuladd>(m_Value(), m_Value(),
                                                        m_APFloat(C)));
  if (!Adds || !I.getType()->getScalarType()->isIEEELikeFPTy() ||
      !C->isFiniteNonZero() || !isRounding(I, *C))
    return;
  IRBuilder<> B(I.getNextNode());
  Value *Copy = inactive(B, &I);
  I.replaceUsesWithIf(Copy, [&](const Use &U) { return U.getUser() != Copy; });
}

void liftSignBits(Function &F) {
  SmallVector<BinaryOperator *, 16> Work;
  for (Instruction &I : instructions(F))
    if (I.isBitwiseLogicOp() && I.getType()->isVectorTy())
      Work.push_back(cast<BinaryOperator>(&I));
  for (BinaryOperator *I : Work)
    liftSignBits(*I);
}

void liftBitwiseFloats(Function &F) {
  liftSignBits(F);
  for (Instruction &I : make_early_inc_range(instructions(F)))
    if (auto *Call = dyn_cast<CallInst>(&I); Call && Call->isInlineAsm()) {
      if (Call->arg_size() == 3)
        liftFusedAssembler(*Call);
      else
        liftAssembler(*Call);
    }
  SmallVector<Instruction *, 16> Work;
  for (Instruction &I : instructions(F))
    if (isa<BinaryOperator, IntrinsicInst>(I))
      Work.push_back(&I);
  for (Instruction *I : Work)
    liftRounding(*I);
  for (Instruction &I : make_early_inc_range(instructions(F)))
    if (auto *Cast = dyn_cast<BitCastInst>(&I))
      liftFraction(*Cast);
}

} // namespace linkgrad
