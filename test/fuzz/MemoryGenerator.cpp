//===- MemoryGenerator.cpp - Random copies and heap blocks ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionGenerator.h"
#include "Nodes.h"

using namespace linkgrad::fuzz;

/// The elements of an array move up or down.
bool FunctionGenerator::shift(Block &Body) {
  int Struct = R.below(int(P.Structs.size()) + 1);
  Type Element = Struct == int(P.Structs.size())
                     ? storageType()
                     : Type{Type::Struct, Struct, 0, false, nullptr};
  int Count = R.between(1, 3), Distance = R.between(1, 2);
  std::optional<Expr> First = pointer(Element, Count + Distance, false);
  if (!First)
    return false;
  Expr Second =
      addressOf(element(*First, constant(IntType, Distance)), Count, true);
  if (R.percent(50))
    std::swap(*First, Second);
  Body.push_back(make(Do::Memmove, {*First, Second}, -1, Count));
  return true;
}

/// A whole structure, or some fields in a row.
bool FunctionGenerator::copyStruct(Block &Body) {
  Type Ty{Type::Struct, R.below(int(P.Structs.size())), 0, false, nullptr};
  auto Same = [&](const Type &T) { return sameType(T, Ty); };
  std::optional<Place> To = place(Same, true), From = place(Same, false);
  if (!To || !From)
    return false;
  Stmt S = make(Do::Assign, {To->E, From->E});
  int Fields = P.Structs[Ty.Index].Fields.size();
  if (R.percent(45)) {
    S.Code = Do::CopyFields;
    S.Count = R.below(Fields);
    S.End = R.between(S.Count + 1, Fields);
  }
  Body.push_back(S);
  return true;
}

/// Whole structures and blocks of memory.
void FunctionGenerator::copy(Block &Body) {
  if (!P.Structs.empty() && R.percent(45) && copyStruct(Body))
    return;
  if (P.MovesWithin && R.percent(50) && shift(Body))
    return;
  Type Element = storageType();
  int Count = R.between(1, Element.K == Type::Struct ? 2 : 4);
  std::optional<Expr> To = pointer(Element, Count, false);
  if (!To)
    return assign(Body);
  if (!P.MovesWithin && R.percent(40) && !P.hasPointers(Element)) {
    Body.push_back(make(Do::Memset, {*To}, -1, Count));
    return;
  }
  std::optional<Expr> From = pointer(Element, Count, true);
  if (From)
    Body.push_back(
        make(P.MovesWithin && R.percent(40) ? Do::Memmove : Do::Memcpy,
             {*To, *From}, -1, Count));
}

/// Gives the elements of a block from \p First on to before \p Count a value.
/// \returns whether there is something for its pointers to point to.
bool FunctionGenerator::fill(Block &Body, int Block, int First, int Count) {
  const Type Element = *F.Variables[Block].Element;
  if (Element.isScalar() && First == 0) {
    int Counter = newVariable(IntType);
    show(Counter, false);
    Stmt Fill = make(Do::For, {constant(IntType, Count)}, Counter);
    Fill.Bodies.push_back(
        {make(Do::Assign, {element(variable(Block), variable(Counter)),
                           scalar(Element, 2)})});
    Body.push_back(Fill);
    Scope.pop_back();
    return true;
  }
  for (int I = First; I != Count; ++I) {
    Expr Place = element(variable(Block), constant(IntType, I));
    if (Element.K == Type::Struct) {
      if (!setFields(Body, Place))
        return false;
      continue;
    }
    std::optional<Expr> E = initial(Element, 2);
    if (!E)
      return false;
    Body.push_back(make(Do::Assign, {Place, *E}));
  }
  return true;
}

/// Adds the elements of a block up, so that each of them counts.
void FunctionGenerator::sum(Block &Body, int Block) {
  const Type Ty = F.Variables[Block];
  std::optional<Place> To =
      place([](const Type &T) { return T.isReal(); }, true);
  if (!To || !Ty.Element->isReal())
    return;
  int Counter = newVariable(IntType);
  Stmt Loop = make(Do::For, {constant(IntType, Ty.Count)}, Counter);
  Expr Term = make(Op::Convert, To->E.Ty,
                   {make(Op::Sin, *Ty.Element,
                         {element(variable(Block), variable(Counter))})});
  Loop.Bodies.push_back({make(Do::Update, {To->E, Term})});
  Body.push_back(Loop);
}

void FunctionGenerator::heap(Block &Body) {
  Type Element = storageType();
  int Count = R.between(1, 6);
  int Var = newVariable(Type::pointer(Element, Count));
  Stmt S = make(Do::Heap, {}, Var, Count);
  Block Setup;
  if (Element.K != Type::Struct && R.percent(20)) {
    S.Code = Do::Grow;
    S.Index = newVariable(IntType);
    show(S.Index, false);
    std::optional<Expr> E = initial(Element, 2);
    Scope.pop_back();
    if (!E)
      return assign(Body);
    S.E = {*E};
  } else {
    if (Element.K == Type::Struct || R.percent(30))
      S.Code = Do::Calloc;
    if ((S.Code == Do::Heap || !Element.isScalar()) &&
        !fill(Setup, Var, 0, Count))
      return assign(Body);
  }
  size_t Outer = Scope.size();
  show(Var, false); // What is freed is what was allocated.
  Blocks.push_back(Var);
  Block Rest = block(R.between(2, 4));
  Scope.resize(Outer);
  if (R.percent(25))
    reallocate(Rest, Var);
  else if (R.percent(60))
    sum(Rest, Var);
  Blocks.pop_back();
  Setup.insert(Setup.end(), Rest.begin(), Rest.end());
  S.Bodies.push_back(Setup);
  Body.push_back(S);
}

/// Another name for the block from here on, with another size.
void FunctionGenerator::reallocate(Block &Body, int Block) {
  const Type Old = F.Variables[Block];
  int Count = R.between(1, 6);
  Stmt S = make(Do::Realloc, {},
                newVariable(Type::pointer(*Old.Element, Count)), Count);
  S.Index = Block;
  Blocks.back() = S.Var;
  std::vector<Stmt> Setup;
  if (Count > Old.Count && !fill(Setup, S.Var, Old.Count, Count)) {
    Blocks.back() = Block;
    return;
  }
  show(S.Var, false);
  std::vector<Stmt> Rest = block(R.between(1, 3));
  Scope.pop_back();
  if (R.percent(80))
    sum(Rest, S.Var);
  Setup.insert(Setup.end(), Rest.begin(), Rest.end());
  S.Bodies.push_back(Setup);
  Body.push_back(S);
}
