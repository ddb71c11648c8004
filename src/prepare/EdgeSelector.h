//===- EdgeSelector.h - A merge's edge from conditions ----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_EDGESELECTOR_H
#define LINKGRAD_PREPARE_EDGESELECTOR_H

#include "llvm/ADT/ArrayRef.h"

namespace llvm {
class BasicBlock;
class IntegerType;
class Value;
} // namespace llvm

namespace linkgrad {

struct ControlFlowTrace;

/// The index in \p Preds of the edge by which \p Merge was entered, as a value
/// of \p Merge: selects over the conditions of the branches that lead there.
/// Null if those cannot be had in \p Merge.
llvm::Value *edgeFromConditions(llvm::BasicBlock &Merge,
                                llvm::ArrayRef<llvm::BasicBlock *> Preds,
                                llvm::IntegerType *Type,
                                const ControlFlowTrace &Trace);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_EDGESELECTOR_H
