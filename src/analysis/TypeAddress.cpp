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

int64_t knownFactor(const Value &V) {
  const Value *X = &V;
  int64_t Factor = 1;
  for (unsigned Steps = 0; Steps < 6; ++Steps) {
    if (auto *C = dyn_cast<ConstantInt>(X)) {
      auto Value = C->getValue().trySExtValue();
      return Value ? std::abs(*Value) * Factor : Factor;
    }
    if (isa<SExtInst, ZExtInst>(X)) {
      X = cast<CastInst>(X)->getOperand(0);
      continue;
    }
    auto *Op = dyn_cast<BinaryOperator>(X);
    auto *C = Op ? dyn_cast<ConstantInt>(Op->getOperand(1)) : nullptr;
    if (!C || C->getBitWidth() > 64)
      return Factor;
    // Rounded down, as in bytes / 8 * 8.
    if (Op->getOpcode() == Instruction::And && !C->isZero())
      return Factor << std::min(C->getValue().countr_zero(), 12u);
    if (Op->getOpcode() == Instruction::Shl && C->getValue().ult(12))
      Factor <<= C->getZExtValue();
    else if (Op->getOpcode() == Instruction::Mul && C->getSExtValue() > 0 &&
             C->getSExtValue() < (1 << 20))
      Factor *= C->getSExtValue();
    else
      return Factor;
    if (Factor >= (1 << 24))
      return Factor;
    X = Op->getOperand(0);
  }
  return Factor;
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
