//===- Scalars.cpp - Types as sequences of scalars ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/Scalars.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;

namespace linkgrad {

static constexpr size_t MaxScalars = 4096;

static bool collect(Type *T, uint64_t Offset, SmallVector<unsigned, 4> &Path,
                    const DataLayout &DL, ScalarList &List) {
  auto CollectElement = [&](unsigned I, Type *Element, uint64_t At) {
    Path.push_back(I);
    bool Ok = collect(Element, Offset + At, Path, DL, List);
    Path.pop_back();
    return Ok;
  };
  if (auto *S = dyn_cast<StructType>(T)) {
    if (S->isScalableTy())
      return false;
    const StructLayout *Layout = DL.getStructLayout(S);
    for (auto [I, Element] : enumerate(S->elements()))
      if (!CollectElement(I, Element, Layout->getElementOffset(I)))
        return false;
    return true;
  }
  if (auto *A = dyn_cast<ArrayType>(T)) {
    Type *Element = A->getElementType();
    if (A->isScalableTy() || A->getNumElements() > MaxScalars)
      return false;
    uint64_t Stride = DL.getTypeAllocSize(Element);
    for (uint64_t I = 0; I != A->getNumElements(); ++I)
      if (!CollectElement(I, Element, I * Stride))
        return false;
    return true;
  }
  if (auto *V = dyn_cast<FixedVectorType>(T)) {
    uint64_t Bits = DL.getTypeSizeInBits(V->getElementType());
    for (unsigned I = 0; I != V->getNumElements(); ++I)
      List.push_back({V->getElementType(), Offset + I * Bits / 8, Path, I});
    return List.size() <= MaxScalars;
  }
  List.push_back({T, Offset, Path, std::nullopt});
  return T->isSingleValueType() && !T->isScalableTy() &&
         List.size() <= MaxScalars;
}

std::optional<ScalarList> scalarsOf(Type *T, const DataLayout &DL) {
  ScalarList List;
  SmallVector<unsigned, 4> Path;
  if (!collect(T, 0, Path, DL, List))
    return std::nullopt;
  return List;
}

bool sameScalars(Type *A, Type *B, const DataLayout &DL) {
  if (A == B)
    return true;
  std::optional<ScalarList> AList = scalarsOf(A, DL), BList = scalarsOf(B, DL);
  return AList && BList && AList->size() == BList->size() &&
         all_of(zip_equal(*AList, *BList), [](const auto &Pair) {
           return std::get<0>(Pair).Ty == std::get<1>(Pair).Ty;
         });
}

Value *extractScalar(IRBuilderBase &B, Value *V, const Scalar &S) {
  if (!S.Path.empty())
    V = B.CreateExtractValue(V, S.Path);
  return S.Lane ? B.CreateExtractElement(V, uint64_t(*S.Lane)) : V;
}

static Value *insertScalar(IRBuilderBase &B, Value *Into, Value *V,
                           const Scalar &S) {
  if (S.Lane) {
    Value *Vector = S.Path.empty() ? Into : B.CreateExtractValue(Into, S.Path);
    V = B.CreateInsertElement(Vector, V, uint64_t(*S.Lane));
  }
  return S.Path.empty() ? V : B.CreateInsertValue(Into, V, S.Path);
}

Value *rebuildAs(IRBuilderBase &B, Value *V, Type *To, const DataLayout &DL) {
  if (V->getType() == To)
    return V;
  ScalarList From = *scalarsOf(V->getType(), DL);
  Value *Result = PoisonValue::get(To);
  for (const auto &[FromScalar, ToScalar] : zip_equal(From, *scalarsOf(To, DL)))
    Result = insertScalar(B, Result, extractScalar(B, V, FromScalar), ToScalar);
  return Result;
}

} // namespace linkgrad
