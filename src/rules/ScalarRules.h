//===- ScalarRules.h - Derivatives of scalar operations ---------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Access to the rows of ScalarRules.def. A row gives for each argument a map
// that is linear in g, an incoming tangent or adjoint; a 1x1 linear map is its
// own transpose, so one row serves both modes:
//
//   forward  dr = sum over i of map_i(dx_i)        reverse  dx_i += map_i(dr)
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_SCALARRULES_H
#define LINKGRAD_RULES_SCALARRULES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace llvm {
class Function;
class FunctionType;
class IRBuilderBase;
class Instruction;
class Module;
class Type;
class Value;
} // namespace llvm

namespace linkgrad {

class IRValue;

/// A primal value that a map can read.
enum PrimalRef : unsigned {
  PrimalX = 0, ///< first operand
  PrimalY = 1,
  PrimalZ = 2,
  PrimalR = 3, ///< the result
};

/// One row of the table.
class ScalarRule {
public:
  /// The row for an instruction (fadd, fmul, a call of sin or llvm.sin, …),
  /// or null if there is none.
  static const ScalarRule *find(const llvm::Instruction &I);

  /// The row for calls of \p F: an intrinsic, a function with the attribute
  /// enzyme_math="name", or a declaration with the name and the prototype of a
  /// C library function. Null if there is none.
  static const ScalarRule *forCallee(const llvm::Function &F);

  /// The row for a C library function by its name alone ("sinf" and
  /// "__sinf_finite" give sin), or null.
  static const ScalarRule *forLibraryName(llvm::StringRef Name);

  /// The whole table, in its order.
  static llvm::ArrayRef<ScalarRule> all();

  /// The row's name, e.g. "FMul" or "sin".
  llvm::StringRef name() const { return Name; }

  /// Number of operands that the row speaks of; operand i of the row is operand
  /// i of the instruction. Integer operands after the last floating-point one
  /// are not counted: ldexp has arity 1, jn (whose map 0 is zero) has 2.
  unsigned arity() const { return Arity; }

  /// True if the derivative with respect to \p Arg is zero everywhere: said,
  /// not forgotten.
  bool isZero(unsigned Arg) const;

  /// Bit mask over PrimalRef: what the map of \p Arg reads.
  unsigned needs(unsigned Arg) const;

  /// Emits map_Arg(\p G). \p G is of \p I's type in forward and reverse alike
  /// (scalar or vector). \p Primal delivers a primal operand or the result
  /// where the code is emitted; it is asked only for what needs() names.
  /// The emitted instructions inherit the fast-math flags of \p I.
  llvm::Value *emit(llvm::IRBuilderBase &B, const llvm::Instruction &I,
                    unsigned Arg, llvm::Value *G,
                    llvm::function_ref<llvm::Value *(PrimalRef)> Primal) const;

private:
  using MapFn = IRValue (*)(IRValue G, IRValue X, IRValue Y, IRValue Z,
                            IRValue R);
  struct ArgMap {
    MapFn Emit; ///< null if the map is zero everywhere
    unsigned Needs;
  };
  struct Table;

  constexpr ScalarRule(llvm::StringLiteral Name, unsigned Arity,
                       llvm::StringLiteral Operands, ArgMap X, ArgMap Y,
                       ArgMap Z)
      : Name(Name), Arity(Arity), Operands(Operands), ArgMaps{X, Y, Z} {}

  /// True if a function of type \p FT, whose result has the floating-point
  /// type that decides all others, can be this row's operation.
  bool fits(const llvm::FunctionType &FT) const;

  llvm::StringLiteral Name;
  unsigned Arity;
  /// One letter per operand of the operation: f floating point, i integer.
  llvm::StringLiteral Operands;
  ArgMap ArgMaps[3];
};

/// The name of the C library's function \p Name for numbers of type \p T.
std::string libraryName(llvm::StringRef Name, const llvm::Type &T,
                        const llvm::Module &M);

} // namespace linkgrad

#endif // LINKGRAD_RULES_SCALARRULES_H
