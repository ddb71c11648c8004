//===- TypeAddress.cpp - Pointers as roots and offsets --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAddress.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"
#include <numeric>

using namespace llvm;

namespace linkgrad {

static int64_t knownFactor(const Value &V, unsigned Depth) {
  constexpr unsigned MaxDepth = 6;
  constexpr int64_t Bound = 1 << 24; // Nobody asks for more.
  if (auto *C = dyn_cast<ConstantInt>(&V)) {
    auto Value = C->getValue().trySExtValue();
    return Value && std::abs(*Value) < Bound ? std::abs(*Value) : 1;
  }
  if (Depth == MaxDepth)
    return 1;
  if (auto *Cast = dyn_cast<CastInst>(&V); isa<SExtInst, ZExtInst>(&V))
    return knownFactor(*Cast->getOperand(0), Depth + 1);
  auto *Op = dyn_cast<BinaryOperator>(&V);
  auto *C = Op ? dyn_cast<ConstantInt>(Op->getOperand(1)) : nullptr;
  if (!Op || (C && C->getBitWidth() > 64))
    return 1;
  // Rounded down, as in bytes / 8 * 8.
  if (Op->getOpcode() == Instruction::And && C && !C->isZero())
    return int64_t(1) << std::min(C->getValue().countr_zero(), 12u);
  int64_t Left = knownFactor(*Op->getOperand(0), Depth + 1), Right;
  if (Op->getOpcode() == Instruction::Shl && C && C->getValue().ult(12))
    Right = int64_t(1) << C->getZExtValue();
  else if (Op->getOpcode() == Instruction::Mul)
    Right = knownFactor(*Op->getOperand(1), Depth + 1);
  else
    return 1;
  // A product with 0 is no evidence.
  return Left && Right && Left < Bound / Right ? Left * Right
                                               : std::max<int64_t>(Left, 1);
}

int64_t knownFactor(const Value &V) { return knownFactor(V, 0); }

int64_t countedUnit(const Value &Bytes) {
  int64_t Unit = knownFactor(Bytes);
  auto *Difference = dyn_cast<BinaryOperator>(&Bytes);
  if (!Difference || Difference->getOpcode() != Instruction::Sub ||
      !all_of(Difference->operands(), IsaPred<PtrToIntInst>))
    return Unit;
  for (const User *U : Bytes.users()) {
    auto *Quotient = dyn_cast<PossiblyExactOperator>(U);
    auto *C =
        Quotient ? dyn_cast<ConstantInt>(Quotient->getOperand(1)) : nullptr;
    if (!C || !Quotient->isExact() || !C->getValue().isStrictlyPositive() ||
        C->getValue().uge(1 << 20))
      continue;
    bool Shifts = Quotient->getOpcode() == Instruction::AShr ||
                  Quotient->getOpcode() == Instruction::LShr;
    uint64_t By = C->getZExtValue();
    if (!Shifts)
      Unit = std::max<int64_t>(Unit, By);
    else if (By < 20)
      Unit = std::max<int64_t>(Unit, int64_t(1) << By);
  }
  return Unit;
}

TypeAddress chaseAddress(const Value &V, const DataLayout &DL) {
  constexpr unsigned MaxLength = 8; // Longer chains go through known places.
  TypeAddress C;
  C.Root = &V;
  for (unsigned I = 0; I < MaxLength; ++I) {
    if (isa<BitCastOperator, AddrSpaceCastOperator>(C.Root)) {
      C.Root = cast<Operator>(C.Root)->getOperand(0);
      continue;
    }
    auto *GEP = dyn_cast<GEPOperator>(C.Root);
    if (!GEP)
      break;
    unsigned Bits = DL.getIndexTypeSizeInBits(GEP->getType());
    SmallMapVector<Value *, APInt, 4> Variable;
    APInt Constant(Bits, 0);
    if (!GEP->collectOffset(DL, Bits, Variable, Constant))
      break;
    C.Root = GEP->getPointerOperand();
    C.Constant += Constant.getSExtValue();
    for (auto &[Index, Scale] : Variable) {
      int64_t Stride = std::abs(Scale.getSExtValue());
      // An index that counts in other units, as in p[2 * i].
      C.Strides.push_back(Stride * knownFactor(*Index));
    }
  }
  llvm::sort(C.Strides, std::greater<>());
  C.Strides.erase(llvm::unique(C.Strides), C.Strides.end());
  if (C.Strides.size() > 3)
    C.Strides = {
        std::accumulate(C.Strides.begin(), C.Strides.end(), int64_t(0),
                        [](int64_t A, int64_t B) { return std::gcd(A, B); })};
  return C;
}

} // namespace linkgrad
