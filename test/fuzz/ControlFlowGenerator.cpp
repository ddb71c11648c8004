//===- ControlFlowGenerator.cpp - Random branches, loops and jumps --------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every loop has a bound, and every jump out of the life of a heap block frees
// it.
//
//===----------------------------------------------------------------------===//

#include "FunctionGenerator.h"
#include "Nodes.h"

using namespace linkgrad::fuzz;

void FunctionGenerator::branch(Block &Body) {
  Stmt S = make(Do::If, {condition(2)});
  S.Bodies.push_back(block(R.between(1, 3)));
  S.Bodies.push_back(R.percent(50) ? block(R.between(1, 3)) : Block());
  Body.push_back(S);
}

void FunctionGenerator::choose(Block &Body) {
  Stmt S = make(Do::Switch, {index(4)});
  S.FallThrough = R.percent(30);
  int Outer = BreakBlocks;
  BreakBlocks = Blocks.size();
  for (int I = 0, N = R.between(2, 4); I != N; ++I)
    S.Bodies.push_back(block(R.between(1, 2)));
  BreakBlocks = Outer;
  Body.push_back(S);
}

void FunctionGenerator::loop(Block &Body) {
  int Outer = Iterations, OuterBreak = BreakBlocks,
      OuterContinue = ContinueBlocks;
  size_t OuterScope = Scope.size();
  Do Code = R.percent(65) ? Do::For : R.percent(60) ? Do::While : Do::DoWhile;
  int Count = R.between(2, 6), Watched = -1;
  Expr Bound;
  if (Code != Do::For) {
    // While a number that shrinks in the body is large.
    Watched = newVariable(DoubleType);
    Body.push_back(make(Do::Declare, {bounded(DoubleType, 2)}, Watched));
    Bound = R.percent(75)
                ? make(Op::Greater, IntType,
                       {variable(Watched),
                        constant(DoubleType, R.between(1, 30) / 64.0)})
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
  BreakBlocks = ContinueBlocks = Blocks.size();
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
  BreakBlocks = OuterBreak;
  ContinueBlocks = OuterContinue;
  // The counter of a while loop is still there, but is not needed.
  Scope.resize(OuterScope);
  if (Watched >= 0)
    show(Watched);
}

/// A jump to where \p NumBlocks of the heap are still there.
Stmt FunctionGenerator::jump(Do Code, size_t NumBlocks) {
  Stmt S = make(Code, {});
  S.Frees.assign(Blocks.rbegin(), Blocks.rend() - NumBlocks);
  return S;
}

/// Leaves the loop, the iteration, the function or more under a condition.
void FunctionGenerator::leave(Block &Body) {
  Stmt S = make(Do::If, {condition(1)});
  size_t Outer = Scope.size();
  Block Then;
  if (R.percent(40))
    assign(Then);
  switch (R.weighted({BreakBlocks < 0 ? 0 : 9, ContinueBlocks < 0 ? 0 : 6,
                      Labels.empty() ? 0 : 20, 5})) {
  case 0:
    Then.push_back(jump(Do::Break, BreakBlocks));
    break;
  case 1:
    Then.push_back(jump(Do::Continue, ContinueBlocks));
    break;
  case 2: {
    const Label &To = Labels[R.below(Labels.size())];
    Then.push_back(jump(Do::Goto, To.NumBlocks));
    Then.back().Count = To.Number;
    break;
  }
  default:
    result(Then);
  }
  Scope.resize(Outer);
  S.Bodies = {Then, {}};
  Body.push_back(S);
}

/// Statements with a label behind them, and something that goes there.
void FunctionGenerator::labelled(Block &Body) {
  Stmt S = make(Do::Labelled, {}, -1, NumLabels++);
  Labels.push_back({S.Count, Blocks.size()});
  Block Inner;
  ++Nesting;
  size_t Outer = Scope.size();
  R.percent(60) && Iterations <= 20 ? loop(Inner) : branch(Inner);
  leave(Inner);
  statement(Inner);
  Scope.resize(Outer);
  --Nesting;
  Labels.pop_back();
  S.Bodies = {Inner};
  Body.push_back(S);
}

/// A loop that goto makes, and that is entered in the middle or at the top.
void FunctionGenerator::twoEntries(Block &Body) {
  int Count = R.between(2, 4), Outer = Iterations, OuterBreak = BreakBlocks,
      OuterContinue = ContinueBlocks;
  Stmt S = make(Do::TwoEntries, {condition(1), condition(1)},
                newVariable(IntType), Count);
  size_t OuterScope = Scope.size();
  show(S.Var, false);
  Iterations *= Count;
  BreakBlocks = ContinueBlocks = -1;
  for (int I = 0; I != 2; ++I)
    S.Bodies.push_back(block(R.between(1, 2)));
  Iterations = Outer;
  BreakBlocks = OuterBreak;
  ContinueBlocks = OuterContinue;
  Scope.resize(OuterScope);
  Body.push_back(S);
}
