//===- Program.h - A random program as a tree -------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The language of the random programs: a subset of C as a tree of values.
/// Nodes are copied with all that is below them, so that the reducer can change
/// a copy and throw it away.
///
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_PROGRAM_H
#define LINKGRAD_FUZZ_PROGRAM_H

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace linkgrad::fuzz {

struct Type {
  enum Kind { Void, Double, Float, Int, Long, Struct, Array, Pointer, Callee };

  Kind K = Void;
  int Index = 0;      ///< Struct: which one; Callee: an entry of which table.
  int Count = 0;      ///< Array: elements; Pointer: elements that may be used.
  bool Const = false; ///< Pointer: what it points to may not be written.
  std::shared_ptr<const Type> Element;

  bool isReal() const { return K == Double || K == Float; }
  bool isInteger() const { return K == Int || K == Long; }
  bool isScalar() const { return isReal() || isInteger(); }

  static Type array(const Type &Element, int Count) {
    return {Array, 0, Count, false, std::make_shared<Type>(Element)};
  }
  static Type pointer(const Type &Element, int Count, bool Const = false) {
    return {Pointer, 0, Count, Const, std::make_shared<Type>(Element)};
  }
};

/// True if values of the two types can be assigned to each other, with any
/// number of elements behind a pointer. Whether these may be written is up to
/// the caller.
inline bool sameType(const Type &A, const Type &B) {
  if (A.K != B.K || A.Index != B.Index)
    return false;
  if (A.K == Type::Array && A.Count != B.Count)
    return false;
  return !A.Element || (A.Element->Const == B.Element->Const &&
                        sameType(*A.Element, *B.Element));
}

enum class Op {
  Constant,
  // Places. They are loaded where a value is expected.
  Variable, ///< Index: of the function's variables
  Table,    ///< Index: of the program's tables
  Global,   ///< Index: of the program's global variables
  Field,    ///< (struct place), Index
  Element,  ///< (array place or pointer, index)
  Deref,    ///< (pointer)
  AddressOf,
  // Arithmetic on two operands of the result's type.
  Neg,
  Add,
  Sub,
  Mul,
  Div,
  Wrap, ///< an int brought into [0, Integer)
  // Functions of libm.
  Sqrt,
  Exp,
  Log,
  Sin,
  Cos,
  Tanh,
  Fabs,
  Pow,
  Fmin,
  Fmax,
  Fma,
  Convert, ///< from any scalar to the result's type
  // Conditions.
  Less,
  Greater,
  And,
  Or,
  Not,
  Select,      ///< (condition, value, value); both values are without effects
  Call,        ///< Index: of the program's functions
  Entry,       ///< (index), of the type's table of functions
  CallThrough, ///< (callee, arguments…)
};

struct Expr {
  Op Code = Op::Constant;
  Type Ty;
  double Real = 0;
  int64_t Integer = 0;
  int Index = 0;
  std::vector<Expr> Kids;
};

enum class Do {
  Declare,       ///< Var = E[0]
  DeclareArray,  ///< Var = {E…}
  DeclareZeroed, ///< Var, filled with zeros by memset
  Assign,        ///< E[0] = E[1]
  Update,        ///< E[0] op= E[1], where Code is op
  If,            ///< E[0]; Bodies: then, else
  Switch,        ///< E[0]; Bodies: cases 0…, the last is the default
  For,           ///< Var from 0 to E[0]
  While,         ///< E[0] and at most Count times; Var counts
  DoWhile,
  Labelled,   ///< Bodies[0], and behind it label Count
  TwoEntries, ///< A loop of Bodies 0 and 1, entered at 1 if E[0] and repeated
              ///< if E[1], at most Count times; Var counts
  // Jumps free the blocks in Frees, from the last to the first.
  Break,
  Continue,
  Goto,     ///< to the label Count
  Return,   ///< E[0], if there is one
  Evaluate, ///< E[0], a call
  Memcpy,   ///< (destination, source), Count elements
  Memmove,
  CopyFields, ///< (destination, source), fields from Count to before End
  Memset,     ///< E[0], Count elements become zero
  Heap,       ///< Var = malloc(Count elements), Bodies[0], free(Var)
  Calloc,     ///< the same, filled with zeros
  Grow,       ///< the same; realloc makes room one by one, for E[0] where Index
              ///< counts
  Realloc,    ///< Var = realloc(Index, Count elements), Bodies[0], Index = Var
};

struct Stmt {
  Do Code = Do::Break;
  int Var = -1;
  int Count = 0;
  int End = 0;
  int Index = -1; ///< another variable
  Op Update = Op::Add;
  bool FallThrough = false; ///< Switch: no break after the cases
  std::vector<Expr> E;
  std::vector<std::vector<Stmt>> Bodies;
  std::vector<int> Frees;
};

struct Function {
  enum Inlining { Default, Never, Hint };

  std::string Name;
  Type Result;
  Inlining Inline = Default;
  int NumParameters = 0;       ///< the first variables
  std::vector<Type> Variables; ///< named v0, v1, …
  std::vector<Stmt> Body;
  bool Pure = false; ///< may be called anywhere in an expression
  bool ChangesGlobals = false;
  int Table = -1; ///< of functions, that it is in
  /// The parameter that ends the recursion when it is zero, or -1.
  int Depth = -1;
  /// The function, this one or a later one, that it calls with Depth - 1.
  int Recursive = -1;
};

struct StructType {
  std::vector<Type> Fields; ///< named f0, f1, …
};

/// Memory that exists before the call, named o0, o1, …
struct Object {
  Type Element;
  int Count = 1;
  bool Inactive = false;
};

/// How an argument of the top function is passed.
struct Argument {
  enum Kind { Scalar, Number, Memory };

  Kind K = Number;
  bool Inactive = false; ///< Scalar: marked enzyme_const
  int Object = -1;       ///< Memory
  bool NoNeed = false;   ///< Memory: marked enzyme_dupnoneed
};

/// One scalar or pointer of the arguments and the objects.
struct Cell {
  std::string Path;
  Type Ty;
  int Object = -1; ///< -1: an argument
  bool Inactive = false;
  bool NoNeed = false;
  int Target = -1;     ///< Pointer: the object that it points to
  int64_t Integer = 0; ///< Int, Long: its value; Callee: which function
};

/// A variable outside of the functions, without pointers in it.
struct Global {
  Type Ty;
  bool ThreadLocal = false;
  std::vector<Cell> Cells;
  std::vector<double> Values; ///< what the real cells begin with
};

/// What the program is run on, and what an evaluation over dual numbers found.
struct Sample {
  std::vector<double> Inputs; ///< one for each real cell

  double Result = 0;
  std::vector<double> Outputs; ///< the real cells afterwards
  /// Row 0: the result, row 1 + i: output i; a column for each input.
  std::vector<std::vector<double>> Jacobian;
};

struct Program {
  std::string Prefix;
  bool UsesFloat = false;
  bool PrimalReturn = false; ///< ask for the primal result in reverse mode
  /// Has moves within an array, else sets parts of arrays to zero. LLVM 22
  /// drops some memmoves that read a little of what a memset wrote (MemCpyOpt).
  bool MovesWithin = false;
  std::vector<StructType> Structs;
  std::vector<std::vector<double>> Tables;
  std::vector<Global> Globals;
  std::vector<Function> Functions; ///< the last is the top function
  /// Constant tables of functions with equal signatures, by their numbers.
  std::vector<std::vector<int>> Callees;
  std::vector<Argument> Arguments;
  std::vector<Object> Objects;
  std::vector<Cell> Cells; ///< arguments and objects, in memory order
  std::vector<Sample> Samples;

  const Function &top() const { return Functions.back(); }

  /// True if zeros are no valid value of type \p Ty.
  bool hasPointers(const Type &Ty) const {
    if (Ty.K == Type::Array)
      return hasPointers(*Ty.Element);
    if (Ty.K != Type::Struct)
      return Ty.K == Type::Pointer || Ty.K == Type::Callee;
    for (const Type &Field : Structs[Ty.Index].Fields)
      if (hasPointers(Field))
        return true;
    return false;
  }

  /// How many cells a value of type \p Ty has.
  int sizeOf(const Type &Ty) const {
    if (Ty.K == Type::Array)
      return Ty.Count * sizeOf(*Ty.Element);
    if (Ty.K != Type::Struct)
      return 1;
    return fieldOffset(Ty, Structs[Ty.Index].Fields.size());
  }

  /// The cells before field \p Field of the structure \p Ty.
  int fieldOffset(const Type &Ty, size_t Field) const {
    int Offset = 0;
    for (size_t I = 0; I != Field; ++I)
      Offset += sizeOf(Structs[Ty.Index].Fields[I]);
    return Offset;
  }
};

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_PROGRAM_H
