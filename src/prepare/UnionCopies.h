//===- UnionCopies.h - Unions that are moved as a whole ---------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_UNIONCOPIES_H
#define LINKGRAD_PREPARE_UNIONCOPIES_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// LLVM moves eight bytes that are a double or a pointer as an integer, or as
/// one of the two. Of neither the derivative follows where the other is there,
/// but it does where memory is copied: so in \p F they are kept on the stack,
/// and copied, where debug information tells of such a union, or in a
/// std::function.
void copyUnions(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_UNIONCOPIES_H
