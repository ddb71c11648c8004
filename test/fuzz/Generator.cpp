//===- Generator.cpp - Random programs ------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Types and signatures come first, then the bodies, then the memory for the
// top function's parameters. A program that the interpreter finds unfit is
// thrown away as a whole.
//
//===----------------------------------------------------------------------===//

#include "Generator.h"
#include "Dual.h"
#include "FunctionGenerator.h"
#include "Interpreter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace llvm;
using namespace linkgrad::fuzz;

static linkgrad::fuzz::Type plain(linkgrad::fuzz::Type::Kind K) {
  return {K, 0, 0, false, nullptr};
}

namespace {

using linkgrad::fuzz::Type;

class Generator {
public:
  Generator(Program &P, Random &R) : P(P), R(R) {}

  bool run();

private:
  Program &P;
  Random &R;

  Type structType() {
    return {Type::Struct, R.below(P.Structs.size()), 0, false, nullptr};
  }
  Type realType() {
    return plain(P.UsesFloat && R.percent(25) ? Type::Float : Type::Double);
  }
  Type fieldType();
  void structs();
  void globals();
  Type pointerType();
  Type parameterType(bool Top);
  void signature(bool Top);
  void twin();
  void recursion();
  int object(const Type &Element, int Count);
  void cells(std::vector<Cell> &Cells, const Type &Ty, const std::string &Path,
             int Object);
  void arguments();
  bool isStable(const Sample &S) const;
  bool samples();
};

} // namespace

/// To numbers, integers that others are chosen by, or pointers.
Type Generator::pointerType() {
  switch (R.weighted({12, 2, 3})) {
  case 0:
    return Type::pointer(realType(), R.between(1, 3));
  case 1:
    return Type::pointer(plain(Type::Int), R.between(1, 3));
  default:
    return Type::pointer(Type::pointer(realType(), R.between(1, 2)),
                         R.between(1, 2));
  }
}

Type Generator::fieldType() {
  switch (R.weighted({20, 4, 4, 6, 6, 6, 1})) {
  case 0:
    return realType();
  case 1:
    return plain(Type::Int);
  case 2:
    return plain(Type::Long);
  case 3:
    return Type::array(realType(), R.between(2, 3));
  case 4:
    if (P.Structs.empty() || R.percent(40))
      return realType();
    if (R.percent(20))
      return Type::array(structType(), 2);
    return R.percent(60) ? structType() : Type::pointer(structType(), 1);
  case 5:
    return pointerType();
  default:
    return Type::array(pointerType(), 2);
  }
}

void Generator::structs() {
  for (int I = 0, N = R.weighted({3, 4, 3}); I != N; ++I) {
    StructType S;
    for (int J = 0, Fields = R.between(1, 4); J != Fields; ++J)
      S.Fields.push_back(fieldType());
    P.Structs.push_back(S);
  }
}

void Generator::globals() {
  for (int I = 0, N = R.between(1, 2); I != N; ++I) {
    Global G;
    G.Ty = P.Structs.empty() || R.percent(50) ? realType() : structType();
    if (P.hasPointers(G.Ty))
      G.Ty = realType();
    if (R.percent(50))
      G.Ty = Type::array(G.Ty, R.between(2, 3));
    G.ThreadLocal = R.percent(20);
    cells(G.Cells, G.Ty, "g" + itostr(P.Globals.size()), -1);
    for (const Cell &C : G.Cells)
      if (C.Ty.isReal())
        G.Values.push_back(R.number());
    P.Globals.push_back(G);
  }
}

Type Generator::parameterType(bool Top) {
  bool Structs = !P.Structs.empty(), Callees = !P.Callees.empty() && !Top;
  switch (R.weighted({10, 4, 2, Structs ? 4 : 0, 2, Callees ? 3 : 0,
                      Structs && !Top ? 3 : 0})) {
  case 0:
    return realType();
  case 1:
    return Type::pointer(realType(), R.between(1, 4), R.percent(30));
  case 2:
    return plain(Type::Int);
  case 3:
    return Type::pointer(structType(), R.percent(70) ? 1 : 2);
  case 4:
    return pointerType();
  case 5:
    return {Type::Callee, R.below(P.Callees.size()), 0, false, nullptr};
  default:
    return structType();
  }
}

void Generator::signature(bool Top) {
  Function F;
  F.Name = "f" + itostr(P.Functions.size());
  F.Inline = Function::Inlining(R.below(3));
  F.NumParameters = R.between(1, 4);
  bool OnlyValues = true;
  for (int I = 0; I != F.NumParameters; ++I) {
    Type Ty = I == 0 && R.percent(60) ? realType() : parameterType(Top);
    OnlyValues &= !P.hasPointers(Ty);
    F.Variables.push_back(Ty);
  }
  auto Pointer = find_if(F.Variables, [](const Type &Ty) {
    return Ty.K == Type::Pointer && !Ty.Const;
  });
  F.Result = realType();
  if (Pointer != F.Variables.end() && R.percent(25)) {
    F.Result = plain(Type::Void);
    if (!Top && R.percent(35))
      F.Result = *Pointer;
  } else if (!Top && !P.Structs.empty() && R.percent(25)) {
    Type Ty = structType();
    if (!P.hasPointers(Ty))
      F.Result = Ty;
  }
  F.Pure = OnlyValues && F.Result.isReal();
  F.ChangesGlobals = Top || (!F.Pure && R.percent(60));
  P.Functions.push_back(F);
}

/// Another function like the last, in a table with it.
void Generator::twin() {
  Function F = P.Functions.back();
  int Number = P.Functions.size();
  F.Name = "f" + itostr(Number);
  F.Table = P.Callees.size();
  P.Functions.back().Table = F.Table;
  P.Callees.push_back({Number - 1, Number});
  P.Functions.push_back(F);
  if (!P.Structs.empty() && R.percent(40))
    P.Structs[R.below(P.Structs.size())].Fields.push_back(
        {Type::Callee, F.Table, 0, false, nullptr});
}

/// Makes some of the functions below the top one call themselves or the next.
void Generator::recursion() {
  auto AddDepth = [](Function &F) {
    F.Depth = F.NumParameters++;
    F.Variables.push_back(plain(Type::Int));
  };
  int Helpers = P.Functions.size() - 1;
  if (Helpers == 0 || R.percent(65))
    return;
  int I = R.below(Helpers);
  Function &F = P.Functions[I];
  if (F.Table >= 0)
    return;
  AddDepth(F);
  F.Recursive = I;
  if (I + 1 != Helpers && P.Functions[I + 1].Table < 0 && R.percent(50)) {
    Function &Next = P.Functions[I + 1];
    AddDepth(Next);
    F.Recursive = I + 1;
    Next.Recursive = I;
    F.ChangesGlobals = Next.ChangesGlobals =
        F.ChangesGlobals && Next.ChangesGlobals;
  }
}

//===----------------------------------------------------------------------===//
// Memory for the top function
//===----------------------------------------------------------------------===//

/// An object with \p Count elements, now and then one that is there already.
int Generator::object(const Type &Element, int Count) {
  for (size_t I = 0; I != P.Objects.size(); ++I)
    if (sameType(P.Objects[I].Element, Element) && !P.Objects[I].Inactive &&
        P.Objects[I].Count >= Count && R.percent(15))
      return I;
  P.Objects.push_back({Element, Count, false});
  int Object = P.Objects.size() - 1;
  for (int I = 0; I != Count; ++I)
    cells(P.Cells, Element, "o" + itostr(Object) + "[" + itostr(I) + "]",
          Object);
  return Object;
}

void Generator::cells(std::vector<Cell> &Cells, const Type &Ty,
                      const std::string &Path, int Object) {
  if (Ty.K == Type::Array) {
    for (int I = 0; I != Ty.Count; ++I)
      cells(Cells, *Ty.Element, Path + "[" + itostr(I) + "]", Object);
    return;
  }
  if (Ty.K == Type::Struct) {
    // By number: new objects move nothing here.
    const std::vector<Type> &Fields = P.Structs[Ty.Index].Fields;
    for (size_t I = 0; I != Fields.size(); ++I)
      cells(Cells, Fields[I], Path + ".f" + itostr(I), Object);
    return;
  }
  Cell C;
  C.Path = Path;
  C.Ty = Ty;
  C.Object = Object;
  C.Integer = R.below(Ty.K == Type::Callee ? P.Callees[Ty.Index].size() : 5);
  size_t At = Cells.size();
  Cells.push_back(C);
  if (Ty.K == Type::Pointer) {
    int Target = object(*Ty.Element, Ty.Count);
    Cells[At].Target = Target;
  }
}

void Generator::arguments() {
  Function &Top = P.Functions.back();
  for (int I = 0; I != Top.NumParameters; ++I) {
    const Type &Ty = Top.Variables[I];
    Argument A;
    A.K = Ty.isReal()      ? Argument::Scalar
          : Ty.isInteger() ? Argument::Number
                           : Argument::Memory;
    A.Inactive = A.K == Argument::Scalar && R.percent(10);
    if (A.K != Argument::Memory) {
      Cell C;
      C.Path = "a" + itostr(I);
      C.Ty = Ty;
      C.Integer = R.below(6);
      C.Inactive = A.Inactive;
      P.Cells.push_back(C);
    }
    P.Arguments.push_back(A);
  }
  for (int I = 0; I != Top.NumParameters; ++I) {
    Argument &A = P.Arguments[I];
    if (A.K != Argument::Memory)
      continue;
    const Type &Ty = Top.Variables[I];
    size_t Before = P.Objects.size(), FirstCell = P.Cells.size();
    A.Object = object(*Ty.Element, Ty.Count);
    if (P.Objects.size() == Before || !Ty.Element->isScalar())
      continue;
    A.Inactive = Ty.Const && R.percent(40);
    A.NoNeed = Ty.Element->isReal() && !A.Inactive && R.percent(15);
    P.Objects[A.Object].Inactive = A.Inactive;
    for (size_t J = FirstCell; J != P.Cells.size(); ++J) {
      P.Cells[J].Inactive = A.Inactive;
      P.Cells[J].NoNeed = A.NoNeed;
    }
  }
  P.PrimalReturn = Top.Result.isReal() && R.percent(25);
}

/// False if rounding decides about the digits that are compared: compilers fold
/// and fuse operations, each time with another result in the last bit.
bool Generator::isStable(const Sample &S) const {
  double Noise = P.UsesFloat ? 0x1p-21 : 0x1p-46;
  double Tolerance = P.UsesFloat ? 1e-4 : 1e-10;
  auto Same = [=](double X, double Y) {
    return std::fabs(X - Y) <= Tolerance * (1 + std::fabs(X));
  };
  Sample Near;
  for (double D : S.Inputs)
    Near.Inputs.push_back(D * (1 + Noise));
  return !interpret(P, Near, Noise) && Same(S.Result, Near.Result) &&
         std::equal(S.Outputs.begin(), S.Outputs.end(), Near.Outputs.begin(),
                    Same) &&
         all_of(zip_equal(S.Jacobian, Near.Jacobian), [&](const auto &Rows) {
           const auto &[X, Y] = Rows;
           return std::equal(X.begin(), X.end(), Y.begin(), Same);
         });
}

/// Finds inputs that make good tests. \returns false if there are none.
bool Generator::samples() {
  int Reals = count_if(P.Cells, [](const Cell &C) { return C.Ty.isReal(); });
  if (Reals == 0 || Reals > 14)
    return false;
  for (int Try = 0; Try != 5 && P.Samples.size() != 2; ++Try) {
    Sample S;
    for (int I = 0; I != Reals; ++I)
      S.Inputs.push_back(R.between(-1600, 1600) / 1024.0);
    if (interpret(P, S) || !isStable(S))
      continue;
    // Something must depend on an input in more than the trivial way.
    bool Useful = false;
    for (const std::vector<double> &Row : S.Jacobian)
      for (double D : Row)
        Useful |= D != 0 && D != 1;
    if (Useful)
      P.Samples.push_back(S);
  }
  return P.Samples.size() == 2;
}

bool Generator::run() {
  P.UsesFloat = R.percent(25);
  P.MovesWithin = R.percent(50);
  structs();
  for (int I = 0, N = R.below(3); I != N; ++I) {
    std::vector<double> Table;
    for (int J = 0, Size = R.between(2, 5); J != Size; ++J)
      Table.push_back(R.number());
    P.Tables.push_back(Table);
  }
  for (int I = 0, N = R.weighted({2, 4, 3, 2}); I != N; ++I) {
    signature(false);
    if (R.percent(15))
      twin();
  }
  signature(true);
  if (R.percent(30))
    globals();
  recursion();
  arguments();
  int Top = P.Functions.size() - 1;
  for (int I = 0; I <= Top; ++I) {
    int Statements = I == Top ? R.between(3, 9) : R.between(1, 5);
    FunctionGenerator(P, I, R).generate(Statements);
  }
  return samples();
}

Program linkgrad::fuzz::generate(uint64_t Seed, uint64_t Number) {
  for (uint64_t Try = 0;; ++Try) {
    Random R((Seed * 1000003 + Number) * 1000003 + Try);
    Program P;
    P.Prefix = "p" + utostr(Number) + "_";
    if (Generator(P, R).run())
      return P;
  }
}
