//===- TableExtent.h - How far a table certainly reaches --------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TABLEEXTENT_H
#define LINKGRAD_ANALYSIS_TABLEEXTENT_H

#include <cstdint>

namespace llvm {
class Function;
class Value;
} // namespace llvm

namespace linkgrad {

/// True if a loop of \p F, in each of its constantly many iterations, loads or
/// stores floating point behind \p Ptr, from byte \p From or before to byte
/// \p End. An index alone says nothing of the kind: what it runs over may be a
/// member at the beginning of something bigger.
bool floatsReach(llvm::Function &F, const llvm::Value &Ptr, uint64_t From,
                 uint64_t End);

/// True if a loop of \p F accesses, in steps of \p Stride bytes, each of the
/// elements that the \p Bytes behind \p Ptr can be: they are one table.
bool accessesEach(llvm::Function &F, const llvm::Value &Ptr, uint64_t Stride,
                  uint64_t Bytes);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TABLEEXTENT_H
