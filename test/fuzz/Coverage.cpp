//===- Coverage.cpp - What random programs consist of ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Coverage.h"
#include <set>

using namespace linkgrad::fuzz;

namespace {

/// Walks over all that the top function can reach.
class Finder {
public:
  explicit Finder(const Program &P) : P(P), Reached(P.Functions.size()) {
    visit(P.Functions.size() - 1);
    if (P.PrimalReturn)
      Found.insert("primal results of reverse mode");
    for (const Global &G : P.Globals)
      if (G.ThreadLocal)
        Found.insert("thread-local variables");
  }

  std::set<std::string> Found;

private:
  const Program &P;
  std::vector<bool> Reached;

  void visit(size_t Index);
  void visit(const std::vector<Stmt> &Body);
  void visit(const Stmt &S);
  void visit(const Expr &E);
  void visit(const Type &Ty);
  const char *name(const Stmt &S) const;
  const char *name(const Expr &E) const;
};

} // namespace

/// \returns true if there is such a statement in \p Body or below it.
static bool contains(const std::vector<Stmt> &Body,
                     bool (*Wanted)(const Stmt &)) {
  for (const Stmt &S : Body) {
    if (Wanted(S))
      return true;
    for (const std::vector<Stmt> &Inner : S.Bodies)
      if (contains(Inner, Wanted))
        return true;
  }
  return false;
}

static bool isHeap(const Stmt &S) {
  return S.Code == Do::Heap || S.Code == Do::Calloc || S.Code == Do::Grow;
}

void Finder::visit(size_t Index) {
  if (Reached[Index])
    return;
  Reached[Index] = true;
  const Function &F = P.Functions[Index];
  if (F.Recursive >= 0)
    Found.insert(F.Recursive == int(Index) ? "recursion" : "mutual recursion");
  if (F.Recursive >= 0 && contains(F.Body, isHeap))
    Found.insert("recursion with allocation");
  for (const Type &Ty : F.Variables)
    visit(Ty);
  visit(F.Body);
}

void Finder::visit(const Type &Ty) {
  if (!Ty.Element)
    return;
  if (Ty.Element->K == Type::Struct && P.hasPointers(*Ty.Element) &&
      Ty.Count > 1)
    Found.insert("arrays of structs with pointers");
  if (Ty.Element->K == Type::Pointer)
    Found.insert(Ty.K == Type::Array ? "arrays of pointers"
                                     : "pointers to pointers");
  visit(*Ty.Element);
}

void Finder::visit(const std::vector<Stmt> &Body) {
  for (const Stmt &S : Body)
    visit(S);
}

/// \returns true if a real number is compared in \p E.
static bool comparesReals(const Expr &E) {
  if ((E.Code == Op::Less || E.Code == Op::Greater) && E.Kids[0].Ty.isReal())
    return true;
  for (const Expr &Kid : E.Kids)
    if (comparesReals(Kid))
      return true;
  return false;
}

const char *Finder::name(const Stmt &S) const {
  switch (S.Code) {
  case Do::If:
    return "branches";
  case Do::Switch:
    return S.FallThrough ? "switches that fall through" : "switches";
  case Do::For:
    return S.E[0].Code == Op::Constant ? "bounded loops"
                                       : "loops with a bound that varies";
  case Do::While:
  case Do::DoWhile:
    return comparesReals(S.E[0]) ? "data-dependent loops" : "while loops";
  case Do::Break:
  case Do::Continue:
    return "jumps out of loops and iterations";
  case Do::DeclareArray:
    return "arrays";
  case Do::Memcpy:
    return S.E[0].Ty.Element->K == Type::Struct ? "memcpy of structs"
                                                : "memcpy";
  case Do::Memmove:
    return "memmove";
  case Do::CopyFields:
    return "memcpy of fields";
  case Do::Memset:
    return "memset";
  case Do::Heap:
    return "heap";
  case Do::Calloc:
    return "calloc";
  case Do::Grow:
    return "blocks that grow one by one";
  case Do::Realloc:
    return "realloc";
  case Do::Goto:
    return "goto";
  case Do::TwoEntries:
    return "loops with two entries";
  case Do::Assign:
    return S.E[0].Ty.K == Type::Struct    ? "assignments of structs"
           : S.E[0].Ty.K == Type::Pointer ? "assignments of pointers"
                                          : nullptr;
  default:
    return nullptr;
  }
}

void Finder::visit(const Stmt &S) {
  if (const char *Name = name(S))
    Found.insert(Name);
  if (!S.Frees.empty())
    Found.insert("jumps that free");
  for (const Expr &E : S.E)
    visit(E);
  for (const std::vector<Stmt> &Body : S.Bodies) {
    visit(Body);
    if (&Body != &S.Bodies[0] || S.Code != Do::If)
      continue;
    for (const Stmt &Inner : Body)
      if (Inner.Code == Do::Return)
        Found.insert("early returns");
  }
}

const char *Finder::name(const Expr &E) const {
  switch (E.Code) {
  case Op::Table:
    return "constant tables";
  case Op::Global:
    return "global variables";
  case Op::Entry:
    return "tables of functions";
  case Op::Field:
    if (E.Kids[0].Code == Op::Deref ||
        (E.Kids[0].Code == Op::Element &&
         E.Kids[0].Kids[0].Ty.K == Type::Pointer))
      return "pointers to structs";
    return "structs";
  case Op::Element:
    return E.Kids[0].Ty.K == Type::Array ? "arrays" : "pointers to arrays";
  case Op::Deref:
    return "pointers";
  case Op::AddressOf:
    return "addresses";
  case Op::Div:
    return "divisions";
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
  case Op::Neg:
    return E.Ty.isReal() ? "arithmetic" : "integer arithmetic";
  case Op::Sqrt:
  case Op::Exp:
  case Op::Log:
  case Op::Sin:
  case Op::Cos:
  case Op::Tanh:
  case Op::Fabs:
  case Op::Pow:
  case Op::Fmin:
  case Op::Fmax:
  case Op::Fma:
    return "functions of libm";
  case Op::Convert:
    return "conversions";
  case Op::Select:
    if (E.Ty.isReal() && E.Kids[0].Kids.size() == 2 &&
        E.Kids[0].Kids[0].Ty.isInteger())
      return "values selected by integers";
    return E.Ty.K == Type::Pointer ? "selected pointers" : "selected values";
  case Op::CallThrough:
    return "calls through pointers";
  case Op::Call:
    switch (E.Ty.K) {
    case Type::Void:
      return "calls without a result";
    case Type::Struct:
      return "calls that return structs";
    case Type::Pointer:
      return "calls that return pointers";
    default:
      return "calls";
    }
  default:
    return nullptr;
  }
}

void Finder::visit(const Expr &E) {
  if (const char *Name = name(E))
    Found.insert(Name);
  if (E.Ty.K == Type::Float)
    Found.insert("float");
  if (E.Code == Op::Convert && E.Ty.isReal() && E.Kids[0].Ty.isReal())
    Found.insert("float and double mixed");
  if (E.Code == Op::Call || E.Code == Op::CallThrough)
    for (const Expr &Kid : E.Kids)
      if (Kid.Ty.K == Type::Struct)
        Found.insert("structs by value");
  if (E.Code == Op::Call)
    visit(size_t(E.Index));
  if (E.Code == Op::CallThrough)
    for (int Callee : P.Callees[E.Kids[0].Ty.Index])
      visit(size_t(Callee));
  for (const Expr &Kid : E.Kids)
    visit(Kid);
}

void Coverage::add(const Program &P) {
  for (const std::string &Name : Finder(P).Found)
    ++Programs[Name];
}
