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
// row. A function on vectors has the row of its elements.
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

enum class Precision { Single, Double, LongDouble, Quad };

struct LibraryName {
  const ScalarRule *Row = nullptr;
  Precision P = Precision::Double;
  /// It takes and returns vectors.
  bool IsVector = false;
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

/// Looks up the name of a function on numbers, also in the form __NAME_finite
/// that glibc's headers gave the functions under -ffast-math for some years,
/// and with the suffixes for types by size (sinf64, sinf128) and libquadmath's
/// (sinq).
static LibraryName lookUpScalar(StringRef Name) {
  StringRef Stem = Name;
  if (Stem.consume_front("__") && Stem.consume_back("_finite"))
    Name = Stem;
  if (LibraryName Found = libraryNames().lookup(Name); Found.Row)
    return Found;
  for (auto [Suffix, P] :
       {std::pair("f128", Precision::Quad),
        std::pair("f64x", Precision::LongDouble),
        std::pair("f32x", Precision::Double),
        std::pair("f64", Precision::Double),
        std::pair("f32", Precision::Single), std::pair("q", Precision::Quad)})
    if (Stem = Name; Stem.consume_back(Suffix))
      if (LibraryName Found = libraryNames().lookup(Stem);
          Found.Row && Found.P == Precision::Double)
        return {Found.Row, P};
  return {};
}

/// The functions of SVML and AMDLIBM, by names that tell nothing.
static StringRef scalarOfVectorLibrary(StringRef Name) {
  static const StringMap<StringRef> Scalars = [] {
    static constexpr std::pair<StringLiteral, StringLiteral> List[] = {
#define TLI_DEFINE_VECFUNC(SCALAR, VECTOR, ...) {SCALAR, VECTOR},
#define TLI_DEFINE_SVML_VECFUNCS
#include "llvm/Analysis/VecFuncs.def"
#undef TLI_DEFINE_SVML_VECFUNCS
#define TLI_DEFINE_VECFUNC(SCALAR, VECTOR, ...) {SCALAR, VECTOR},
#define TLI_DEFINE_AMDLIBM_VECFUNCS
#include "llvm/Analysis/VecFuncs.def"
#undef TLI_DEFINE_AMDLIBM_VECFUNCS
    };
    StringMap<StringRef> Map;
    for (auto [Scalar, Vector] : List)
      if (!Scalar.starts_with("llvm."))
        Map.try_emplace(Vector, Scalar);
    return Map;
  }();
  return Scalars.lookup(Name);
}

/// _ZGVdN4vv_pow: an instruction set, N for no mask, the number of elements,
/// v for each argument that is a vector. glibc's libmvec has these names, and
/// what `omp declare simd` declares.
static LibraryName lookUpVector(StringRef Name) {
  StringRef Scalar = scalarOfVectorLibrary(Name);
  if (StringRef Stem = Name; Stem.consume_front("_ZGV")) {
    Stem = Stem.drop_front();
    if (!Stem.consume_front("N"))
      return {};
    Stem = Stem.ltrim("0123456789").ltrim('v');
    if (Stem.consume_front("_"))
      Scalar = Stem;
  }
  LibraryName Found = lookUpScalar(Scalar);
  Found.IsVector = true;
  return Found;
}

static LibraryName lookUp(StringRef Name) {
  LibraryName Found = lookUpScalar(Name);
  return Found.Row ? Found : lookUpVector(Name);
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
  case Precision::Quad:
    return T.isFP128Ty();
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
  const Type &T = *FT.getReturnType();
  bool Fits = Found.Row && isa<FixedVectorType>(T) == Found.IsVector &&
              hasPrecision(*T.getScalarType(), Found.P) && Found.Row->fits(FT);
  return Fits ? Found.Row : nullptr;
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
