//===- LayoutWalk.h - Sweeps over typed memory ------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What memcpy, memmove and memset mean for shadow memory: floats are added and
// cleared in the reverse sweep, copied and cleared in the forward sweep;
// pointers are copied by the augmented primal; integers are left alone. Each
// combination of layout and action becomes one small internal function in the
// module.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_LAYOUTWALK_H
#define LINKGRAD_TRANSFORM_LAYOUTWALK_H

#include "analysis/TypeAnalysis.h"
#include "llvm/IR/IRBuilder.h"

namespace linkgrad {

enum class LayoutAction {
  /// The adjoint of a copy: src += dst; dst = 0 for floats. Right for
  /// overlapping ranges too (memmove).
  AccumulateFloats,
  /// The same where other threads add to src, too.
  AccumulateAtomically,
  /// The adjoint and the tangent of an overwrite: dst = 0 for floats.
  ClearFloats,
  /// The tangent of a copy: dst = src for floats.
  CopyFloats,
  /// dst = src for pointers. Where a float may be there, what the primal copies
  /// tells.
  CopyPointers,
  /// dst = null for pointers.
  ClearPointers,
};

/// Emits something for the header of \p Layout, which has one, and for the
/// table behind it, \p Bytes in all. \p Emit is told where a part begins, given
/// the beginning (null stays null), and its size.
void forBothParts(llvm::IRBuilderBase &B, const MemoryLayout &Layout,
                  llvm::Value *Bytes,
                  llvm::function_ref<void(
                      const MemoryLayout &Part,
                      llvm::function_ref<llvm::Value *(llvm::Value *)> Begin,
                      llvm::Value *Bytes)>
                      Emit);

/// Emits \p Action for the \p Bytes behind \p Dst (and \p Src where the action
/// reads it), laid out as \p Layout. To copy pointers takes the source in
/// \p Primal, before anything is copied there.
void emitLayoutAction(llvm::IRBuilderBase &B, LayoutAction Action,
                      const MemoryLayout &Layout, llvm::Value *Dst,
                      llvm::Value *Src, llvm::Value *Bytes,
                      llvm::Value *Primal = nullptr);

/// Emits zeros for the floats of that memory; if nothing is known of it or
/// there are no pointers, for all of it.
void emitClearedFloats(llvm::IRBuilderBase &B, const MemoryLayout &Layout,
                       llvm::Value *Dst, llvm::Value *Bytes);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_LAYOUTWALK_H
