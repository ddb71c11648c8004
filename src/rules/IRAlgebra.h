//===- IRAlgebra.h - Emitting a rule's formula as IR ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The algebra in which a value is an llvm::Value and an operation emits an
// instruction. Vectors come for free: every instruction is element-wise, and a
// function that exists only in the C library is called for each element.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_IRALGEBRA_H
#define LINKGRAD_RULES_IRALGEBRA_H

#include "rules/RuleMaps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instruction.h"
#include "llvm/IR/Intrinsics.h"

namespace linkgrad {

/// Where a formula is emitted, and the floating-point type (scalar or vector)
/// in which it computes. The builder's fast-math flags apply.
class IREmitter {
public:
  IREmitter(llvm::IRBuilderBase &B, llvm::Type *Ty) : B(B), Ty(Ty) {}

  llvm::Value *binary(llvm::Instruction::BinaryOps FloatOp, llvm::Value *L,
                      llvm::Value *R);
  llvm::Value *negate(llvm::Value *V);
  llvm::Value *compare(llvm::CmpInst::Predicate FloatPredicate, llvm::Value *L,
                       llvm::Value *R);
  llvm::Value *logical(llvm::Instruction::BinaryOps Op, llvm::Value *L,
                       llvm::Value *R);
  llvm::Value *logicalNot(llvm::Value *V);
  llvm::Value *select(llvm::Value *C, llvm::Value *T, llvm::Value *F);
  llvm::Value *toFloat(llvm::Value *Integer);

  llvm::Value *intrinsic(llvm::Intrinsic::ID ID,
                         llvm::ArrayRef<llvm::Value *> Operands);
  /// llvm.powi and, where the exponent is an int, llvm.ldexp.
  llvm::Value *powi(llvm::Value *X, llvm::Value *Exponent);
  llvm::Value *ldexp(llvm::Value *X, llvm::Value *Exponent);
  /// The C function \p Name with the suffix of the type.
  llvm::Value *library(llvm::StringRef Name,
                       llvm::ArrayRef<llvm::Value *> Operands);

  /// \p N in the type \p T.
  llvm::Value *constant(Number N, llvm::Type *T);
  llvm::Type *type() const { return Ty; }
  llvm::Type *intType();

private:
  llvm::Value *libraryScalar(llvm::StringRef Name,
                             llvm::ArrayRef<llvm::Value *> Operands);

  llvm::IRBuilderBase &B;
  llvm::Type *Ty;
};

/// A condition: i1 or a vector of i1.
class IRBool {
public:
  IRBool(IREmitter *E, llvm::Value *V) : E(E), V(V) {}

  friend IRBool operator&(IRBool A, IRBool B) {
    return {A.E, A.E->logical(llvm::Instruction::And, A.V, B.V)};
  }
  friend IRBool operator|(IRBool A, IRBool B) {
    return {A.E, A.E->logical(llvm::Instruction::Or, A.V, B.V)};
  }
  friend IRBool operator!(IRBool A) { return {A.E, A.E->logicalNot(A.V)}; }

private:
  friend class IRValue;
  IREmitter *E;
  llvm::Value *V;
};

/// A value, or a constant that waits for the type of the other operand.
class IRValue {
public:
  /// A primal value that the map does not read.
  IRValue() = default;
  IRValue(IREmitter &E, llvm::Value *V) : E(&E), V(V) {}
  IRValue(Number N) : Pending(N) {}
  IRValue(Zero) : Pending{0, "0"} {}

  llvm::Value *value() const { return V; }

  friend IRValue operator-(IRValue A) { return {*A.E, A.E->negate(A.V)}; }

#define LINKGRAD_ARITHMETIC(OP, OPCODE)                                        \
  friend IRValue operator OP(IRValue A, IRValue B) {                           \
    IREmitter &E = matchTypes(A, B);                                           \
    return {E, E.binary(llvm::Instruction::OPCODE, A.V, B.V)};                 \
  }
  LINKGRAD_ARITHMETIC(+, FAdd)
  LINKGRAD_ARITHMETIC(-, FSub)
  LINKGRAD_ARITHMETIC(*, FMul)
  LINKGRAD_ARITHMETIC(/, FDiv)
#undef LINKGRAD_ARITHMETIC

#define LINKGRAD_COMPARISON(OP, PREDICATE)                                     \
  friend IRBool operator OP(IRValue A, IRValue B) {                            \
    IREmitter &E = matchTypes(A, B);                                           \
    return {&E, E.compare(llvm::CmpInst::PREDICATE, A.V, B.V)};                \
  }
  LINKGRAD_COMPARISON(==, FCMP_OEQ)
  LINKGRAD_COMPARISON(<, FCMP_OLT)
  LINKGRAD_COMPARISON(<=, FCMP_OLE)
  LINKGRAD_COMPARISON(>, FCMP_OGT)
  LINKGRAD_COMPARISON(>=, FCMP_OGE)
#undef LINKGRAD_COMPARISON

  friend IRBool isNaN(IRValue A) {
    return {A.E, A.E->compare(llvm::CmpInst::FCMP_UNO, A.V, A.V)};
  }
  friend IRValue select(IRBool C, IRValue A, IRValue B) {
    IREmitter &E = matchTypes(A, B);
    return {E, E.select(C.V, A.V, B.V)};
  }
  friend IRValue toFloat(IRValue A) { return {*A.E, A.E->toFloat(A.V)}; }

#define INTRINSIC1(NAME)                                                       \
  friend IRValue NAME(IRValue A) {                                             \
    return {*A.E, A.E->intrinsic(llvm::Intrinsic::NAME, {A.V})};               \
  }
#define INTRINSIC2(NAME)                                                       \
  friend IRValue NAME(IRValue A, IRValue B) {                                  \
    IREmitter &E = matchTypes(A, B);                                           \
    return {E, E.intrinsic(llvm::Intrinsic::NAME, {A.V, B.V})};                \
  }
#define LIBM1(NAME)                                                            \
  friend IRValue NAME(IRValue A) { return {*A.E, A.E->library(#NAME, {A.V})}; }
#define INTEGER2(NAME)                                                         \
  friend IRValue NAME(IRValue N, IRValue A) {                                  \
    N.settle(*A.E, A.E->intType());                                            \
    return {*A.E, A.E->library(#NAME, {N.V, A.V})};                            \
  }
#define FUNCTION2(NAME)                                                        \
  friend IRValue NAME(IRValue A, IRValue B) {                                  \
    return {*A.E, A.E->NAME(A.V, B.V)};                                        \
  }
#include "rules/RuleFunctions.def"

private:
  /// Gives a pending constant its type.
  void settle(IREmitter &At, llvm::Type *T) {
    if (!E)
      *this = {At, At.constant(Pending, T)};
  }
  static IREmitter &matchTypes(IRValue &A, IRValue &B);

  IREmitter *E = nullptr;
  llvm::Value *V = nullptr;
  Number Pending{0, "0"};
};

} // namespace linkgrad

#endif // LINKGRAD_RULES_IRALGEBRA_H
