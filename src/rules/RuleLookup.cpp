//===- RuleLookup.cpp - The row that speaks for an operation --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From instructions, intrinsics and C library names to rows. The names are
// those of the table and not of TargetLibraryInfo, which does not know all of
// them (the Bessel functions, for one); the prototype is checked against the
// row.
//
//===----------------------------------------------------------------------===//

#include "rules/ScalarRules.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Intrinsics.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// Positions in the table.
enum RowIndex : unsigned {
#define RULE1(ROW, X) Row_##ROW,
#define RULE1I(ROW, X) Row_##ROW,
#define RULEI1(ROW, Y) Row_##ROW,
#define RULE2(ROW, X, Y) Row_##ROW,
#define RULE3(ROW, X, Y, Z) Row_##ROW,
#include "rules/ScalarRules.def"
};

enum class Precision { Single, Double, LongDouble };

struct LibraryName {
  const ScalarRule *Row;
  Precision P;
};

} // namespace

static const ScalarRule *row(RowIndex Index) {
  return &ScalarRule::all()[Index];
}

static const ScalarRule *ruleForOpcode(unsigned Opcode) {
  switch (Opcode) {
#define INSTRUCTION(ROW)                                                       \
  case Instruction::ROW:                                                       \
    return row(Row_##ROW);
#include "rules/ScalarRules.def"
  default:
    return nullptr;
  }
}

static const ScalarRule *ruleForIntrinsic(Intrinsic::ID ID) {
  switch (ID) {
#define INTRINSIC(ROW, ID)                                                     \
  case Intrinsic::ID:                                                          \
    return row(Row_##ROW);
#include "rules/ScalarRules.def"
  default:
    // The constrained intrinsics have no rows: their rounding mode and
    // exception behaviour would have to hold for the derivative as well.
    return nullptr;
  }
}

static const StringMap<LibraryName> &libraryNames() {
  static const StringMap<LibraryName> Names = [] {
    StringMap<LibraryName> N;
#define LIBM(ROW, F, FF, FL)                                                   \
  N[F] = {row(Row_##ROW), Precision::Double};                                  \
  N[FF] = {row(Row_##ROW), Precision::Single};                                 \
  N[FL] = {row(Row_##ROW), Precision::LongDouble};
#include "rules/ScalarRules.def"
    return N;
  }();
  return Names;
}

/// Looks up \p Name, also in the form __NAME_finite that glibc's headers gave
/// the functions under -ffast-math for some years.
static LibraryName lookUp(StringRef Name) {
  StringRef Stem = Name;
  if (Stem.consume_front("__") && Stem.consume_back("_finite"))
    Name = Stem;
  return libraryNames().lookup(Name);
}

static bool hasPrecision(const Type &T, Precision P) {
  switch (P) {
  case Precision::Single:
    return T.isFloatTy();
  case Precision::Double:
    return T.isDoubleTy();
  case Precision::LongDouble:
    // On some targets long double is double.
    return T.isX86_FP80Ty() || T.isFP128Ty() || T.isPPC_FP128Ty() ||
           T.isDoubleTy();
  }
  return false;
}

bool ScalarRule::fits(const FunctionType &FT) const {
  if (FT.isVarArg() || FT.getNumParams() != Operands.size())
    return false;
  for (auto [Param, Kind] : zip(FT.params(), Operands))
    if (Kind == 'f' ? Param != FT.getReturnType() : !Param->isIntegerTy())
      return false;
  return true;
}

/// The row named by enzyme_math="…": a C function's name in any precision, or a
/// row's own name (powi, which only LLVM has).
static const ScalarRule *ruleForMathAttribute(StringRef Name) {
  if (const ScalarRule *Rule = lookUp(Name).Row)
    return Rule;
  const auto *Found = find_if(
      ScalarRule::all(), [&](const ScalarRule &R) { return R.name() == Name; });
  return Found == ScalarRule::all().end() ? nullptr : Found;
}

const ScalarRule *ScalarRule::forLibraryName(StringRef Name) {
  return lookUp(Name).Row;
}

const ScalarRule *ScalarRule::forCallee(const Function &F) {
  const FunctionType &FT = *F.getFunctionType();
  if (F.isIntrinsic())
    return ruleForIntrinsic(F.getIntrinsicID());
  if (Attribute Math = F.getFnAttribute("enzyme_math"); Math.isValid()) {
    const ScalarRule *Rule = ruleForMathAttribute(Math.getValueAsString());
    const Type &T = *FT.getReturnType();
    bool HasLibrary = T.isFloatTy() || T.isDoubleTy() || T.isX86_FP80Ty();
    return Rule && HasLibrary && Rule->fits(FT) ? Rule : nullptr;
  }
  // A definition is somebody's own function of that name.
  if (!F.isDeclaration())
    return nullptr;
  LibraryName Found = lookUp(F.getName());
  if (!Found.Row || !hasPrecision(*FT.getReturnType(), Found.P) ||
      !Found.Row->fits(FT))
    return nullptr;
  return Found.Row;
}

const ScalarRule *ScalarRule::find(const Instruction &I) {
  const auto *Call = dyn_cast<CallBase>(&I);
  if (!Call)
    return ruleForOpcode(I.getOpcode());
  // `nobuiltin` does not matter: -fno-builtin forbids the compiler to reason
  // about the name, but the function that is linked is the C library's.
  const Function *Callee = Call->getCalledFunction();
  if (!Callee || Call->isStrictFP())
    return nullptr;
  return forCallee(*Callee);
}

} // namespace linkgrad
