//===- ValueKinds.h - What a value carries ----------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_VALUEKINDS_H
#define LINKGRAD_ANALYSIS_VALUEKINDS_H

#include "analysis/TypeAnalysis.h"

namespace llvm {
class CallBase;
class Function;
class Type;
class Value;
} // namespace llvm

namespace linkgrad {

/// True if \p T is or contains a pointer (by its IR type alone).
bool containsPointer(llvm::Type *T);
/// True if \p T is or contains floating point (by its IR type alone).
bool containsFloat(llvm::Type *T);

/// What the values of one function carry, whatever their IR type says: an i64
/// may hold a double or a pointer on its way from memory to memory.
class ValueKinds {
public:
  explicit ValueKinds(const TypeTrees &Types) : Types(Types) {}

  /// True if \p V is, contains or is really a pointer: it needs a shadow that
  /// moves with it.
  bool carriesPointer(const llvm::Value &V) const;

  /// The type of \p V's adjoint: V's own type if that holds floating point,
  /// the float that an integer really is, or the vector of floats that it is
  /// packed from (some of which may be integers after all), null if V carries
  /// no floats.
  llvm::Type *adjointType(const llvm::Value &V) const;

  /// True if \p V is an integer (or vector of them) of which nothing tells
  /// whether it is a float in disguise.
  bool isAmbiguous(const llvm::Value &V) const;

  /// True unless \p V certainly holds no floating-point value.
  bool mayCarryFloat(const llvm::Value &V) const {
    return adjointType(V) || isAmbiguous(V);
  }

  const TypeTrees &types() const { return Types; }

private:
  const TypeTrees &Types;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_VALUEKINDS_H
