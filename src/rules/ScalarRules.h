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

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace llvm {
class IRBuilderBase;
class Instruction;
class Value;
} // namespace llvm

namespace linkgrad {

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

  /// The row's name, e.g. "FMul" or "sin".
  llvm::StringRef name() const;

  /// Number of floating-point operands that the row speaks of; operand i of
  /// the row is operand i of the instruction.
  unsigned arity() const;

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
};

} // namespace linkgrad

#endif // LINKGRAD_RULES_SCALARRULES_H
