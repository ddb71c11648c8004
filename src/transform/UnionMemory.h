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
// A pointer from before the derivative, which is not in the journal, is no
// adjoint either, where floats are stored over it: its place is noted then, and
// cleared when the journal is undone.
//
// Shadow pointers are not there in those sweeps, so they are recorded, never
// loaded again.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_UNIONMEMORY_H
#define LINKGRAD_TRANSFORM_UNIONMEMORY_H

#include "request/DiffRequest.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class Function;
class Instruction;
class LoadInst;
class StoreInst;
} // namespace llvm

namespace linkgrad {

class TypeTrees;
struct MemoryLayout;

/// True if \p F is one of the functions that are called here.
bool isUnionFunction(const llvm::Function &F);

/// Lets floats be moved beside the pointers of unions:
/// transform/UnionMoves.cpp.
void moveUnionFloats(llvm::Function &F, const TypeTrees &Types);
/// True for the loads and stores of moveUnionFloats(). A pointer may be there,
/// whose shadow stays as it is if nothing is added.
bool movesUnionFloat(const llvm::Instruction &I);
/// The loads of pointers that \p F moves, to memory or another function.
llvm::SmallVector<const llvm::LoadInst *, 8> movedPointers(llvm::Function &F);
/// The call or return through which \p I, a pointer that is loaded or that a
/// call gives, may bring the float of a union from one function to another.
llvm::Instruction *unionMovesThrough(llvm::Instruction &I,
                                     const TypeTrees &Types);

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

/// Tells the journal that floats go to \p Bytes bytes at \p Shadow next, where
/// pointers may be that were there when the derivative began.
void emitUnionFloats(llvm::IRBuilderBase &B, llvm::Value *Shadow,
                     llvm::Value *Bytes, llvm::Value *List);

/// The same for those of \p Layout that are about to be copied from \p Src to
/// \p Dst, both shadows.
void emitUnionFloats(llvm::IRBuilderBase &B, const MemoryLayout &Layout,
                     llvm::Value *Dst, llvm::Value *Src, llvm::Value *Bytes,
                     llvm::Value *List);

/// At the end of the forward sweep.
void emitUnionEnd(llvm::IRBuilderBase &B, llvm::Value *List);
/// Around each other sweep. The caller may have changed shadows, if \p IsSplit.
void emitUnionUndo(llvm::IRBuilderBase &B, llvm::Value *List,
                   UnionMemory Unions, bool IsSplit);
void emitUnionRedo(llvm::IRBuilderBase &B, llvm::Value *List, bool IsForward);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_UNIONMEMORY_H
