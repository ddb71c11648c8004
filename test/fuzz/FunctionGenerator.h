//===- FunctionGenerator.h - Random function bodies -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_FUNCTIONGENERATOR_H
#define LINKGRAD_FUZZ_FUNCTIONGENERATOR_H

#include "Program.h"
#include <functional>
#include <optional>
#include <random>

namespace linkgrad::fuzz {

/// Decisions. The standard's distributions differ between libraries, so they
/// are not used.
class Random {
public:
  explicit Random(uint64_t Seed) : Engine(Seed) {}

  /// A number of [0, N).
  int below(int N) { return Engine() % N; }
  /// A number of [Low, High].
  int between(int Low, int High) { return Low + below(High - Low + 1); }
  bool percent(int P) { return below(100) < P; }
  /// A number with few digits, which float can hold.
  double number() { return between(-160, 160) / 64.0; }
  /// An index, each with a probability in proportion to its weight.
  int weighted(std::initializer_list<int> Weights);

private:
  std::mt19937_64 Engine;
};

/// Makes the body of one function. The signatures of all functions that it may
/// call must be there.
class FunctionGenerator {
public:
  FunctionGenerator(Program &P, int FunctionIndex, Random &R)
      : P(P), FunctionIndex(FunctionIndex), F(P.Functions[FunctionIndex]),
        R(R) {}

  void generate(int Statements);

private:
  struct Visible {
    int Var;
    bool Writable;
    bool Inactive; ///< its address must not meet those of active memory
  };
  using TypeFilter = std::function<bool(const Type &)>;

  Program &P;
  const int FunctionIndex;
  Function &F;
  Random &R;

  std::vector<Visible> Scope;
  int Nesting = 0;
  int Iterations = 1;      ///< of the loops around the current place
  std::vector<int> Blocks; ///< of the heap, that a jump would leak
  /// Where a jump can go: how many of these blocks there are there, or -1.
  int BreakBlocks = -1, ContinueBlocks = -1;
  struct Label {
    int Number;
    size_t NumBlocks;
  };
  std::vector<Label> Labels;
  int NumLabels = 0;
  bool RecursionLeft = false; ///< the call of this function is still to come
  int CallsLeft = 3;
  int IndexDepth = 0;

  // Expressions.
  Expr variable(int Var) const;
  Expr element(Expr Base, Expr Index) const;
  Expr addressOf(Expr Place, int Count, bool Writable) const;
  Expr field(Expr Base, int Index) const;
  struct Place {
    Expr E;
    bool Writable;
    bool Inactive;
  };
  std::optional<Place> walk(Place From, const TypeFilter &Wanted);
  std::optional<Place> place(const TypeFilter &Wanted, bool Writable);
  std::optional<Expr> pointer(const Type &Element, int Count, bool AllowConst);
  Expr index(int Count);
  Expr leaf(const Type &Ty);
  Expr real(const Type &Ty, int Depth);
  Expr realFunction(const Type &Ty, int Depth);
  Expr bounded(const Type &Ty, int Depth);
  Expr integer(int Depth);
  Expr condition(int Depth);
  Expr scalar(const Type &Ty, int Depth);
  std::optional<Expr> initial(const Type &Ty, int Depth);
  Expr callee(const Type &Ty);
  bool mayCall(int Callee) const;
  std::optional<Expr> call(int Callee, bool Recursive = false);
  std::optional<Expr> pureCall(const Type &Ty);

  // Statements.
  using Block = std::vector<Stmt>;
  int newVariable(const Type &Ty);
  void show(int Var, bool Writable = true) {
    Scope.push_back({Var, Writable, false});
  }
  Type storageType();
  Block block(int Statements);
  void statement(Block &Body);
  void declare(Block &Body);
  void declareStruct(Block &Body);
  void declareArray(Block &Body);
  void declarePointer(Block &Body);
  bool setFields(Block &Body, const Expr &Place);
  bool setPointers(Block &Body, const Expr &Place);
  void assign(Block &Body);
  void assignPointer(Block &Body);
  void branch(Block &Body);
  void choose(Block &Body);
  void loop(Block &Body);
  void leave(Block &Body);
  Stmt jump(Do Code, size_t NumBlocks);
  void labelled(Block &Body);
  void twoEntries(Block &Body);
  void copy(Block &Body);
  bool copyStruct(Block &Body);
  bool shift(Block &Body);
  void heap(Block &Body);
  bool fill(Block &Body, int Block, int First, int Count);
  void reallocate(Block &Body, int Block);
  void sum(Block &Body, int Block);
  void callStatement(Block &Body, int Callee, bool Recursive = false);
  void result(Block &Body);
};

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_FUNCTIONGENERATOR_H
