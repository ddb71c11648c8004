//===- UnionFinder.h - Memory that is a pointer or a float ------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes may be a pointer at one time and a float at another without a function
// that sees both. So what functions know of their parameters and of global
// variables is handed on to their callers, all the way up.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_UNIONFINDER_H
#define LINKGRAD_ANALYSIS_UNIONFINDER_H

#include "analysis/CallGraphTypes.h"
#include "request/DiffRequest.h"

namespace llvm {
class DataLayout;
class Type;
} // namespace llvm

namespace linkgrad {

/// True if the bits of an address are more than next to nothing as a float of
/// type \p T: it is smaller, or has its exponent elsewhere.
bool isUnlikePointers(llvm::Type *T, const llvm::DataLayout &DL);

class UnionFinder : CallGraphTypes {
public:
  /// What \p Root and what it calls use as a pointer and as a float for which
  /// isUnlikePointers() holds, or, in its caller's memory, a double. \p Body
  /// gives what stands for a callee, null for one that has nothing to do with
  /// active memory.
  UnionMemory find(llvm::Function &Root, Bodies Body);

  /// True if \p Root or what it calls uses part of what may be a union as two
  /// different things: a pointer, an integer, or a float of some type.
  bool mixesMembers(llvm::Function &Root, Bodies Body);

private:
  void apply(Entry &E) override;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_UNIONFINDER_H
