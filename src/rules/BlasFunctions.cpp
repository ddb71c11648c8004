//===- BlasFunctions.cpp - The functions of BLAS with rules ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/BlasFunctions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/Support/ModRef.h"

using namespace llvm;

namespace linkgrad {

/// The parameters of Fortran, as in src/library/Blas.c.
static StringRef parametersOf(StringRef Stem) {
  return StringSwitch<StringRef>(Stem)
      .Case("scal", "ISWI")
      .Case("axpy", "ISRIWI")
      .Case("dot", "IRIRI")
      .Cases({"nrm2", "asum"}, "IRI")
      .Case("copy", "IRIWI")
      .Case("swap", "IWIWI")
      .Case("gemv", "CIISRIRISWI")
      .Case("ger", "IISRIRIWI")
      .Case("gemm", "CCIIISRIRISWI")
      .Case("symm", "CCIISRIRISWI")
      .Case("syrk", "CCIISRISWI")
      .Cases({"trmm", "trsm"}, "CCCCIISRIWI")
      .Default("");
}

std::optional<BlasFunction> BlasFunction::find(StringRef Name) {
  BlasFunction F;
  F.IsCblas = Name.consume_front("cblas_");
  F.IsSingle = Name.starts_with("s");
  if (!Name.consume_front("s") && !Name.consume_front("d"))
    return std::nullopt;
  if (!F.IsCblas)
    Name.consume_back("_");
  F.Parameters = parametersOf(Name).str();
  if (F.Parameters.empty())
    return std::nullopt;
  F.GivesNumber = !StringRef(F.Parameters).contains('W');
  // Only matrices have an order.
  if (F.IsCblas && StringRef(F.Parameters).count('R') +
                           StringRef(F.Parameters).count('W') +
                           StringRef(F.Parameters).count('C') >
                       2)
    F.Parameters.insert(0, "O");
  return F;
}

bool BlasFunction::isMatrix(unsigned I) const {
  StringRef All = Parameters;
  if (!isDifferentiable(I))
    return false;
  if (unsigned Letters = All.count('C'))
    return Letters > 1 || I == All.find('R');                            // gemv
  return All.contains("RIRIW") && parameter(I) == BlasParameter::Output; // ger
}

bool BlasFunction::fits(const FunctionType &T) const {
  LLVMContext &C = T.getContext();
  Type *Real = IsSingle ? Type::getFloatTy(C) : Type::getDoubleTy(C);
  if (T.isVarArg() || T.getNumParams() < Parameters.size())
    return false;
  // A subroutine is a function of type int to translators of Fortran to C.
  if (GivesNumber
          ? T.getReturnType() != Real
          : !T.getReturnType()->isVoidTy() && !T.getReturnType()->isIntegerTy())
    return false;
  unsigned Letters = StringRef(Parameters).count('C');
  for (unsigned I = Parameters.size(); I < T.getNumParams(); ++I)
    if (IsCblas || I - Parameters.size() >= Letters ||
        !T.getParamType(I)->isIntegerTy())
      return false;
  for (unsigned I = 0; I < Parameters.size(); ++I) {
    Type *Param = T.getParamType(I);
    bool ByValue = IsCblas && parameter(I) < BlasParameter::Input &&
                   parameter(I) != BlasParameter::Number;
    if (ByValue ? !Param->isIntegerTy(32)
        : IsCblas && parameter(I) == BlasParameter::Number
            ? Param != Real
            : !Param->isPointerTy())
      return false;
  }
  return true;
}

std::optional<BlasFunction> BlasFunction::find(const Function &F) {
  if (!F.isDeclaration())
    return std::nullopt;
  auto Found = find(F.getName());
  return Found && Found->fits(*F.getFunctionType()) ? Found : std::nullopt;
}

std::optional<BlasFunction> BlasFunction::find(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  return Callee ? find(*Callee) : std::nullopt;
}

void annotateBlasCalls(Function &F) {
  for (Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    auto Blas = Call ? BlasFunction::find(*Call) : std::nullopt;
    if (!Blas)
      continue;
    Call->setDoesNotThrow();
    // Wrong parameters are reported by a routine of BLAS itself.
    Call->setMemoryEffects(Call->getMemoryEffects() &
                           MemoryEffects::inaccessibleOrArgMemOnly());
    for (unsigned No = 0; No < Blas->Parameters.size(); ++No) {
      if (!Call->getArgOperand(No)->getType()->isPointerTy())
        continue;
      Call->addParamAttr(No, Attribute::getWithCaptureInfo(
                                 F.getContext(), CaptureInfo::none()));
      if (Blas->parameter(No) != BlasParameter::Output)
        Call->addParamAttr(No, Attribute::ReadOnly);
    }
  }
}

} // namespace linkgrad
