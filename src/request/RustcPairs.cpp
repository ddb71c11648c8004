//===- RustcPairs.cpp - Values in two parameters --------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/RustcPairs.h"
#include "request/OperandOrigin.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"

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

/// How many parameters a parameter of type \p T in Rust, C or C++ takes, the
/// first of which has type \p First.
static unsigned parametersOf(const DIType &T, Type *First,
                             const DataLayout &DL) {
  // What is larger than a pair is behind a pointer.
  if (!isa<DICompositeType>(T) || T.getSizeInBits() > 128)
    return 1;
  return First->isSized() &&
                 DL.getTypeAllocSizeInBits(First) < T.getSizeInBits()
             ? 2
             : 1;
}

/// The types of the result and the parameters of \p F in the source program;
/// nothing without full debug information.
static DITypeRefArray sourceTypes(const Function &F) {
  const DISubprogram *SP = F.getSubprogram();
  return SP && SP->getType() ? SP->getType()->getTypeArray() : DITypeRefArray();
}

/// Whether the parameter after \p Param has the same type.
static bool resemblesNext(const Argument &Param) {
  const Function &F = *Param.getParent();
  unsigned Next = Param.getArgNo() + 1;
  return Next != F.arg_size() && F.getArg(Next)->getType() == Param.getType();
}

bool isFirstHalf(const Argument &Param) {
  const Function &F = *Param.getParent();
  DITypeRefArray Types = sourceTypes(F);
  if (!resemblesNext(Param))
    return false;
  bool Found = false;
  unsigned Next = F.hasStructRetAttr() ? 1 : 0;
  for (unsigned I = 1, E = Types.size(); I < E; ++I) {
    const DIType *T = stripped(Types[I]);
    if (T && T->getSizeInBits() == 0)
      continue;
    if (!T || Next == F.arg_size())
      return false;
    unsigned Count =
        parametersOf(*T, F.getArg(Next)->getType(), F.getDataLayout());
    Found |= Count == 2 && Next == Param.getArgNo();
    Next += Count;
  }
  // If the counts differ, so do the rules, and nothing is known.
  return Found && Next == F.arg_size();
}

bool mayBeFirstHalf(const Argument &Param) {
  return resemblesNext(Param) && sourceTypes(*Param.getParent()).size() == 0;
}

} // namespace linkgrad
