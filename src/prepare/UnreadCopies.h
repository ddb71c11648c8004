//===- UnreadCopies.h - Copies of what nobody reads -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_UNREADCOPIES_H
#define LINKGRAD_PREPARE_UNREADCOPIES_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Takes out of copies of constant size to memory of \p F's own what is never
/// read there: a vector is filled from an array, say, and optimisation leaves
/// of its uses those of two elements. Nothing tells what the others are.
/// \returns whether anything changed.
bool trimCopies(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_UNREADCOPIES_H
