//===- TypeAddress.h - Pointers as roots and offsets ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TYPEADDRESS_H
#define LINKGRAD_ANALYSIS_TYPEADDRESS_H

#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace llvm {
class DataLayout;
class Value;
} // namespace llvm

namespace linkgrad {

/// A pointer as an offset from a value that is not address arithmetic itself,
/// and the strides of its variable indices. The order in which the arithmetic
/// was written does not matter.
struct TypeAddress {
  const llvm::Value *Root = nullptr;
  int64_t Constant = 0;
  llvm::SmallVector<int64_t, 2> Strides; ///< different ones, descending
};

TypeAddress chaseAddress(const llvm::Value &V, const llvm::DataLayout &DL);

/// The greatest constant that \p V is known to be a multiple of, by the
/// multiplications and shifts that it is made from.
int64_t knownFactor(const llvm::Value &V);

/// The size of the elements that \p Bytes, a length, counts: its known factor,
/// or what it is divided by elsewhere if it is the distance of two pointers.
/// (The difference of two `T *` in C is divided by sizeof(T), without
/// remainder.)
int64_t countedUnit(const llvm::Value &Bytes);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TYPEADDRESS_H
