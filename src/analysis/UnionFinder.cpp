//===- UnionFinder.cpp - Memory that is a pointer or a float --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/UnionFinder.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace linkgrad {

bool isUnlikePointers(Type *T, const DataLayout &DL) {
  T = T->getScalarType();
  return T->isFloatingPointTy() &&
         (T->isX86_FP80Ty() || DL.getTypeStoreSize(T) < DL.getPointerSize());
}

static bool mixes(const FunctionTypes &Types, const TypeGraph &G) {
  return G.mixesPointers(
      [&](Type *T) { return isUnlikePointers(T, Types.F.getDataLayout()); });
}

/// Adds what is known of the callees, as long as that is no great deal: each
/// call has a copy of it.
void UnionFinder::apply(Entry &E) {
  constexpr size_t MaxNodes = 1 << 15;
  for (auto [Call, Copy] : E.Calls) {
    Entry &Callee = known(*Copy);
    E.Mixes |= Callee.Mixes;
    E.MixesMembers |= Callee.MixesMembers;
    if (E.Types.G.size() + Callee.Types.G.size() < MaxNodes)
      E.Types.applyCallee(*Call, Callee.Types, FunctionTypes::Globals);
    else
      E.Types.G.setIncomplete();
  }
  TypeGraph &G = E.Types.G;
  G.run();
  // For all that is known, if it is not all.
  E.Mixes |= G.isIncomplete() || mixes(E.Types, G);
  E.MixesMembers |= G.isIncomplete() || G.mixesMembers();
}

bool UnionFinder::mixesMembers(Function &Root, Bodies Body) {
  return entry(Root, Body).MixesMembers;
}

UnionMemory UnionFinder::find(Function &Root, Bodies Body) {
  Entry &E = entry(Root, Body);
  TypeGraph Part = E.Types.given();
  const TypeGraph &Given = Part.isIncomplete() ? E.Types.G : Part;
  // What is a double in the end has a seed, whatever it was before.
  if (Given.storesPointersOverFloats() ||
      Given.mixesPointers([](Type *T) { return T->isDoubleTy(); },
                          /*Surely=*/true))
    return UnionMemory::Given;
  if (!E.Mixes)
    return UnionMemory::None;
  return E.Types.G.isIncomplete() || mixes(E.Types, Given) ? UnionMemory::Given
                                                           : UnionMemory::Own;
}

} // namespace linkgrad
