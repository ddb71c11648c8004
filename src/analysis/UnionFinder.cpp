//===- UnionFinder.cpp - Memory that is a pointer or a float --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/UnionFinder.h"
#include "analysis/TypeAnalysisFunction.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace linkgrad {

bool isUnlikePointers(Type *T, const DataLayout &DL) {
  T = T->getScalarType();
  return T->isFloatingPointTy() &&
         (T->isX86_FP80Ty() || DL.getTypeStoreSize(T) < DL.getPointerSize());
}

struct UnionFinder::Entry {
  static constexpr unsigned NotYet = ~0u;

  Entry(Function &F, Bodies Body) : Types(F) {
    for (const CallBase *Call : std::exchange(Types.OpenCalls, {})) {
      Value *Callee = Call->getCalledOperand()->stripPointerCastsAndAliases();
      if (Function *Copy = Body(*cast<Function>(Callee)))
        Calls.push_back({Call, Copy});
    }
  }

  bool mixes(const TypeGraph &G) const {
    return G.mixesPointers(
        [&](Type *T) { return isUnlikePointers(T, Types.F.getDataLayout()); });
  }

  FunctionTypes Types;
  SmallVector<std::pair<const CallBase *, Function *>, 8> Calls;
  /// In order of completion: callees first, but in a recursion.
  unsigned Index = NotYet;
  /// The first that calls this one before it is complete.
  unsigned RecursionBegin = NotYet;
  /// The function, or what it calls, uses bytes as both.
  bool Mixes = false;
  /// The same for any two members of a union.
  bool MixesMembers = false;
};

UnionFinder::UnionFinder() = default;
UnionFinder::~UnionFinder() = default;

/// Adds what is known of the callees, as long as that is no great deal: each
/// call has a copy of it.
void UnionFinder::apply(Entry &E) {
  constexpr size_t MaxNodes = 1 << 15;
  for (auto [Call, Copy] : E.Calls) {
    Entry &Callee = *Entries[Copy];
    E.Mixes |= Callee.Mixes;
    E.MixesMembers |= Callee.MixesMembers;
    if (E.Types.G.size() + Callee.Types.G.size() < MaxNodes)
      E.Types.applyCallee(*Call, Callee.Types, /*Globals=*/true);
    else
      E.Types.G.setIncomplete();
  }
  TypeGraph &G = E.Types.G;
  G.run();
  // For all that is known, if it is not all.
  E.Mixes |= G.isIncomplete() || E.mixes(G);
  E.MixesMembers |= G.isIncomplete() || G.mixesMembers();
}

/// What is known of \p Root and of what it calls.
UnionFinder::Entry &UnionFinder::entry(Function &Root, Bodies Body) {
  // How often facts go around in a recursion.
  constexpr unsigned MaxRounds = 3;
  SmallVector<Entry *, 16> Order;
  SmallVector<std::pair<Entry *, unsigned>, 16> Stack;
  auto Enter = [&](Function &F) {
    auto &E = Entries[&F];
    if (E)
      return;
    E = std::make_unique<Entry>(F, Body);
    Stack.push_back({E.get(), 0});
  };
  Enter(Root);
  while (!Stack.empty()) {
    auto &[E, Next] = Stack.back();
    if (Next < E->Calls.size()) {
      Enter(*E->Calls[Next++].second);
      continue;
    }
    Entry &Done = *E;
    Stack.pop_back();
    for (auto [Call, Copy] : Done.Calls) {
      Entry &Callee = *Entries[Copy];
      if (Callee.Index == Entry::NotYet)
        Callee.RecursionBegin =
            std::min<unsigned>(Callee.RecursionBegin, Order.size());
    }
    Done.Index = Order.size();
    Order.push_back(&Done);
    apply(Done);
    for (unsigned Round = 1; Round < MaxRounds; ++Round)
      for (unsigned I = Done.RecursionBegin; I < Order.size(); ++I)
        apply(*Order[I]);
  }
  return *Entries[&Root];
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
  return E.Types.G.isIncomplete() || E.mixes(Given) ? UnionMemory::Given
                                                    : UnionMemory::Own;
}

} // namespace linkgrad
