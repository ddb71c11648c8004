//===- FarMemory.h - Memory from before the derivative ----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where pointers in global variables count (DiffRequest::GlobalPointers), such
// a variable may lead to memory from before the derivative began: a buffer that
// an earlier call allocated, a list that was built. What lies there is constant
// then, but active values may be stored there. Such memory has no shadow
// pointer: the primal's stands in its place, in registers; in shadow memory
// null does too. The shadow is found by the primal's address
// (library/FarMemory.c), access by access.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_FARMEMORY_H
#define LINKGRAD_TRANSFORM_FARMEMORY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/IRBuilder.h"

namespace llvm {
class Function;
class GlobalVariable;
class Instruction;
class LoadInst;
} // namespace llvm

namespace linkgrad {

struct DiffRequest;

/// The address, for one access, of the shadow of the \p Bytes behind \p Memory
/// with the shadow pointer \p Shadow.
llvm::Value *emitFarAddress(llvm::IRBuilderBase &B, llvm::Value *Memory,
                            llvm::Value *Shadow, llvm::Value *Bytes,
                            unsigned Lane);

/// The shadow of what \p Load gives, an address or several; null if that is
/// something else. \p Shadow is the shadow of the pointer that it reads from.
llvm::Value *emitFarLoad(llvm::IRBuilderBase &B, llvm::LoadInst &Load,
                         llvm::Value *Shadow, unsigned Lane);

/// The shadow of \p Memory to be freed: null if it has none.
llvm::Value *emitFarFree(llvm::IRBuilderBase &B, llvm::Value *Memory,
                         llvm::Value *Shadow);

/// Stops the program before \p I if \p Shadow shows that \p Memory has none.
void emitFarStop(llvm::Instruction &I, llvm::Value *Memory,
                 llvm::Value *Shadow);

/// Emits what the derivative that answers \p R begins with: of all memory but
/// \p Variables there are no shadows. \returns what emitFarEnd() takes.
llvm::Value *emitFarBegin(llvm::IRBuilderBase &B,
                          llvm::ArrayRef<llvm::GlobalVariable *> Variables,
                          const DiffRequest &R);

/// Emits what it ends with, if no other reads its tape.
void emitFarEnd(llvm::IRBuilderBase &B, llvm::Value *Before);

/// True if \p F is one of these functions.
bool isFarFunction(const llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_FARMEMORY_H
