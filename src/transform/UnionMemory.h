//===- UnionMemory.h - Bytes that are a pointer or a float ------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where memory holds a pointer at one time and a float at another, so does its
// shadow: a pointer in the forward sweep, an adjoint in the reverse sweep. (The
// bits of an address are next to nothing as a double, but not as a float.) And
// where a float was before, or is in the end, the shadow may hold an adjoint
// already when the forward sweep begins. So in requests with
// DiffRequest::Unions that sweep keeps a journal of what shadow pointers
// overwrite, on the list of deferred frees. Before each other sweep it is
// undone, and afterwards done again, so that shadows can be walked.
//
// Shadow pointers are not there in those sweeps, so they are recorded, never
// loaded again.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_UNIONMEMORY_H
#define LINKGRAD_TRANSFORM_UNIONMEMORY_H

#include "llvm/IR/IRBuilder.h"

namespace llvm {
class Function;
class StoreInst;
} // namespace llvm

namespace linkgrad {

struct MemoryLayout;

/// True if \p F is one of the functions that are called here.
bool isUnionFunction(const llvm::Function &F);

/// Tells the journal at \p List that \p Store stores pointers, whose shadow
/// \p New goes to \p Shadow next. \returns false if they lie in an aggregate.
bool emitUnionStore(llvm::IRBuilderBase &B, llvm::StoreInst &Store,
                    llvm::Value *Shadow, llvm::Value *New, llvm::Value *List);

/// The same for the pointers of \p Layout that are about to be copied, or
/// cleared if there is no \p Src. Of both the shadow is the second.
void emitUnionCopy(llvm::IRBuilderBase &B, const MemoryLayout &Layout,
                   std::pair<llvm::Value *, llvm::Value *> Dst,
                   std::pair<llvm::Value *, llvm::Value *> Src,
                   llvm::Value *Bytes, llvm::Value *List);

/// At the end of the forward sweep.
void emitUnionEnd(llvm::IRBuilderBase &B, llvm::Value *List);
/// Around each other sweep.
void emitUnionUndo(llvm::IRBuilderBase &B, llvm::Value *List);
void emitUnionRedo(llvm::IRBuilderBase &B, llvm::Value *List);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_UNIONMEMORY_H
