//===- UnionStores.cpp - Unions in the forward sweep ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the augmented primal tells the journal of UnionMemory.h, and refuses.
//
//===----------------------------------------------------------------------===//

#include "analysis/UnionFinder.h"
#include "support/Diagnostics.h"
#include "transform/AugmentedPrimal.h"
#include "transform/Speculation.h"
#include "transform/UnionMemory.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

/// Between functions a union is a pointer, which has no adjoint. If that is all
/// that the other function does, it can be inlined.
Error AugmentedPrimal::checkUnionMove(Instruction &I) {
  if (!Request.Request.hasUnions() || !Activities->hasShadow(I))
    return Error::success();
  Instruction *Way = unionMovesThrough(I, *Types);
  if (!Way)
    return Error::success();
  Error E = makeError(Reason::UnknownType, *Way,
                      "a union of a pointer and an active float is moved as "
                      "the pointer",
                      "pass and return it by reference");
  auto *Call = dyn_cast<CallBase>(Way);
  if (Way != &I)
    return Call ? stopAt(*Call, std::move(E)) : std::move(E);
  // Nothing tells that what a call gives is from a union.
  if (Source.inlinesInstead(*Request.Request.Primal, *Call, E))
    return E;
  consumeError(std::move(E));
  return Error::success();
}

/// The journal of pointers that overwrite floats has no order among threads,
/// and pieces of far memory move.
bool AugmentedPrimal::hasJournal(const Value &Ptr) const {
  return !Request.Request.Parallel && !Activities->mayBeFar(Ptr);
}

Error AugmentedPrimal::noJournal(const Instruction &I) {
  return makeError(Reason::UnsupportedInstruction, I,
                   "a pointer is stored where a float may be at other times, "
                   "in a parallel region, where a global variable leads to, or "
                   "in an aggregate",
                   "keep pointers and floats in different places");
}

/// True if the derivative makes the shadow of \p Ptr itself: it holds nothing
/// from before.
bool AugmentedPrimal::isOwn(const Value &Ptr) {
  const Value *Object = getUnderlyingObject(&Ptr);
  return isa<AllocaInst>(Object) || isNoAliasCall(Object);
}

/// True if floats that are stored to \p Ptr may overwrite pointers from before
/// the derivative: see UnionMemory.h.
bool AugmentedPrimal::mayOverwritePointers(const Value &Ptr) const {
  return Request.Request.Unions == UnionMemory::Given &&
         !Activities->mayBeFar(Ptr) && !isOwn(Ptr);
}

Error AugmentedPrimal::visitFloatsStored(StoreInst &Store, Value &Ptr,
                                         Type *T) {
  const DataLayout &DL = Store.getDataLayout();
  // The store of the pointer beside a moved float has told the journal.
  if (!T || !isUnlikePointers(T, DL) || movesUnionFloat(Store) ||
      !mayOverwritePointers(Ptr))
    return Error::success();
  // Several of 16 bits can look like an address.
  if (Request.Request.Parallel || DL.getTypeStoreSize(T->getScalarType()) < 4)
    return makeError(Reason::UnsupportedInstruction, Store,
                     "a float is stored, in a parallel region or with 16 bits, "
                     "where a pointer may be from before the derivative",
                     "keep pointers and floats in different places");
  for (unsigned Lane = 0; Lane < Shadow->width(); ++Lane) {
    IRBuilder<> B(&Store);
    emitUnionFloats(B, Shadow->address(B, Store, Lane),
                    B.getInt64(DL.getTypeStoreSize(T)), Clone.Extra[1]);
  }
  return Error::success();
}

} // namespace linkgrad
