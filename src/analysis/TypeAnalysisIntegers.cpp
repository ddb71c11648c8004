//===- TypeAnalysisIntegers.cpp - Integers, or floats on the move ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which integer operations prove that their operands are integers. Operations
// that can take a bundle of floats apart or put it together say nothing, and
// pass on what is known. Where a result of bit operations on floats comes out
// as a float, no rule will fit and the user gets an error, as it should be.
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAnalysisFunction.h"
#include "llvm/ADT/APInt.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace linkgrad {

/// \p V is an integer for certain, and so is the memory that it comes from.
void FunctionTypes::markInteger(const Value &V) {
  Type *T = V.getType();
  // The bytes of an address stay those of a pointer.
  if (!T->isIntOrIntVectorTy() || T->getScalarSizeInBits() < 8 ||
      isa<PtrToIntInst>(V))
    return;
  Loc L = content(V);
  uint64_t Size = sizeOf(T);
  uint64_t Step = std::min<uint64_t>(8, sizeOf(T->getScalarType()));
  if (!L)
    return;
  for (uint64_t I = 0; I < Size; I += Step)
    G.mark(L + I, std::min(Step, Size - I), Evidence::integer());
}

/// \p V is an integer as far as can be seen.
void FunctionTypes::markWeakInteger(const Value &V) {
  uint64_t Size = sizeOf(V.getType());
  if (Loc L = content(V); L && V.getType()->isIntegerTy())
    for (uint64_t I = 0; I < Size; I += 8)
      G.mark(L + I, std::min<uint64_t>(8, Size - I), Evidence::weakInteger());
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

void FunctionTypes::visitTruncInst(TruncInst &I) {
  if (I.getType()->getScalarSizeInBits() < 8)
    return markInteger(*I.getOperand(0)); // A truth value.
  Loc L = content(*I.getOperand(0));
  if (!L || I.getType()->isVectorTy() || DL.isBigEndian())
    return;
  load(L, I);
}

void FunctionTypes::visitZExtInst(ZExtInst &I) {
  Value &From = *I.getOperand(0);
  if (From.getType()->getScalarSizeInBits() < 8)
    return markWeakInteger(I);
  if (!I.getType()->isVectorTy() && DL.isLittleEndian())
    G.tie(content(I), content(From), sizeOf(From.getType()));
}

void FunctionTypes::visitSExtInst(SExtInst &I) {
  // From i1 it makes masks, and those select floats.
  if (I.getOperand(0)->getType()->getScalarSizeInBits() < 8)
    return;
  markInteger(*I.getOperand(0));
  markInteger(I);
}

void FunctionTypes::visitSIToFPInst(SIToFPInst &I) {
  markInteger(*I.getOperand(0));
}
void FunctionTypes::visitUIToFPInst(UIToFPInst &I) {
  markInteger(*I.getOperand(0));
}
void FunctionTypes::visitFPToSIInst(FPToSIInst &I) { markInteger(I); }
void FunctionTypes::visitFPToUIInst(FPToUIInst &I) { markInteger(I); }

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

void FunctionTypes::visitBinaryOperator(BinaryOperator &I) {
  if (!I.getType()->isIntOrIntVectorTy())
    return;
  switch (I.getOpcode()) {
  case Instruction::Shl:
  case Instruction::LShr:
  case Instruction::AShr:
    return visitShift(I);
  case Instruction::And:
  case Instruction::Or:
  case Instruction::Xor:
    return visitBitOperation(I);
  default:
    markInteger(*I.getOperand(0));
    markInteger(*I.getOperand(1));
    // A pointer in disguise as long as the addition has a pointer in it.
    if (!isa<PtrToIntInst>(I.getOperand(0)) &&
        !isa<PtrToIntInst>(I.getOperand(1)))
      markInteger(I);
    else
      markWeakInteger(I);
  }
}

void FunctionTypes::visitShift(BinaryOperator &I) {
  Value &From = *I.getOperand(0);
  markInteger(*I.getOperand(1));
  const APInt *Amount;
  if (!match(I.getOperand(1), m_APInt(Amount)))
    return markWeakInteger(I);
  // Scaling by a small factor is arithmetic. Shifts that find exponents and
  // fractions of floats are longer.
  if (Amount->ult(8)) {
    markInteger(From);
    return markInteger(I);
  }
  if (Amount->urem(8) != 0 || I.getType()->isVectorTy() || DL.isBigEndian() ||
      Amount->uge(I.getType()->getScalarSizeInBits()))
    return markWeakInteger(I);
  // Whole bytes move.
  int64_t Bytes = Amount->getZExtValue() / 8, Size = sizeOf(I.getType());
  Loc To = content(I), L = content(From);
  if (!L)
    return;
  if (I.getOpcode() == Instruction::Shl)
    G.tie(To + Bytes, L, Size - Bytes);
  else
    G.tie(To, L + Bytes, Size - Bytes);
}

/// True if every byte of \p Mask is 0 or 0xff.
static bool isByteMask(const APInt &Mask) {
  if (Mask.getBitWidth() % 8)
    return false;
  for (unsigned I = 0; I < Mask.getBitWidth(); I += 8) {
    uint64_t Byte = Mask.extractBitsAsZExtValue(8, I);
    if (Byte != 0 && Byte != 0xff)
      return false;
  }
  return true;
}

/// True if \p I turns the bits of a float into an integer that is ordered as
/// the floats are (IEEE 754-2019, 5.10, totalOrder): those of a negative one,
/// but for the sign, are inverted. Sorts compare such numbers. \p InVariable
/// is set if unoptimised code keeps both in one variable.
static bool isTotalOrder(const BinaryOperator &I, bool &InVariable) {
  uint64_t Sign = I.getType()->getScalarSizeInBits() - 1;
  const Value *Bits, *Again;
  if (!match(&I, m_c_Xor(m_LShr(m_AShr(m_Value(Bits), m_SpecificInt(Sign)),
                                m_SpecificInt(1)),
                         m_Value(Again))))
    return false;
  auto *Load = dyn_cast<LoadInst>(Bits), *Other = dyn_cast<LoadInst>(Again);
  InVariable = Load && Other && isa<AllocaInst>(Load->getPointerOperand()) &&
               Load->getPointerOperand() == Other->getPointerOperand();
  return Bits == Again || InVariable;
}

void FunctionTypes::visitBitOperation(BinaryOperator &I) {
  bool InVariable = false;
  if (isTotalOrder(I, InVariable)) // Says nothing of the bits.
    return InVariable ? void() : markInteger(I);
  uint64_t Size = sizeOf(I.getType());
  const APInt *Mask;
  bool And = I.getOpcode() == Instruction::And;
  if (And && match(I.getOperand(1), m_APInt(Mask))) {
    if (isByteMask(*Mask) && !I.getType()->isVectorTy()) {
      if (Loc L = content(*I.getOperand(0)))
        for (unsigned Byte = 0, End; Byte < Size; Byte = End + 1) {
          auto Kept = [&](unsigned B) {
            return B < Size && Mask->extractBitsAsZExtValue(1, B * 8);
          };
          for (End = Byte; Kept(End);)
            ++End;
          if (DL.isLittleEndian())
            G.tie(content(I) + Byte, L + Byte, End - Byte);
        }
      return;
    }
    // The lowest bits of a float mean nothing, nor does one bit but the sign;
    // flags and remainders are there.
    bool Low = Mask->getActiveBits() <= 16 && Mask->getBitWidth() >= 32;
    bool Flag = Mask->isPowerOf2() && !Mask->isSignMask();
    if (Low || Flag) {
      markInteger(*I.getOperand(0));
      return markInteger(I);
    }
  }
  for (Value *Op : I.operands())
    if (!isa<SExtInst>(Op)) // A mask made from a truth value.
      if (Loc L = content(*Op))
        G.tie(content(I), L, Size);
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

void FunctionTypes::visitICmpInst(ICmpInst &I) {
  Value &A = *I.getOperand(0), &B = *I.getOperand(1);
  if (!A.getType()->isIntOrIntVectorTy())
    return;
  const APInt *C;
  bool Constant = match(&B, m_APInt(C));
  if (Constant && (C->isZero() || C->isAllOnes() || C->isMinSignedValue()))
    return; // The sign of a float, or whether all is zero.
  if (I.isEquality() && !Constant) {
    // Bytes can be compared whatever they are, with others of their kind.
    if (Loc L = content(A))
      G.tie(L, content(B), sizeOf(A.getType()));
    return;
  }
  // No float but a denormal has the bits of a small number.
  if (I.isEquality() && C->abs().getActiveBits() > 16)
    return;
  markInteger(A);
  markInteger(B);
}

void FunctionTypes::visitSwitchInst(SwitchInst &I) {
  markInteger(*I.getCondition());
}

} // namespace linkgrad
