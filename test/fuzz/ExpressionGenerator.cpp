//===- ExpressionGenerator.cpp - Random expressions -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operations with a restricted domain are given arguments inside it by
// construction: sqrt(0.5 + x * x). Expressions have no effects, so the order in
// which C evaluates them does not matter.
//
//===----------------------------------------------------------------------===//

#include "FunctionGenerator.h"
#include "Nodes.h"

using namespace linkgrad::fuzz;

int Random::weighted(std::initializer_list<int> Weights) {
  int Sum = 0;
  for (int W : Weights)
    Sum += W;
  int Left = below(Sum), I = 0;
  for (int W : Weights) {
    if (Left < W)
      return I;
    Left -= W;
    ++I;
  }
  return 0;
}

//===----------------------------------------------------------------------===//
// Places and pointers
//===----------------------------------------------------------------------===//

Expr FunctionGenerator::variable(int Var) const {
  Expr E = make(Op::Variable, F.Variables[Var], {});
  E.Index = Var;
  return E;
}

Expr FunctionGenerator::element(Expr Base, Expr Index) const {
  Type Ty = *Base.Ty.Element;
  return make(Op::Element, Ty, {std::move(Base), std::move(Index)});
}

/// The address of \p Place, which \p Count elements begin at.
Expr FunctionGenerator::addressOf(Expr Place, int Count, bool Writable) const {
  Type Ty = Type::pointer(Place.Ty, Count, !Writable);
  return make(Op::AddressOf, Ty, {std::move(Place)});
}

Expr FunctionGenerator::field(Expr Base, int Index) const {
  Expr E = make(Op::Field, P.Structs[Base.Ty.Index].Fields[Index], {});
  E.Kids.push_back(std::move(Base));
  E.Index = Index;
  return E;
}

/// An index below \p Count.
Expr FunctionGenerator::index(int Count) {
  // An index with an index in it, and no deeper.
  if (R.percent(45) || IndexDepth == 2)
    return constant(IntType, R.below(Count));
  ++IndexDepth;
  Expr E = make(Op::Wrap, IntType, {integer(1)});
  --IndexDepth;
  E.Integer = Count;
  return E;
}

/// Goes from a place to its parts at random, until there is a wanted one.
std::optional<FunctionGenerator::Place>
FunctionGenerator::walk(Place From, const TypeFilter &Wanted) {
  for (int Step = 0; Step != 6; ++Step) {
    const Type Ty = From.E.Ty;
    if (Wanted(Ty) && (Ty.isScalar() || R.percent(60)))
      return From;
    if (Ty.K == Type::Struct) {
      int I = R.below(P.Structs[Ty.Index].Fields.size());
      From.E = field(From.E, I);
    } else if (Ty.K == Type::Array) {
      From.E = element(From.E, index(Ty.Count));
    } else if (Ty.K == Type::Pointer) {
      From.Writable = !Ty.Const;
      From.E = Ty.Count == 1 && R.percent(80)
                   ? make(Op::Deref, *Ty.Element, {From.E})
                   : element(From.E, index(Ty.Count));
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

/// A place of a wanted type that can be seen from here.
std::optional<FunctionGenerator::Place>
FunctionGenerator::place(const TypeFilter &Wanted, bool Writable) {
  for (int Try = 0; Try != 10; ++Try) {
    Place From;
    if (!P.Globals.empty() && R.percent(12)) {
      int I = R.below(P.Globals.size());
      From = {make(Op::Global, P.Globals[I].Ty, {}), F.ChangesGlobals, false};
      From.E.Index = I;
    } else if (!P.Tables.empty() && R.percent(10)) {
      int I = R.below(P.Tables.size());
      From.E = make(Op::Table, Type::array(DoubleType, P.Tables[I].size()), {});
      From.E.Index = I;
      From.Writable = false;
      From.Inactive = true;
    } else {
      if (Scope.empty())
        continue;
      const Visible &V = Scope[R.below(Scope.size())];
      From = {variable(V.Var), V.Writable, V.Inactive};
    }
    std::optional<Place> To = walk(From, Wanted);
    if (To && (To->Writable || !Writable))
      return To;
  }
  return std::nullopt;
}

/// A pointer to \p Count elements at least.
std::optional<Expr> FunctionGenerator::pointer(const Type &Element, int Count,
                                               bool AllowConst) {
  for (int Try = 0; Try != 6; ++Try) {
    std::optional<Place> Found = place(
        [&](const Type &Ty) {
          if (Ty.K == Type::Pointer || Ty.K == Type::Array)
            return sameType(*Ty.Element, Element) && Ty.Count >= Count;
          return Count == 1 && sameType(Ty, Element);
        },
        false);
    if (!Found || (Found->Inactive && !AllowConst))
      continue;
    Type Ty = Found->E.Ty;
    if (Ty.K == Type::Pointer) {
      if (!Ty.Const || AllowConst)
        return Found->E;
      continue;
    }
    if (!Found->Writable && !AllowConst)
      continue;
    // A loop's counter is no place to point to.
    if (Found->E.Code == Op::Variable && !Found->Writable)
      continue;
    int Left = 1;
    if (Ty.K == Type::Array) {
      int Skip = R.percent(30) ? R.below(Ty.Count - Count + 1) : 0;
      Left = Ty.Count - Skip;
      Found->E = element(Found->E, constant(IntType, Skip));
    }
    return addressOf(Found->E, Left, Found->Writable);
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Expr FunctionGenerator::leaf(const Type &Ty) {
  if (R.percent(88)) {
    std::optional<Place> Found =
        place([&](const Type &T) { return T.K == Ty.K; }, false);
    if (Found)
      return Found->E;
  }
  return constant(Ty, Ty.isReal() ? R.number() : R.below(5));
}

Expr FunctionGenerator::scalar(const Type &Ty, int Depth) {
  if (Ty.isReal())
    return real(Ty, Depth);
  Expr E = integer(Depth);
  return Ty.K == Type::Long ? make(Op::Convert, Ty, {E}) : E;
}

/// What a variable can begin with.
std::optional<Expr> FunctionGenerator::initial(const Type &Ty, int Depth) {
  if (Ty.isScalar())
    return scalar(Ty, Depth);
  if (Ty.K == Type::Callee)
    return callee(Ty);
  if (Ty.K == Type::Pointer)
    return pointer(*Ty.Element, Ty.Count, false);
  return std::nullopt;
}

/// A value that does not grow when it is computed again and again.
Expr FunctionGenerator::bounded(const Type &Ty, int Depth) {
  Expr E = real(Ty, Depth);
  switch (R.weighted({3, 2, 4, 2})) {
  case 0:
    return make(Op::Sin, Ty, {E});
  case 1:
    return make(Op::Tanh, Ty, {E});
  case 2:
    return make(Op::Mul, Ty, {constant(Ty, R.between(16, 48) / 64.0), E});
  default:
    return E;
  }
}

Expr FunctionGenerator::real(const Type &Ty, int Depth) {
  if (Depth <= 0 || R.percent(15))
    return leaf(Ty);
  auto Operand = [&] { return real(Ty, Depth - 1); };
  switch (R.weighted({14, 12, 14, 6, 3, 4, 4, 3, 5, 24})) {
  case 0:
    return make(Op::Add, Ty, {Operand(), Operand()});
  case 1:
    return make(Op::Sub, Ty, {Operand(), Operand()});
  case 2:
    return make(Op::Mul, Ty, {Operand(), Operand()});
  case 3: {
    Expr D = Operand();
    Expr Positive =
        R.percent(50) ? make(Op::Sin, Ty, {D}) : make(Op::Mul, Ty, {D, D});
    return make(Op::Div, Ty,
                {Operand(), make(Op::Add, Ty, {constant(Ty, 1.5), Positive})});
  }
  case 4:
    return make(Op::Neg, Ty, {Operand()});
  case 5:
    return make(Op::Select, Ty, {condition(1), Operand(), Operand()});
  case 6:
    return make(Op::Convert, Ty, {integer(1)});
  case 7:
    if (P.UsesFloat)
      return make(
          Op::Convert, Ty,
          {real(Ty.K == Type::Float ? DoubleType : FloatType, Depth - 1)});
    return leaf(Ty);
  case 8:
    if (std::optional<Expr> Call = pureCall(Ty))
      return *Call;
    return leaf(Ty);
  default:
    return realFunction(Ty, Depth);
  }
}

Expr FunctionGenerator::realFunction(const Type &Ty, int Depth) {
  auto Operand = [&] { return real(Ty, Depth - 1); };
  auto Plus = [&](double C, Expr E) {
    return make(Op::Add, Ty, {constant(Ty, C), std::move(E)});
  };
  auto Square = [&] {
    Expr E = Operand();
    return make(Op::Mul, Ty, {E, E});
  };
  auto Sine = [&] { return make(Op::Sin, Ty, {Operand()}); };
  switch (R.weighted({6, 5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3})) {
  case 0:
    return Sine();
  case 1:
    return make(Op::Cos, Ty, {Operand()});
  case 2:
    return make(Op::Tanh, Ty, {Operand()});
  case 3:
    return make(Op::Exp, Ty, {Sine()});
  case 4:
    return make(Op::Log, Ty, {Plus(1.25, Square())});
  case 5:
    return make(Op::Sqrt, Ty, {Plus(0.5, Square())});
  case 6:
    return make(Op::Fabs, Ty, {Operand()});
  case 7:
    return make(Op::Fmin, Ty, {Operand(), Operand()});
  case 8:
    return make(Op::Fmax, Ty, {Operand(), Operand()});
  case 9:
    return make(Op::Fma, Ty, {Operand(), Operand(), Operand()});
  case 10:
    return make(Op::Pow, Ty,
                {Plus(1.5, Sine()), R.percent(50)
                                        ? constant(Ty, R.number())
                                        : make(Op::Tanh, Ty, {Operand()})});
  default:
    return make(Op::Pow, Ty,
                {Operand(), constant(Ty, double(R.between(1, 4)))});
  }
}

Expr FunctionGenerator::integer(int Depth) {
  if (Depth <= 0 || R.percent(35)) {
    if (R.percent(20))
      if (std::optional<Place> Found =
              place([](const Type &T) { return T.K == Type::Long; }, false))
        return make(Op::Convert, IntType, {Found->E});
    return leaf(IntType);
  }
  auto Operand = [&] { return integer(Depth - 1); };
  switch (R.weighted({4, 4, 3, 3, 2, 2})) {
  case 0:
    return make(Op::Add, IntType, {Operand(), Operand()});
  case 1:
    return make(Op::Sub, IntType, {Operand(), Operand()});
  case 2:
    return make(Op::Mul, IntType, {Operand(), Operand()});
  case 3: {
    Expr E = make(Op::Wrap, IntType, {Operand()});
    E.Integer = R.between(2, 6);
    return E;
  }
  case 4:
    return make(Op::Convert, IntType, {real(DoubleType, 1)});
  default:
    return make(Op::Select, IntType, {condition(0), Operand(), Operand()});
  }
}

Expr FunctionGenerator::condition(int Depth) {
  switch (Depth > 0 ? R.weighted({12, 4, 2, 2, 1}) : R.weighted({3, 1})) {
  case 0:
    return make(R.percent(50) ? Op::Less : Op::Greater, IntType,
                {real(DoubleType, Depth), R.percent(50)
                                              ? constant(DoubleType, R.number())
                                              : real(DoubleType, Depth)});
  case 1:
    return make(R.percent(50) ? Op::Less : Op::Greater, IntType,
                {integer(1), integer(1)});
  case 2:
    return make(Op::And, IntType, {condition(Depth - 1), condition(Depth - 1)});
  case 3:
    return make(Op::Or, IntType, {condition(Depth - 1), condition(Depth - 1)});
  default:
    return make(Op::Not, IntType, {condition(Depth - 1)});
  }
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// One of the functions in the table of \p Ty.
Expr FunctionGenerator::callee(const Type &Ty) {
  int Count = P.Callees[Ty.Index].size();
  if (R.percent(50))
    if (std::optional<Place> Found =
            place([&](const Type &T) { return sameType(T, Ty); }, false))
      return Found->E;
  if (R.percent(40))
    return make(Op::Entry, Ty, {index(Count)});
  Expr One = constant(Ty, R.below(Count));
  if (R.percent(50))
    return One;
  return make(Op::Select, Ty,
              {condition(1), One, constant(Ty, R.below(Count))});
}

/// Whether this function may call number \p Callee: calls go downwards, and
/// what may stand anywhere in an expression has no effects.
bool FunctionGenerator::mayCall(int Callee) const {
  return Callee < FunctionIndex &&
         (F.ChangesGlobals || !P.Functions[Callee].ChangesGlobals);
}

/// A call with arguments that can be had here; inside of a recursion with one
/// less of the parameter that ends it. Functions whose address is taken are
/// called through a pointer most of the time.
std::optional<Expr> FunctionGenerator::call(int Callee, bool Recursive) {
  const Function &Called = P.Functions[Callee];
  Expr E = make(Op::Call, Called.Result, {});
  E.Index = Callee;
  if (Called.Table >= 0 && mayCall(P.Callees[Called.Table].back()) &&
      R.percent(75)) {
    E.Code = Op::CallThrough;
    E.Kids.push_back(callee({Type::Callee, Called.Table, 0, false, nullptr}));
  }
  for (int I = 0; I != Called.NumParameters; ++I) {
    const Type &Ty = Called.Variables[I];
    if (I == Called.Depth) {
      E.Kids.push_back(Recursive
                           ? make(Op::Sub, IntType,
                                  {variable(F.Depth), constant(IntType, 1)})
                           : constant(IntType, R.between(1, 4)));
    } else if (Ty.isScalar()) {
      E.Kids.push_back(scalar(Ty, 1));
    } else if (Ty.K == Type::Callee) {
      E.Kids.push_back(callee(Ty));
    } else if (Ty.K == Type::Pointer) {
      std::optional<Expr> Found = pointer(*Ty.Element, Ty.Count, Ty.Const);
      if (!Found)
        return std::nullopt;
      E.Kids.push_back(*Found);
    } else {
      std::optional<Place> Found =
          place([&](const Type &T) { return sameType(T, Ty); }, false);
      if (!Found)
        return std::nullopt;
      E.Kids.push_back(Found->E);
    }
  }
  return E;
}

std::optional<Expr> FunctionGenerator::pureCall(const Type &Ty) {
  if (FunctionIndex == 0 || CallsLeft == 0 || Iterations > 12)
    return std::nullopt;
  int Callee = R.below(FunctionIndex);
  const Function &Called = P.Functions[Callee];
  if (!Called.Pure || Called.Result.K != Ty.K || !mayCall(Callee))
    return std::nullopt;
  --CallsLeft;
  return call(Callee);
}
