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

  explicit Entry(Function &F) : Types(F), Calls(std::move(Types.OpenCalls)) {}

  Function &callee(const CallBase &Call) const {
    return *cast<Function>(
        Call.getCalledOperand()->stripPointerCastsAndAliases());
  }
  bool mixes(const TypeGraph &G) const {
    return G.mixesPointers(
        [&](Type *T) { return isUnlikePointers(T, Types.F.getDataLayout()); });
  }

  FunctionTypes Types;
  SmallVector<const CallBase *, 8> Calls;
  /// In order of completion: callees first, but in a recursion.
  unsigned Index = NotYet;
  /// The first that calls this one before it is complete.
  unsigned RecursionBegin = NotYet;
  /// The function, or what it calls, uses bytes as both.
  bool Mixes = false;
};

UnionFinder::UnionFinder() = default;
UnionFinder::~UnionFinder() = default;

/// Adds what is known of the callees.
void UnionFinder::apply(Entry &E, function_ref<Function &(Function &)> Body) {
  for (const CallBase *Call : E.Calls) {
    Entry &Callee = *Entries[&Body(E.callee(*Call))];
    E.Types.applyCallee(*Call, Callee.Types, /*Globals=*/true);
    E.Mixes |= Callee.Mixes;
  }
  E.Types.G.run();
  E.Mixes |= E.mixes(E.Types.G);
}

UnionMemory UnionFinder::find(Function &Root,
                              function_ref<Function &(Function &)> Body) {
  // How often facts go around in a recursion.
  constexpr unsigned MaxRounds = 3;
  SmallVector<Entry *, 16> Order;
  SmallVector<std::pair<Entry *, unsigned>, 16> Stack;
  auto Enter = [&](Function &F) {
    auto &E = Entries[&F];
    if (E)
      return;
    E = std::make_unique<Entry>(F);
    Stack.push_back({E.get(), 0});
  };
  Enter(Root);
  while (!Stack.empty()) {
    auto &[E, Next] = Stack.back();
    if (Next < E->Calls.size()) {
      Enter(Body(E->callee(*E->Calls[Next++])));
      continue;
    }
    Entry &Done = *E;
    Stack.pop_back();
    for (const CallBase *Call : Done.Calls) {
      Entry &Callee = *Entries[&Body(Done.callee(*Call))];
      if (Callee.Index == Entry::NotYet)
        Callee.RecursionBegin =
            std::min<unsigned>(Callee.RecursionBegin, Order.size());
    }
    Done.Index = Order.size();
    Order.push_back(&Done);
    apply(Done, Body);
    for (unsigned Round = 1; Round < MaxRounds; ++Round)
      for (unsigned I = Done.RecursionBegin; I < Order.size(); ++I)
        apply(*Order[I], Body);
  }
  Entry &E = *Entries[&Root];
  if (!E.Mixes)
    return UnionMemory::None;
  return E.mixes(E.Types.given()) ? UnionMemory::Given : UnionMemory::Own;
}

} // namespace linkgrad
