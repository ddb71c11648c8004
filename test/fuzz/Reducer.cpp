//===- Reducer.cpp - Smaller programs with the same failure ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Edits are numbered in the order of the tree: drop a statement, put a body in
// its statement's place, put an operand in its operation's place, put a
// constant in an expression's place. Each is tried on a copy. An edit that
// makes no valid program is found by the interpreter or by clang, and changes
// the class of the failure.
//
//===----------------------------------------------------------------------===//

#include "Interpreter.h"
#include "Runner.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace linkgrad::fuzz;

namespace {

/// Does one edit, by its number.
class Editor {
public:
  explicit Editor(size_t Number) : Left(Number) {}

  bool edit(Program &P) {
    if (P.Samples.size() > 1 && take()) {
      P.Samples.pop_back();
      return true;
    }
    for (Function &F : reverse(P.Functions))
      if (edit(F.Body))
        return true;
    return false;
  }

private:
  size_t Left;

  bool take() { return Left-- == 0; }

  bool edit(std::vector<Stmt> &Body) {
    for (size_t I = 0; I != Body.size(); ++I) {
      if (take()) {
        Body.erase(Body.begin() + I);
        return true;
      }
      for (const std::vector<Stmt> &Inner : Body[I].Bodies)
        if (!Inner.empty() && take()) {
          std::vector<Stmt> Kept = Inner;
          Body.erase(Body.begin() + I);
          Body.insert(Body.begin() + I, Kept.begin(), Kept.end());
          return true;
        }
      for (std::vector<Stmt> &Inner : Body[I].Bodies)
        if (edit(Inner))
          return true;
    }
    for (Stmt &S : Body)
      for (Expr &E : S.E)
        if (edit(E))
          return true;
    return false;
  }

  bool edit(Expr &E) {
    for (const Expr &Kid : E.Kids)
      if (sameType(Kid.Ty, E.Ty) && take()) {
        Expr Kept = Kid;
        E = Kept;
        return true;
      }
    if (E.Ty.isScalar() && E.Code != Op::Constant && take()) {
      Expr One;
      One.Ty = E.Ty;
      One.Real = One.Integer = 1;
      E = One;
      return true;
    }
    return any_of(E.Kids, [&](Expr &Kid) { return edit(Kid); });
  }
};

} // namespace

/// Evaluates the samples again; those that are no longer fit are dropped.
static bool evaluate(Program &P) {
  erase_if(P.Samples, [&](Sample &S) { return interpret(P, S); });
  return !P.Samples.empty();
}

Program linkgrad::fuzz::reduce(const Program &P, const Outcome &Failure,
                               const RunOptions &Options, int Attempts) {
  Program Best = P;
  bool Changed = true;
  while (Changed) {
    Changed = false;
    for (size_t Number = 0;;) {
      Program Candidate = Best;
      if (!Editor(Number).edit(Candidate))
        break;
      bool Fails = false;
      if (evaluate(Candidate)) {
        if (Attempts-- == 0)
          return Best;
        Fails = run(&Candidate, Options, "reduce")[0].Class == Failure.Class;
      }
      if (Fails)
        Best = std::move(Candidate);
      else
        ++Number;
      Changed |= Fails;
    }
  }
  return Best;
}
