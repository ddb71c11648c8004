//===- TypeAnalysisDeclared.cpp - Types that declarations state -----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What attributes, debug records, address arithmetic and TBAA tags of one
// function say about the places that they speak of.
//
//===----------------------------------------------------------------------===//

#include "analysis/FunctionObjects.h"
#include "analysis/TypeAnalysisFunction.h"
#include "analysis/TypeTree.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace linkgrad {

void FunctionTypes::readArguments() {
  AttributeList Attributes = F.getAttributes();
  for (Argument &A : F.args())
    readParameter(A, Attributes.getParamAttrs(A.getArgNo()));
  for (const Argument *Object : functionObjectsOf(F))
    if (!Sources.addFunctionObject(pointsTo(*Object)))
      Sources.addUnion(pointsTo(*Object), FunctionObjectSize);
}

/// \p V is passed as a parameter that has \p Attributes.
void FunctionTypes::readParameter(const Value &V, AttributeSet Attributes) {
  if (V.getType()->isPointerTy())
    for (auto Kind : {Attribute::ByVal, Attribute::StructRet, Attribute::ByRef,
                      Attribute::InAlloca, Attribute::Preallocated})
      if (Type *T = Attributes.getAttribute(Kind).isValid()
                        ? Attributes.getAttribute(Kind).getValueAsType()
                        : nullptr)
        Sources.addType(pointsTo(V), T, /*Integers=*/true);
  readTypeString(V, Attributes.getAttribute("enzyme_type"));
}

/// A hint that makes no sense for the value is ignored: programs contain such.
void FunctionTypes::readTypeString(const Value &V, Attribute A) {
  if (!A.isStringAttribute())
    return;
  auto Warn = [&](const Twine &Why) {
    F.getContext().diagnose(DiagnosticInfoGeneric(
        "enzyme_type in " + F.getName() + " is ignored: " + Why, DS_Warning));
  };
  auto Tree = TypeTree::parse(A.getValueAsString(), F.getContext());
  if (!Tree)
    return Warn(toString(Tree.takeError()));
  Type *T = V.getType();
  ConcreteType Whole = Tree->at({-1});
  if (!Whole.isKnown())
    Whole = Tree->at({0});
  if (T->isPtrOrPtrVectorTy()) {
    if (Whole.isKnown() && !Whole.isPointer() &&
        Whole.K != ConcreteType::Anything)
      return Warn("it is not the type of a pointer");
    return Sources.addLayout(pointsTo(V), Tree->data0());
  }
  if (T->isFPOrFPVectorTy()) {
    if (Whole.isKnown() &&
        !(Whole == ConcreteType{ConcreteType::Float, T->getScalarType()}))
      Warn("it is not the type of the value");
    return;
  }
  // Every offset of a value is every offset within its size.
  Sources.addLayout(content(V), Tree->shiftIndices(DL, 0, sizeOf(T), 0));
}

/// Variables that are described by a value as a whole or by a piece of one.
void FunctionTypes::readDebugRecords(Instruction &I) {
  for (DbgVariableRecord &R : filterDbgVars(I.getDbgRecordRange())) {
    if (R.hasArgList() || R.isKillLocation())
      continue;
    Value *V = R.getVariableLocationOp(0);
    const DIExpression *Expr = R.getExpression();
    const DIType *T = R.getVariable()->getType();
    auto Fragment = Expr->getFragmentInfo();
    if (!V || !T || Expr->getNumElements() != (Fragment ? 3 : 0))
      continue;
    if (Fragment) {
      readDebugFragment(R, *V, *Fragment);
      continue;
    }
    if (R.getVariable()->isObjectPointer()) {
      Loc Object = R.isDbgDeclare()
                       ? G.pointee(pointsTo(*V), DL.getPointerSize())
                       : pointsTo(*V);
      Sources.addDebugPointee(Object, T, /*Single=*/true);
    } else if (R.isDbgDeclare())
      Sources.addDebugType(pointsTo(*V), T);
    else if (!V->getType()->isPointerTy())
      Sources.addDebugType(content(*V), T);
    else
      Sources.addDebugPointee(pointsTo(*V), T);
  }
}

/// A part of a variable, which says nothing about what is around the place that
/// its value was loaded from.
void FunctionTypes::readDebugFragment(const DbgVariableRecord &R,
                                      const Value &V,
                                      DIExpression::FragmentInfo Fragment) {
  const DIType *T = R.getVariable()->getType();
  uint64_t Offset = Fragment.OffsetInBits / 8, Size = Fragment.SizeInBits / 8;
  if (Fragment.OffsetInBits % 8)
    return;
  if (R.isDbgDeclare())
    Sources.addDebugFragment(pointsTo(V), T, Offset, Size);
  else if (V.getType()->isPointerTy())
    Sources.addDebugFragmentPointee(pointsTo(V), T, Offset);
  else if (Loc L = content(V))
    Sources.addDebugFragment(L, T, Offset, std::min(Size, sizeOf(V.getType())));
}

/// False if arithmetic goes on from the result of \p GEP in other units:
/// optimised code adds the constant part of an address last, so the elements
/// that a variable index counts need not begin where it is added.
static bool endsAtElement(const GEPOperator &GEP) {
  return all_of(GEP.users(), [&](const User *U) {
    auto *Next = dyn_cast<GEPOperator>(U);
    return !Next || Next->getSourceElementType() == GEP.getSourceElementType();
  });
}

/// Address arithmetic over a type that holds floats or pointers: there is an
/// object of this type. A bare integer type is only a unit of length.
void FunctionTypes::readSourceElementType(const GEPOperator &GEP) {
  Type *T = GEP.getSourceElementType();
  if (T->isIntOrIntVectorTy() || !sizeOf(T))
    return;
  if (!GEP.hasAllConstantIndices() && !endsAtElement(GEP))
    return;
  Loc L = pointsTo(*GEP.getPointerOperand());
  int64_t Size = DL.getTypeAllocSize(T).getFixedValue();
  auto *First = dyn_cast<ConstantInt>(GEP.idx_begin()->get());
  if (!First || !First->getValue().trySExtValue())
    L = G.element(L, Size);
  else if (L && First->isNegative()) // From the end of an array backwards.
    L = L + First->getSExtValue() * Size;
  Sources.addType(L, T, /*Integers=*/false);
}

/// True if \p V is used as enumerations are, which C's TBAA cannot tell from
/// members of unions: compared, as an index, or copied.
static bool isLikeEnumeration(const Value &V) {
  return all_of(V.users(), [&](const User *U) {
    if (isa<SExtInst, ZExtInst>(U))
      return isLikeEnumeration(*U);
    return isa<ICmpInst, SwitchInst, GetElementPtrInst, PHINode, SelectInst,
               FreezeInst, StoreInst, CallBase, ReturnInst>(U);
  });
}

/// \p Accessed is read from or written to \p Ptr by \p I.
void FunctionTypes::readTbaa(const Instruction &I, const Value &Ptr,
                             const Value &Accessed) {
  const MDNode *Tag = I.getMetadata(LLVMContext::MD_tbaa);
  Type *T = Accessed.getType();
  uint64_t Size = sizeOf(T);
  if (!Tag || !Size)
    return;
  Sources.addTbaaAccess(pointsTo(Ptr),
                        pointsTo(Ptr, -TypeSources::tbaaOffset(*Tag)), *Tag,
                        Size, T->isIntOrIntVectorTy());
  // Vectors are accessed in this way without being in unions; integer constants
  // are stored whatever they stand for.
  bool Constant = isa<llvm::Constant>(Accessed) && !T->isFloatingPointTy();
  auto IsEnumeration = [&] {
    return T->isIntegerTy() && Size <= 4 && isLikeEnumeration(Accessed);
  };
  if (TypeSources::isUntypedAccess(*Tag) && Size > 1 && !T->isVectorTy() &&
      !Constant && !IsEnumeration())
    Sources.addUnion(pointsTo(Ptr), Size);
}

} // namespace linkgrad
