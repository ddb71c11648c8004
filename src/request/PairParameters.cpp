//===- PairParameters.cpp - Values in two parameters ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/PairParameters.h"
#include "request/OperandOrigin.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

bool isRequestOfRustc(const CallBase &Call) {
  OriginSet Callee = originsOf(Call.getCalledOperand());
  if (Callee.size() != 1 || !Call.getFunctionType()->isVarArg())
    return false;
  // The magic name, and then the mangled name of the derivative.
  StringRef Name = Callee.front()->getName();
  for (StringRef Magic : {"__enzyme_autodiff", "__enzyme_fwddiff"})
    if (Name.consume_front(Magic))
      return Name.starts_with("_R") || Name.starts_with("_ZN");
  return false;
}

/// Looks through the names that C gives to types.
static const DIType *stripped(const DIType *T) {
  while (auto *D = dyn_cast_or_null<DIDerivedType>(T)) {
    if (D->getTag() != dwarf::DW_TAG_typedef &&
        D->getTag() != dwarf::DW_TAG_const_type)
      break;
    T = D->getBaseType();
  }
  return T;
}

static bool hasParts(const DIType &T) {
  auto *Basic = dyn_cast<DIBasicType>(&T);
  return Basic ? Basic->getEncoding() == dwarf::DW_ATE_complex_float
               : isa<DICompositeType>(T);
}

/// How many parameters a parameter of type \p T in Rust, C or C++ takes, the
/// first of which is \p First.
static unsigned parametersOf(const DIType &T, const Argument &First) {
  // What is larger than a pair is behind a pointer.
  if (!hasParts(T) || T.getSizeInBits() > 128 || First.hasByValAttr() ||
      T.getFlags() & DINode::FlagTypePassByReference)
    return 1;
  const DataLayout &DL = First.getParent()->getDataLayout();
  return DL.getTypeAllocSizeInBits(First.getType()) < T.getSizeInBits() ? 2 : 1;
}

/// The types of the result and the parameters of \p F in the source program;
/// nothing without full debug information.
static DITypeRefArray sourceTypes(const Function &F) {
  const Function *Described = &F;
  if (Attribute A = F.getFnAttribute(DescribedByAttribute); A.isValid())
    Described = F.getParent()->getFunction(A.getValueAsString());
  const DISubprogram *SP = Described ? Described->getSubprogram() : nullptr;
  return SP && SP->getType() ? SP->getType()->getTypeArray() : DITypeRefArray();
}

std::optional<SmallVector<const DIType *, 8>>
sourceParameters(const Function &F) {
  DITypeRefArray Types = sourceTypes(F);
  SmallVector<const DIType *, 8> Found(F.arg_size(), nullptr);
  unsigned Next = F.hasStructRetAttr() ? 1 : 0;
  for (unsigned I = 1, E = Types.size(); I < E; ++I) {
    const DIType *T = stripped(Types[I]);
    if (T && T->getSizeInBits() == 0)
      continue;
    if (!T || Next >= F.arg_size())
      return std::nullopt;
    Found[Next] = T;
    Next += parametersOf(*T, *F.getArg(Next));
  }
  // If the counts differ, so do the rules, and nothing is known.
  if (Types.size() == 0 || Next != F.arg_size())
    return std::nullopt;
  return Found;
}

const DIType *sourceResult(const Function &F) {
  DITypeRefArray Types = sourceTypes(F);
  return Types.size() ? stripped(Types[0]) : nullptr;
}

Halves halvesAt(const Argument &Param) {
  auto Types = sourceParameters(*Param.getParent());
  if (!Types)
    return Halves::Unknown;
  return (*Types)[Param.getArgNo() + 1] ? Halves::No : Halves::Yes;
}

bool namesComplex(const Function &F) {
  std::string Symbol = F.getName().str(); // D refers to it.
  ItaniumPartialDemangler D;
  if (D.partialDemangle(Symbol.c_str()) || !D.isFunction())
    return false;
  char *Text = D.getFunctionParameters(nullptr, nullptr);
  bool Found = Text && StringRef(Text).contains("complex");
  std::free(Text);
  return Found;
}

/// True for `{T, T}`, which is what clang calls a complex number of Ts.
static bool isComplexType(const Type &T, const Type &Part) {
  auto *S = dyn_cast<StructType>(&T);
  return S && S->isLiteral() && S->getNumElements() == 2 &&
         all_of(S->elements(), [&](const Type *E) { return E == &Part; });
}

/// cabs, cexp, …, and what clang calls to multiply and divide.
static bool takesComplex(const Function &F) {
  StringRef Name = F.getName();
  for (StringRef Prefix : {"__mul", "__div"})
    if (StringRef Rest = Name; Rest.consume_front(Prefix))
      return is_contained({"hc3", "sc3", "dc3", "xc3", "tc3"}, Rest);
  if (!Name.consume_front("c"))
    return false;
  if (Name.ends_with("f") || Name.ends_with("l"))
    Name = Name.drop_back();
  return is_contained({"abs", "acos", "acosh", "arg", "asin", "asinh", "atan",
                       "atanh", "cos", "cosh", "exp", "log", "pow", "proj",
                       "sin", "sinh", "sqrt", "tan", "tanh"},
                      Name);
}

static bool mayBeComplex(const Argument &Param, unsigned Depth) {
  const Function &F = *Param.getParent();
  const Type &Part = *Param.getType();
  if (isComplexType(*F.getReturnType(), Part))
    return true;
  return any_of(instructions(F), [&](const Instruction &I) {
    if (auto *Variable = dyn_cast<AllocaInst>(&I))
      return isComplexType(*Variable->getAllocatedType(), Part);
    auto *Call = dyn_cast<CallBase>(&I);
    const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    if (!Callee || isa<IntrinsicInst>(I))
      return false;
    if (Callee->isDeclaration())
      return takesComplex(*Callee);
    for (unsigned No = 0; Depth && No + 1 < Callee->arg_size(); ++No)
      if (Call->getArgOperand(No) == &Param &&
          Call->getArgOperand(No + 1) == F.getArg(Param.getArgNo() + 1))
        return mayBeComplex(*Callee->getArg(No), Depth - 1);
    return false;
  });
}

bool mayBeComplex(const Argument &Param) {
  constexpr unsigned MaxDepth = 4;
  return mayBeComplex(Param, MaxDepth);
}

} // namespace linkgrad
