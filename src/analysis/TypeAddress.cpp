//===- TypeAddress.cpp - Pointers as roots and offsets --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAddress.h"
#include "analysis/CountedUnit.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"
#include "llvm/IR/PatternMatch.h"
#include <numeric>
#include <optional>

using namespace llvm;
using namespace llvm::PatternMatch;

namespace linkgrad {

/// The constant part of a distance to the next multiple of an alignment,
/// C - address % alignment. The other part is taken for 0: what lies there is
/// only reached by the rounded address.
static std::optional<int64_t> roundingDistance(const Value &Index) {
  const APInt *C, *Mask;
  if (!match(&Index,
             m_Sub(m_APInt(C), m_And(m_PtrToInt(m_Value()), m_APInt(Mask)))) ||
      !Mask->isMask() || C->getSignificantBits() > 32)
    return std::nullopt;
  return C->getSExtValue();
}

/// The pointer that \p GEP gives again, moving its base by the distance of the
/// two; else null.
static const Value *otherPointer(const GEPOperator &GEP) {
  Value *Other;
  return GEP.getNumIndices() == 1 &&
                 GEP.getSourceElementType()->isIntegerTy(8) &&
                 match(GEP.getOperand(1),
                       m_Sub(m_PtrToInt(m_Value(Other)),
                             m_PtrToInt(m_Specific(GEP.getPointerOperand()))))
             ? Other
             : nullptr;
}

/// What \p Index, which counts bytes, is a multiple of: a counter of elements
/// of which LLVM has made one of bytes, or a distance of pointers.
static int64_t factorOfBytes(const Value &Index) {
  int64_t Factor = steppedFactor(Index);
  auto *I = dyn_cast<Instruction>(&Index);
  return Factor == 1 && I ? countedUnit(*I, *I->getFunction()) : Factor;
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
    if (const Value *Other = otherPointer(*GEP)) {
      C.Root = Other;
      continue;
    }
    unsigned Bits = DL.getIndexTypeSizeInBits(GEP->getType());
    SmallMapVector<Value *, APInt, 4> Variable;
    APInt Constant(Bits, 0);
    if (!GEP->collectOffset(DL, Bits, Variable, Constant))
      break;
    C.Root = GEP->getPointerOperand();
    C.Constant += Constant.getSExtValue();
    for (auto &[Index, Scale] : Variable) {
      if (auto Distance = roundingDistance(*Index); Distance && Scale.isOne()) {
        C.Constant += *Distance;
        continue;
      }
      int64_t Stride = std::abs(Scale.getSExtValue());
      // An index that counts in other units, as in p[2 * i].
      C.Strides.push_back(Stride == 1 ? factorOfBytes(*Index)
                                      : Stride * knownFactor(*Index));
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
