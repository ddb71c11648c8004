//===- LowerAllocations.h - Allocators with unusual results -----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_LOWERALLOCATIONS_H
#define LINKGRAD_PREPARE_LOWERALLOCATIONS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Rewrites the calls of posix_memalign in \p F, a copy that is being prepared,
/// into calls of memalign, which returns the memory as allocators do
/// (rules/Allocations.h).
void lowerAllocations(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_LOWERALLOCATIONS_H
