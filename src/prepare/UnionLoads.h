//===- UnionLoads.h - One load for each member of a union -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_UNIONLOADS_H
#define LINKGRAD_PREPARE_UNIONLOADS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// LLVM loads the bytes of a union once, as a float, where it can, and casts
/// them where the program reads a pointer from the same place, or the other way
/// round; or a struct as one vector. A float has no shadow pointer, and a
/// pointer no adjoint, so \p F gets back a load for each of the two. So do
/// stores of pointers as integers.
void splitUnionLoads(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_UNIONLOADS_H
