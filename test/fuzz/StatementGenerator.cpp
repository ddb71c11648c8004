//===- StatementGenerator.cpp - Random statements -------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything is initialised where it is declared, and calls with effects stand
// alone or at the right of a variable, so that no program depends on what C
// leaves undefined or unspecified. What remains, like overlapping copies, the
// interpreter finds.
//
//===----------------------------------------------------------------------===//

#include "FunctionGenerator.h"
#include "Nodes.h"

using namespace linkgrad::fuzz;

int FunctionGenerator::newVariable(const Type &Ty) {
  F.Variables.push_back(Ty);
  return F.Variables.size() - 1;
}

/// The type of an element of an array or a heap block.
Type FunctionGenerator::storageType() {
  if (!P.Structs.empty() && R.percent(25))
    return {Type::Struct, R.below(P.Structs.size()), 0, false, nullptr};
  if (P.UsesFloat && R.percent(20))
    return FloatType;
  if (R.percent(8))
    return Type::pointer(DoubleType, R.between(1, 2));
  return R.percent(12) ? IntType : DoubleType;
}

FunctionGenerator::Block FunctionGenerator::block(int Statements) {
  Block Body;
  size_t Outer = Scope.size();
  ++Nesting;
  for (int I = 0; I != Statements; ++I)
    statement(Body);
  --Nesting;
  Scope.resize(Outer);
  return Body;
}

void FunctionGenerator::statement(Block &Body) {
  if (RecursionLeft && Nesting > 1 && R.percent(20)) {
    RecursionLeft = false;
    return callStatement(Body, F.Recursive, true);
  }
  bool Deep = Nesting > 3;
  switch (
      R.weighted({12, 5, 6, 4, 22, 3, Deep ? 0 : 9, Deep ? 0 : 3,
                  Deep || Iterations > 20 ? 0 : 15, 6, 8,
                  Deep || Iterations > 8 ? 0 : 4, Deep ? 0 : 2,
                  Deep || Iterations > 20 ? 0 : 1, FunctionIndex ? 12 : 0})) {
  case 0:
    return declare(Body);
  case 1:
    return declareStruct(Body);
  case 2:
    return declareArray(Body);
  case 3:
    return declarePointer(Body);
  case 4:
    return assign(Body);
  case 5:
    return assignPointer(Body);
  case 6:
    return branch(Body);
  case 7:
    return choose(Body);
  case 8:
    return loop(Body);
  case 9:
    return leave(Body);
  case 10:
    return copy(Body);
  case 11:
    return heap(Body);
  case 12:
    return labelled(Body);
  case 13:
    return twoEntries(Body);
  default:
    return callStatement(Body, R.below(FunctionIndex));
  }
}

//===----------------------------------------------------------------------===//
// Declarations and assignments
//===----------------------------------------------------------------------===//

void FunctionGenerator::declare(Block &Body) {
  Type Ty = DoubleType;
  if (R.percent(15))
    Ty = IntType;
  else if (P.UsesFloat && R.percent(25))
    Ty.K = Type::Float;
  Expr E = scalar(Ty, 3);
  int Var = newVariable(Ty);
  Body.push_back(make(Do::Declare, {E}, Var));
  show(Var);
}

/// A copy, or zeros with some fields set afterwards.
void FunctionGenerator::declareStruct(Block &Body) {
  if (P.Structs.empty())
    return declare(Body);
  Type Ty{Type::Struct, R.below(int(P.Structs.size())), 0, false, nullptr};
  if (R.percent(40))
    if (std::optional<Place> Found =
            place([&](const Type &T) { return sameType(T, Ty); }, false)) {
      int Var = newVariable(Ty);
      Body.push_back(make(Do::Declare, {Found->E}, Var));
      return show(Var);
    }
  int Count = R.percent(30) ? R.between(2, 4) : 0;
  int Var = newVariable(Count ? Type::array(Ty, Count) : Ty);
  Block Setup{make(Do::DeclareZeroed, {}, Var)};
  if (Count == 0 && !setFields(Setup, variable(Var)))
    return declare(Body);
  for (int I = 0; I != Count; ++I)
    if (!setFields(Setup, element(variable(Var), constant(IntType, I))))
      return declare(Body);
  Body.insert(Body.end(), Setup.begin(), Setup.end());
  show(Var);
}

bool FunctionGenerator::setFields(Block &Body, const Expr &Place) {
  if (!setPointers(Body, Place))
    return false;
  const std::vector<Type> &Fields = P.Structs[Place.Ty.Index].Fields;
  for (size_t I = 0; I != Fields.size(); ++I)
    if (Fields[I].isScalar() && R.percent(80))
      Body.push_back(make(Do::Assign, {field(Place, I), scalar(Fields[I], 2)}));
  return true;
}

/// Gives all pointers in a place something to point to.
bool FunctionGenerator::setPointers(Block &Body, const Expr &Place) {
  const Type Ty = Place.Ty;
  if (!P.hasPointers(Ty))
    return true;
  if (Ty.K == Type::Struct) {
    for (size_t I = 0; I != P.Structs[Ty.Index].Fields.size(); ++I)
      if (!setPointers(Body, field(Place, I)))
        return false;
    return true;
  }
  if (Ty.K == Type::Array) {
    for (int I = 0; I != Ty.Count; ++I)
      if (!setPointers(Body, element(Place, constant(IntType, I))))
        return false;
    return true;
  }
  std::optional<Expr> Target = initial(Ty, 1);
  if (Target)
    Body.push_back(make(Do::Assign, {Place, *Target}));
  return Target.has_value();
}

void FunctionGenerator::declareArray(Block &Body) {
  Type Element = storageType();
  if (Element.K == Type::Struct)
    return declareStruct(Body);
  int Count = R.between(2, 6);
  bool Zeroed = Element.isScalar() && R.percent(40);
  if (Zeroed && R.percent(25))
    Element = Type::array(Element, R.between(2, 3));
  std::vector<Expr> Elements;
  for (int I = 0; !Zeroed && I != Count; ++I) {
    std::optional<Expr> E = initial(Element, 1);
    if (!E)
      return declare(Body);
    Elements.push_back(*E);
  }
  int Var = newVariable(Type::array(Element, Count));
  Body.push_back(
      make(Zeroed ? Do::DeclareZeroed : Do::DeclareArray, Elements, Var));
  show(Var);
}

void FunctionGenerator::declarePointer(Block &Body) {
  Type Element = storageType();
  int Count = Element.K == Type::Struct ? 1 : R.between(1, 3);
  std::optional<Expr> Target = pointer(Element, Count, false);
  if (!Target)
    return assign(Body);
  if (R.percent(35))
    if (std::optional<Expr> Other = pointer(Element, Count, false))
      Target = make(Op::Select, Type::pointer(Element, Count),
                    {condition(1), *Target, *Other});
  int Var = newVariable(Type::pointer(Element, Count));
  Body.push_back(make(Do::Declare, {*Target}, Var));
  show(Var);
}

void FunctionGenerator::assign(Block &Body) {
  std::optional<Place> To = place(
      [&](const Type &T) {
        return T.isReal() || (T.isInteger() && R.percent(30));
      },
      true);
  if (!To)
    return declare(Body);
  const Type Ty = To->E.Ty;
  int Depth = Nesting > 2 ? 2 : 3;
  Expr Value = !Ty.isReal()      ? scalar(Ty, 1)
               : Iterations == 1 ? real(Ty, Depth)
                                 : bounded(Ty, Depth);
  Stmt S = make(Do::Assign, {To->E, Value});
  if (R.percent(40)) {
    S.Code = Do::Update;
    S.Update = R.percent(60) ? Op::Add : R.percent(50) ? Op::Sub : Op::Mul;
  }
  Body.push_back(S);
}

void FunctionGenerator::assignPointer(Block &Body) {
  std::optional<Place> To = place(
      [](const Type &T) { return T.K == Type::Pointer && !T.Const; }, true);
  if (!To)
    return assign(Body);
  const Type Ty = To->E.Ty;
  if (std::optional<Expr> Target = pointer(*Ty.Element, Ty.Count, false))
    Body.push_back(make(Do::Assign, {To->E, *Target}));
}

//===----------------------------------------------------------------------===//
// Calls and results
//===----------------------------------------------------------------------===//

void FunctionGenerator::callStatement(Block &Body, int Callee, bool Recursive) {
  if ((CallsLeft == 0 || Iterations > 12 || !mayCall(Callee)) && !Recursive)
    return assign(Body);
  std::optional<Expr> E = call(Callee, Recursive);
  if (!E)
    return assign(Body);
  --CallsLeft;
  const Type &Ty = E->Ty;
  if (Ty.K == Type::Void) {
    Body.push_back(make(Do::Evaluate, {*E}));
    return;
  }
  if (Ty.isReal() && R.percent(30))
    for (const Visible &V : Scope)
      if (V.Writable && F.Variables[V.Var].K == Ty.K) {
        Body.push_back(make(Do::Assign, {variable(V.Var), *E}));
        return;
      }
  int Var = newVariable(Ty);
  Body.push_back(make(Do::Declare, {*E}, Var));
  show(Var);
}

void FunctionGenerator::result(Block &Body) {
  const Type &Ty = F.Result;
  std::vector<Expr> E;
  if (Ty.isReal()) {
    // With much of what is there, so that little of the program is for nothing.
    E.push_back(real(Ty, 2));
    for (const Visible &V : Scope)
      if (F.Variables[V.Var].K == Ty.K && R.percent(60)) {
        E[0] = make(R.percent(70) ? Op::Add : Op::Sub, Ty,
                    {E[0], variable(V.Var)});
      }
  } else if (Ty.K == Type::Struct) {
    // The first parameter or variable that is such a structure is there.
    for (size_t I = 0; I != F.Variables.size() && E.empty(); ++I)
      if (sameType(F.Variables[I], Ty))
        E.push_back(variable(I));
  } else if (Ty.K == Type::Pointer) {
    // Only what the caller has outlives the call.
    std::vector<Expr> Targets;
    for (int I = 0; I != F.NumParameters; ++I)
      if (sameType(F.Variables[I], Ty) && !F.Variables[I].Const)
        Targets.push_back(variable(I));
    E.push_back(Targets[R.below(Targets.size())]);
    if (Targets.size() > 1)
      E = {make(Op::Select, Ty, {condition(1), Targets[0], Targets[1]})};
  }
  Stmt S = jump(Do::Return, 0);
  S.E = std::move(E);
  Body.push_back(S);
}

void FunctionGenerator::generate(int Statements) {
  for (int I = 0; I != F.NumParameters; ++I) {
    bool Inactive = false;
    if (FunctionIndex + 1 == int(P.Functions.size()))
      Inactive =
          P.Arguments[I].Inactive && P.Arguments[I].K == Argument::Memory;
    Scope.push_back({I, I != F.Depth, Inactive});
  }
  Block Body;
  if (F.Result.K == Type::Struct) {
    // The result, so that every return has one.
    int Var = newVariable(F.Result);
    Body.push_back(make(Do::DeclareZeroed, {}, Var));
    const std::vector<Type> &Fields = P.Structs[F.Result.Index].Fields;
    for (size_t I = 0; I != Fields.size(); ++I)
      if (Fields[I].isScalar())
        Body.push_back(
            make(Do::Assign, {field(variable(Var), I), scalar(Fields[I], 2)}));
    show(Var);
  }
  if (F.Depth >= 0) {
    Stmt End = make(Do::If, {make(Op::Greater, IntType,
                                  {constant(IntType, 1), variable(F.Depth)})});
    End.Bodies.resize(2);
    result(End.Bodies[0]);
    Body.push_back(End);
  }
  RecursionLeft = F.Recursive >= 0;
  for (int I = 0; I != Statements; ++I)
    statement(Body);
  if (RecursionLeft)
    callStatement(Body, F.Recursive, true);
  result(Body);
  F.Body = Body;
}
