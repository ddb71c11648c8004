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

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TYPEADDRESS_H
