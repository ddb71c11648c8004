//===- CountedUnit.h - What the length of a copy counts ---------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_COUNTEDUNIT_H
#define LINKGRAD_ANALYSIS_COUNTEDUNIT_H

#include <cstdint>

namespace llvm {
class CallBase;
class Function;
class Value;
} // namespace llvm

namespace linkgrad {

/// The greatest constant that \p V is known to be a multiple of, by the
/// multiplications and shifts that it is made from.
int64_t knownFactor(const llvm::Value &V);

/// The same of what \p Bytes, a length, is beside a constant: the size of the
/// elements in a table behind a header. 1 if there is no constant.
int64_t unitBehindHeader(const llvm::Value &Bytes);

/// The same as knownFactor(), where a loop's counter is a multiple of its
/// steps.
int64_t steppedFactor(const llvm::Value &V);

/// The size in bytes of the elements that \p Bytes, the length of a copy in
/// \p F, counts; 1 if nothing tells. It is a known factor of the length; of a
/// distance of two pointers, also
///  - what the distance is divided by elsewhere (the difference of two `T *` in
///    C is divided by sizeof(T), without remainder),
///  - the steps in which loops move the pointers, and constant distances.
/// Two pointers that a loop of \p F compares are a number of its steps apart.
int64_t countedUnit(const llvm::Value &Bytes, const llvm::Function &F);

/// Says of the copies and allocations in \p F, whose lengths are not constant,
/// by what they are multiplied. LLVM cancels the product in a length such as
/// (last - first) / sizeof(T) * sizeof(T), which says that it counts T's.
void noteCountedUnits(llvm::Function &F);

/// What noteCountedUnits() has said of \p Call, else 1.
int64_t notedUnit(const llvm::CallBase &Call);

/// What the length \p Bytes of \p Copy counts by that, or by a factor of it.
int64_t copiedUnit(const llvm::CallBase &Copy, const llvm::Value &Bytes);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_COUNTEDUNIT_H
