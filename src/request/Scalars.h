//===- Scalars.h - Types as sequences of scalars ----------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A C struct {float, float} is `<2 x float>` in one function type, `{ float,
// float }` in another and `[2 x float]` in a third. What they have in common
// is the sequence of scalars, and that is how one is turned into another.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_SCALARS_H
#define LINKGRAD_REQUEST_SCALARS_H

#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace llvm {
class DataLayout;
class IRBuilderBase;
class Type;
class Value;
} // namespace llvm

namespace linkgrad {

/// One scalar inside a value of a possibly nested type.
struct Scalar {
  llvm::Type *Ty;
  uint64_t Offset; ///< bytes from the start of the value in memory
  llvm::SmallVector<unsigned, 4> Path; ///< indices down to scalar or vector
  std::optional<unsigned> Lane;        ///< element of that vector
};
using ScalarList = llvm::SmallVector<Scalar, 8>;

/// The scalars of \p T in the order of memory; none for a type whose size is
/// not fixed or that holds more scalars than anyone passes by value.
std::optional<ScalarList> scalarsOf(llvm::Type *T, const llvm::DataLayout &DL);

/// True if both types hold scalars of the same types in the same order.
bool sameScalars(llvm::Type *A, llvm::Type *B, const llvm::DataLayout &DL);

/// The scalar \p S of \p V.
llvm::Value *extractScalar(llvm::IRBuilderBase &B, llvm::Value *V,
                           const Scalar &S);

/// \p V as a value of type \p To. \pre sameScalars of both types.
llvm::Value *rebuildAs(llvm::IRBuilderBase &B, llvm::Value *V, llvm::Type *To,
                       const llvm::DataLayout &DL);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_SCALARS_H
