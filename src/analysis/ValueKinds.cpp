//===- ValueKinds.cpp - What a value carries ------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/ValueKinds.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;

namespace linkgrad {

template <typename PredT> static bool containsType(Type *T, PredT Pred) {
  if (Pred(T->getScalarType()))
    return true;
  if (auto *A = dyn_cast<ArrayType>(T))
    return containsType(A->getElementType(), Pred);
  if (auto *S = dyn_cast<StructType>(T))
    return any_of(S->elements(),
                  [&](Type *Field) { return containsType(Field, Pred); });
  return false;
}

bool containsPointer(Type *T) {
  return containsType(T, [](Type *S) { return S->isPointerTy(); });
}

bool containsFloat(Type *T) {
  return containsType(T, [](Type *S) { return S->isFloatingPointTy(); });
}

/// Integers and vectors of them are what loads and stores of unknown content
/// are made of.
static unsigned integerBytes(const Value &V) {
  Type *T = V.getType();
  auto *Vector = dyn_cast<FixedVectorType>(T);
  if (!T->isIntOrIntVectorTy() || isa<ScalableVectorType>(T) ||
      isa<Constant>(V) || T->getScalarSizeInBits() % 8 != 0)
    return 0;
  return T->getScalarSizeInBits() / 8 * (Vector ? Vector->getNumElements() : 1);
}

/// What an address leaves when it is divided by an alignment.
static bool isRemainder(const Value &V) {
  using namespace PatternMatch;
  const APInt *Mask;
  return match(&V, m_And(m_Value(), m_APInt(Mask))) && Mask->isMask() &&
         Mask->countr_one() <= 16;
}

/// True if \p V is an address that was aligned, tagged or moved and becomes a
/// pointer again, whatever else is calculated with it.
static bool isComputedAddress(const Value &V, const TypeTrees &Types) {
  auto *Op = dyn_cast<BinaryOperator>(&V);
  return Op && any_of(Op->users(), IsaPred<IntToPtrInst>) &&
         any_of(Op->operands(), [&](const Use &U) {
           return isa<PtrToIntInst>(*U) ||
                  (integerBytes(*U) && Types.valueType(*U).isPointer());
         });
}

/// True if \p V is an address at some times, an integer at others, and becomes
/// a pointer again: part of an enum of Rust that LLVM keeps in a register.
/// Where it is an integer, nobody asks for its shadow.
static bool isAddressAtTimes(const Value &V, const TypeTrees &Types) {
  // What was shorter is no address.
  if (isa<ZExtInst>(V) || !Types.isPointerOrInteger(V))
    return false;
  SmallPtrSet<const Value *, 8> Seen;
  SmallVector<const Value *, 8> Work = {&V};
  while (!Work.empty())
    for (const User *U : Work.pop_back_val()->users()) {
      if (isa<IntToPtrInst>(U))
        return true;
      if (isa<PHINode, SelectInst, FreezeInst>(U) && Seen.insert(U).second)
        Work.push_back(U);
    }
  return false;
}

bool ValueKinds::carriesPointer(const Value &V) const {
  if (containsPointer(V.getType()))
    return true;
  if (isRemainder(V))
    return false;
  return integerBytes(V) &&
         (Types.valueType(V).isPointer() || isComputedAddress(V, Types) ||
          isAddressAtTimes(V, Types));
}

/// The float type of the elements that an integer of \p Bytes bytes is made of,
/// null if none of them is a float or they are of different types. Elements
/// that are no floats (the int of {int, float}) just have a zero adjoint.
static Type *packedElement(const TypeTrees &Types, const Value &V,
                           unsigned Bytes) {
  Type *Element = nullptr;
  for (unsigned Offset = 0; Offset < Bytes; Offset += 2) {
    ConcreteType T = Types.valueType(V, Offset);
    if (T.isPointer() || (T.isFloat() && Element && T.FloatType != Element))
      return nullptr;
    if (T.isFloat())
      Element = T.FloatType;
  }
  return Element;
}

Type *ValueKinds::adjointType(const Value &V) const {
  Type *T = V.getType();
  if (containsFloat(T))
    return T;
  unsigned Bytes = integerBytes(V);
  Type *Element = Bytes ? packedElement(Types, V, Bytes) : nullptr;
  if (!Element)
    return nullptr;
  unsigned Size = Element->getPrimitiveSizeInBits() / 8;
  if (Size == Bytes)
    return Element;
  if (Bytes % Size != 0)
    return nullptr;
  return FixedVectorType::get(Element, Bytes / Size);
}

bool ValueKinds::isAmbiguous(const Value &V) const {
  unsigned Bytes = integerBytes(V);
  if (!Bytes)
    return false;
  for (unsigned Offset = 0; Offset < Bytes; ++Offset) {
    ConcreteType T = Types.valueType(V, Offset);
    if (T.isFloat() || T.isPointer() || T.K == ConcreteType::Unknown)
      return !adjointType(V) && !Types.valueType(V).isPointer() &&
             !isAddressAtTimes(V, Types);
  }
  return false;
}

} // namespace linkgrad
