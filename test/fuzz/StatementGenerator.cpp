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

using namespace linkgrad::fuzz;

static const Type DoubleType{Type::Double, 0, 0, false, nullptr};
static const Type IntType{Type::Int, 0, 0, false, nullptr};

static Stmt make(Do Code, std::vector<Expr> E, int Var = -1, int Count = 0) {
  Stmt S;
  S.Code = Code;
  S.E = std::move(E);
  S.Var = Var;
  S.Count = Count;
  return S;
}

static Expr constant(const Type &Ty, double Value) {
  Expr E;
  E.Ty = Ty;
  E.Real = Value;
  E.Integer = int64_t(Value);
  return E;
}

static Expr greater(Expr X, Expr Y) {
  Expr E;
  E.Code = Op::Greater;
  E.Ty = IntType;
  E.Kids = {std::move(X), std::move(Y)};
  return E;
}

int FunctionGenerator::newVariable(const Type &Ty) {
  F.Variables.push_back(Ty);
  return F.Variables.size() - 1;
}

/// The type of an element of an array or a heap block.
Type FunctionGenerator::storageType() {
  if (!P.Structs.empty() && R.percent(25))
    return {Type::Struct, R.below(P.Structs.size()), 0, false, nullptr};
  if (P.UsesFloat && R.percent(20))
    return {Type::Float, 0, 0, false, nullptr};
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
  bool Deep = Nesting > 3;
  switch (
      R.weighted({12, 5, 6, 4, 22, 3, Deep ? 0 : 9, Deep ? 0 : 3,
                  Deep || Iterations > 20 ? 0 : 15, 6, 8,
                  Deep || Iterations > 8 ? 0 : 3, FunctionIndex ? 12 : 0})) {
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
      Body.push_back(
          make(Do::Assign, {field(Place, I), scalar(Fields[I], 2)}));
  return true;
}

/// Gives all pointers in a structure something to point to.
bool FunctionGenerator::setPointers(Block &Body, const Expr &Place) {
  const std::vector<Type> &Fields = P.Structs[Place.Ty.Index].Fields;
  for (size_t I = 0; I != Fields.size(); ++I) {
    Expr Part = field(Place, I);
    if (Fields[I].K == Type::Struct && !setPointers(Body, Part))
      return false;
    if (Fields[I].K != Type::Pointer)
      continue;
    std::optional<Expr> Target =
        pointer(*Fields[I].Element, Fields[I].Count, false);
    if (!Target)
      return false;
    Body.push_back(make(Do::Assign, {Part, *Target}));
  }
  return true;
}

void FunctionGenerator::declareArray(Block &Body) {
  Type Element = storageType();
  if (Element.K == Type::Struct)
    return declareStruct(Body);
  int Count = R.between(2, 6);
  bool Zeroed = R.percent(40);
  if (Zeroed && R.percent(25))
    Element = Type::array(Element, R.between(2, 3));
  std::vector<Expr> Elements;
  for (int I = 0; !Zeroed && I != Count; ++I)
    Elements.push_back(scalar(Element, 1));
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
    if (std::optional<Expr> Other = pointer(Element, Count, false)) {
      Expr E;
      E.Code = Op::Select;
      E.Ty = Type::pointer(Element, Count);
      E.Kids = {condition(1), *Target, *Other};
      Target = E;
    }
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

/// The elements of an array move up or down by one.
bool FunctionGenerator::shift(Block &Body) {
  int Struct = R.below(int(P.Structs.size()) + 1);
  Type Element = Struct == int(P.Structs.size())
                     ? storageType()
                     : Type{Type::Struct, Struct, 0, false, nullptr};
  int Count = R.between(1, 3);
  std::optional<Expr> First = pointer(Element, Count + 1, false);
  if (!First)
    return false;
  Expr Second = addressOf(element(*First, constant(IntType, 1)), Count, true);
  if (R.percent(50))
    std::swap(*First, Second);
  Body.push_back(make(Do::Memmove, {*First, Second}, -1, Count));
  return true;
}

/// Whole structures and blocks of memory.
void FunctionGenerator::copy(Block &Body) {
  if (!P.Structs.empty() && R.percent(40)) {
    Type Ty{Type::Struct, R.below(int(P.Structs.size())), 0, false, nullptr};
    auto Same = [&](const Type &T) { return sameType(T, Ty); };
    std::optional<Place> To = place(Same, true), From = place(Same, false);
    if (To && From) {
      Body.push_back(make(Do::Assign, {To->E, From->E}));
      return;
    }
  }
  if (R.percent(30) && shift(Body))
    return;
  Type Element = storageType();
  int Count = Element.K == Type::Struct ? 1 : R.between(1, 4);
  std::optional<Expr> To = pointer(Element, Count, false);
  if (!To)
    return assign(Body);
  bool HasPointers = Element.K == Type::Struct; // Perhaps; zeros are no use.
  if (R.percent(20) && !HasPointers) {
    Body.push_back(make(Do::Memset, {*To}, -1, Count));
    return;
  }
  std::optional<Expr> From = pointer(Element, Count, true);
  if (From)
    Body.push_back(make(R.percent(70) ? Do::Memcpy : Do::Memmove, {*To, *From},
                        -1, Count));
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

void FunctionGenerator::branch(Block &Body) {
  Stmt S = make(Do::If, {condition(2)});
  S.Bodies.push_back(block(R.between(1, 3)));
  S.Bodies.push_back(R.percent(50) ? block(R.between(1, 3)) : Block());
  Body.push_back(S);
}

void FunctionGenerator::choose(Block &Body) {
  Stmt S = make(Do::Switch, {index(4)});
  S.FallThrough = R.percent(30);
  for (int I = 0, N = R.between(2, 4); I != N; ++I)
    S.Bodies.push_back(block(R.between(1, 2)));
  Body.push_back(S);
}

void FunctionGenerator::loop(Block &Body) {
  bool WasInLoop = InLoop;
  int Outer = Iterations;
  size_t OuterScope = Scope.size();
  Do Code = R.percent(65) ? Do::For : R.percent(60) ? Do::While : Do::DoWhile;
  int Count = R.between(2, 6), Watched = -1;
  Expr Bound;
  if (Code != Do::For) {
    // While a number that shrinks in the body is large.
    Watched = newVariable(DoubleType);
    Body.push_back(make(Do::Declare, {bounded(DoubleType, 2)}, Watched));
    Bound = R.percent(75)
                ? greater(variable(Watched),
                          constant(DoubleType, R.between(1, 30) / 64.0))
                : condition(1);
  } else if (R.percent(50)) {
    Bound = constant(IntType, Count);
  } else {
    Bound = index(Count + 1);
  }
  int Var = newVariable(IntType);
  show(Var, false);
  if (Watched >= 0)
    show(Watched);
  InLoop = true;
  Iterations *= Count;
  Stmt S = make(Code, {Bound}, Var, Count);
  S.Bodies.push_back(block(R.between(1, 4)));
  if (Watched >= 0) {
    Stmt Shrink =
        make(Do::Update, {variable(Watched),
                          constant(DoubleType, R.between(20, 56) / 64.0)});
    Shrink.Update = Op::Mul;
    S.Bodies[0].push_back(Shrink);
  }
  Body.push_back(S);
  Iterations = Outer;
  InLoop = WasInLoop;
  // The counter of a while loop is still there, but is not needed.
  Scope.resize(OuterScope);
  if (Watched >= 0)
    show(Watched);
}

/// Leaves the loop, the iteration or the function under a condition.
void FunctionGenerator::leave(Block &Body) {
  Stmt S = make(Do::If, {condition(1)});
  size_t Outer = Scope.size();
  Block Then;
  if (R.percent(40))
    assign(Then);
  if (InLoop && R.percent(75))
    Then.push_back(make(R.percent(60) ? Do::Break : Do::Continue, {}));
  else if (!InHeap)
    result(Then);
  Scope.resize(Outer);
  S.Bodies = {Then, {}};
  Body.push_back(S);
}

void FunctionGenerator::heap(Block &Body) {
  Type Element = storageType();
  int Count = R.between(1, 6);
  int Var = newVariable(Type::pointer(Element, Count));
  Stmt S = make(Do::Heap, {}, Var, Count);
  Block Setup;
  if (Element.K == Type::Struct || R.percent(30)) {
    S.Code = Do::Calloc;
    for (int I = 0; Element.K == Type::Struct && I != Count; ++I)
      if (!setFields(Setup, element(variable(Var), constant(IntType, I))))
        return assign(Body);
  } else {
    int Counter = newVariable(IntType);
    show(Counter, false);
    Stmt Fill = make(Do::For, {constant(IntType, Count)}, Counter);
    Fill.Bodies.push_back(
        {make(Do::Assign, {element(variable(Var), variable(Counter)),
                           scalar(Element, 2)})});
    Setup.push_back(Fill);
    Scope.pop_back();
  }
  bool WasInHeap = InHeap, WasInLoop = InLoop;
  InHeap = true;
  InLoop = false;
  size_t Outer = Scope.size();
  show(Var, false); // What is freed is what was allocated.
  Block Rest = block(R.between(2, 4));
  Scope.resize(Outer);
  InHeap = WasInHeap;
  InLoop = WasInLoop;
  Setup.insert(Setup.end(), Rest.begin(), Rest.end());
  S.Bodies.push_back(Setup);
  Body.push_back(S);
}

//===----------------------------------------------------------------------===//
// Calls and results
//===----------------------------------------------------------------------===//

void FunctionGenerator::callStatement(Block &Body, int Callee, bool Recursive) {
  if ((CallsLeft == 0 || Iterations > 12) && !Recursive)
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
        Expr Sum;
        Sum.Code = R.percent(70) ? Op::Add : Op::Sub;
        Sum.Ty = Ty;
        Sum.Kids = {E[0], variable(V.Var)};
        E[0] = Sum;
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
    if (Targets.size() > 1) {
      Expr Select;
      Select.Code = Op::Select;
      Select.Ty = Ty;
      Select.Kids = {condition(1), Targets[0], Targets[1]};
      E = {Select};
    }
  }
  Body.push_back(make(Do::Return, E));
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
    Stmt End = make(Do::If, {greater(constant(IntType, 1), variable(F.Depth))});
    End.Bodies.resize(2);
    result(End.Bodies[0]);
    Body.push_back(End);
  }
  int RecursiveAt = F.Recursive < 0 ? -1 : R.below(Statements);
  for (int I = 0; I != Statements; ++I) {
    if (I == RecursiveAt)
      callStatement(Body, F.Recursive, true);
    statement(Body);
  }
  result(Body);
  F.Body = Body;
}
