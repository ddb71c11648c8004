//===- IRAlgebra.cpp - Emitting a rule's formula as IR --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/IRAlgebra.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

IREmitter &IRValue::matchTypes(IRValue &A, IRValue &B) {
  IREmitter &E = A.E ? *A.E : *B.E;
  // Two constants, as the arms of a select can be, have the row's type.
  Type *T = A.E ? A.V->getType() : B.E ? B.V->getType() : E.type();
  A.settle(E, T);
  B.settle(E, T);
  return E;
}

Value *IREmitter::constant(Number N, Type *T) {
  if (T->isIntOrIntVectorTy())
    return ConstantInt::getSigned(T, static_cast<int64_t>(N.Value));
  return ConstantFP::get(T, N.Digits);
}

Type *IREmitter::intType() { return B.getInt32Ty(); }

/// The integer operation behind an operator of the algebra.
static Instruction::BinaryOps integerOp(Instruction::BinaryOps FloatOp) {
  assert((FloatOp == Instruction::FAdd || FloatOp == Instruction::FSub) &&
         "a row multiplies or divides integers");
  return FloatOp == Instruction::FAdd ? Instruction::Add : Instruction::Sub;
}

Value *IREmitter::binary(Instruction::BinaryOps FloatOp, Value *L, Value *R) {
  bool IsInteger = L->getType()->isIntOrIntVectorTy();
  return B.CreateBinOp(IsInteger ? integerOp(FloatOp) : FloatOp, L, R);
}

Value *IREmitter::negate(Value *V) { return B.CreateFNeg(V); }

Value *IREmitter::compare(CmpInst::Predicate FloatPredicate, Value *L,
                          Value *R) {
  if (!L->getType()->isIntOrIntVectorTy())
    return B.CreateFCmp(FloatPredicate, L, R);
  assert(FloatPredicate == CmpInst::FCMP_OEQ && "integers are only equal");
  return B.CreateICmpEQ(L, R);
}

/// The value of a condition that is the same constant in all elements.
static std::optional<bool> knownCondition(Value *V) {
  auto *C = dyn_cast<Constant>(V);
  if (C && C->getType()->isVectorTy())
    C = C->getSplatValue();
  auto *Int = dyn_cast_or_null<ConstantInt>(C);
  return Int ? std::optional<bool>(Int->isOne()) : std::nullopt;
}

// Conditions on constant operands, as in pow(x, 3), are known at once. Folding
// them here keeps the guards out of the code and their needs out of the way.
Value *IREmitter::logical(Instruction::BinaryOps Op, Value *L, Value *R) {
  bool IsAnd = Op == Instruction::And;
  if (std::optional<bool> Known = knownCondition(L))
    return *Known == IsAnd ? R : L;
  if (std::optional<bool> Known = knownCondition(R))
    return *Known == IsAnd ? L : R;
  return B.CreateBinOp(Op, L, R);
}

Value *IREmitter::logicalNot(Value *V) { return B.CreateNot(V); }

Value *IREmitter::select(Value *C, Value *T, Value *F) {
  if (std::optional<bool> Known = knownCondition(C))
    return *Known ? T : F;
  return B.CreateSelect(C, T, F);
}

Value *IREmitter::toFloat(Value *Integer) {
  // llvm.powi has one exponent for all elements.
  auto *Vector = dyn_cast<VectorType>(Ty);
  if (Vector && !Integer->getType()->isVectorTy())
    Integer = B.CreateVectorSplat(Vector->getElementCount(), Integer);
  return B.CreateSIToFP(Integer, Ty);
}

Value *IREmitter::intrinsic(Intrinsic::ID ID, ArrayRef<Value *> Operands) {
  return B.CreateIntrinsic(ID, {Operands[0]->getType()}, Operands);
}

Value *IREmitter::powi(Value *X, Value *Exponent) {
  return B.CreateIntrinsic(Intrinsic::powi, {X->getType(), Exponent->getType()},
                           {X, Exponent});
}

Value *IREmitter::ldexp(Value *X, Value *Exponent) {
  // scalbln's long does not fit the intrinsic, which becomes a call of ldexp.
  if (Exponent->getType()->isIntegerTy(64))
    return library("scalbln", {X, Exponent});
  return B.CreateIntrinsic(Intrinsic::ldexp,
                           {X->getType(), Exponent->getType()}, {X, Exponent});
}

Value *IREmitter::library(StringRef Name, ArrayRef<Value *> Operands) {
  // Rows with library functions are never reached by scalable vectors: those
  // occur only in intrinsics, whose rows use intrinsics.
  auto *Vector = dyn_cast<FixedVectorType>(Ty);
  if (!Vector)
    return libraryScalar(Name, Operands);
  Value *Result = PoisonValue::get(Ty);
  for (unsigned Lane = 0; Lane != Vector->getNumElements(); ++Lane) {
    SmallVector<Value *, 2> Elements;
    for (Value *V : Operands)
      Elements.push_back(
          V->getType()->isVectorTy() ? B.CreateExtractElement(V, Lane) : V);
    Result = B.CreateInsertElement(Result, libraryScalar(Name, Elements), Lane);
  }
  return Result;
}

std::string libraryName(StringRef Name, const Type &T, const Module &M) {
  if (T.isDoubleTy())
    return Name.str();
  if (T.isFloatTy())
    return (Name + "f").str();
  // Where long double is something else, glibc has a function for each.
  bool IsF128 = T.isFP128Ty() && M.getTargetTriple().isX86();
  return (Name + (IsF128 ? "f128" : "l")).str();
}

Value *IREmitter::libraryScalar(StringRef Name, ArrayRef<Value *> Operands) {
  Type *Scalar = Ty->getScalarType();
  SmallVector<Type *, 2> Types;
  for (Value *V : Operands)
    Types.push_back(V->getType());
  Module &M = *B.GetInsertBlock()->getModule();
  FunctionCallee Callee = M.getOrInsertFunction(
      libraryName(Name, *Scalar, M), FunctionType::get(Scalar, Types, false));
  CallInst *Call = B.CreateCall(Callee, Operands);
  // What LLVM assumes of its intrinsics, which become the same calls: nobody
  // looks at errno after a derivative.
  Call->setDoesNotAccessMemory();
  Call->setDoesNotThrow();
  Call->addFnAttr(Attribute::WillReturn);
  return Call;
}

} // namespace linkgrad
