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
  }

  std::set<std::string> Found;

private:
  const Program &P;
  std::vector<bool> Reached;

  void visit(size_t Index);
  void visit(const std::vector<Stmt> &Body);
  void visit(const Stmt &S);
  void visit(const Expr &E);
  const char *name(const Stmt &S) const;
  const char *name(const Expr &E) const;
};

} // namespace

void Finder::visit(size_t Index) {
  if (Reached[Index])
    return;
  Reached[Index] = true;
  const Function &F = P.Functions[Index];
  if (F.Recursive >= 0)
    Found.insert(F.Recursive == int(Index) ? "recursion" : "mutual recursion");
  visit(F.Body);
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
  case Do::Memset:
    return "memset";
  case Do::Heap:
  case Do::Calloc:
    return "heap";
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
    return E.Ty.K == Type::Pointer ? "selected pointers" : "selected values";
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
  if (E.Code == Op::Call) {
    for (const Expr &Kid : E.Kids)
      if (Kid.Ty.K == Type::Struct)
        Found.insert("structs by value");
    visit(size_t(E.Index));
  }
  for (const Expr &Kid : E.Kids)
    visit(Kid);
}

void Coverage::add(const Program &P) {
  for (const std::string &Name : Finder(P).Found)
    ++Programs[Name];
}
