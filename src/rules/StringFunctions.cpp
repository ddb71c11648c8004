//===- StringFunctions.cpp - Functions that change a std::string ----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/StringFunctions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace linkgrad {

/// Of whatever characters.
static constexpr uint64_t StringSize = 32;

/// The text that \p Part of a demangled name gives.
template <class Getter> static std::string text(Getter Part) {
  char *Buffer = Part(nullptr, nullptr);
  std::string Text = Buffer ? Buffer : "";
  std::free(Buffer);
  return Text;
}

/// Splits `(A<B, C>, D)` into its parameters.
static SmallVector<StringRef, 4> splitParameters(StringRef List) {
  SmallVector<StringRef, 4> Parts;
  List.consume_front("(");
  List.consume_back(")");
  size_t Begin = 0;
  int Depth = 0;
  for (size_t I = 0; I != List.size(); ++I) {
    char C = List[I];
    Depth += C == '<' || C == '(';
    Depth -= C == '>' || C == ')';
    if (C != ',' || Depth != 0)
      continue;
    Parts.push_back(List.slice(Begin, I).trim());
    Begin = I + 1;
  }
  if (!List.empty())
    Parts.push_back(List.substr(Begin).trim());
  return Parts;
}

/// True if \p Type is a string, or a reference to one that may be changed.
static bool isChangeable(StringRef Type) {
  if (!Type.consume_front("std::__cxx11::basic_string<"))
    return false;
  return Type.ends_with(">") || Type.ends_with(">&") || Type.ends_with(">&&");
}

SmallVector<ChangedString, 2> changedStrings(const CallBase &Call) {
  SmallVector<ChangedString, 2> Found;
  const Function *F = Call.getCalledFunction();
  if (!F || !F->getName().contains("7__cxx1112basic_stringI"))
    return Found;
  std::string Symbol = F->getName().str(); // D refers to it.
  ItaniumPartialDemangler D;
  if (D.partialDemangle(Symbol.c_str()) || !D.isFunction())
    return Found;
  auto Add = [&](unsigned Argument, bool IsNew) {
    if (Argument < Call.arg_size() &&
        Call.getArgOperand(Argument)->getType()->isPointerTy())
      Found.push_back({Argument, IsNew});
  };
  unsigned Next = 0;
  if (Call.paramHasAttr(0, Attribute::StructRet)) {
    Type *Result = Call.getParamStructRetType(0);
    if (F->getDataLayout().getTypeAllocSize(Result) == StringSize)
      Add(Next, true);
    ++Next;
  }
  std::string Types =
      text([&](auto... A) { return D.getFunctionParameters(A...); });
  auto Parameters = splitParameters(Types);
  // Tags such as std::forward_iterator_tag are empty, and not passed.
  erase_if(Parameters, [](StringRef Type) { return Type.ends_with("_tag"); });
  std::string Class =
      text([&](auto... A) { return D.getFunctionDeclContextName(A...); });
  std::string Name =
      text([&](auto... A) { return D.getFunctionBaseName(A...); });
  bool IsStatic = StringRef(Name).starts_with("_S_");
  if (isChangeable(Class) && !IsStatic) {
    if (!F->getName().starts_with("_ZNK"))
      Add(Next, D.isCtorOrDtor() && Name[0] != '~');
    ++Next;
  }
  if (Call.arg_size() != Next + Parameters.size())
    return Found;
  for (StringRef Parameter : Parameters) {
    if (isChangeable(Parameter))
      Add(Next, false);
    ++Next;
  }
  return Found;
}

bool givesText(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  StringRef Name = F ? F->getName() : "";
  bool IsMember = Name.consume_front("_ZNSt7__cxx1112basic_stringI") ||
                  Name.consume_front("_ZNKSt7__cxx1112basic_stringI");
  return IsMember && Call.getType()->isPointerTy() &&
         any_of(ArrayRef<StringRef>{"4dataEv", "5c_strEv", "ixEm", "2atEm",
                                    "5frontEv", "4backEv", "5beginEv",
                                    "3endEv"},
                [&](StringRef Member) { return Name.ends_with(Member); });
}

bool mayChangeForeignString(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  return F && F->getName().starts_with("_ZNSt3__112basic_string");
}

} // namespace linkgrad
