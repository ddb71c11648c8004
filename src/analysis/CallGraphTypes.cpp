//===- CallGraphTypes.cpp - What callees know of types --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/CallGraphTypes.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace linkgrad {

CallGraphTypes::Entry::Entry(Function &F, Bodies Body) : Alive(&F), Types(F) {
  for (const CallBase *Call : std::exchange(Types.OpenCalls, {})) {
    Value *Callee = Call->getCalledOperand()->stripPointerCastsAndAliases();
    if (Function *Copy = Body(*cast<Function>(Callee)))
      Calls.push_back({Call, Copy});
  }
}

CallGraphTypes::Entry &CallGraphTypes::entry(Function &Root, Bodies Body) {
  // How often facts go around in a recursion.
  constexpr unsigned MaxRounds = 3;
  SmallVector<Entry *, 16> Order;
  SmallVector<std::pair<Entry *, unsigned>, 16> Stack;
  auto Enter = [&](Function &F) {
    auto &E = Entries[&F];
    if (E && E->Alive)
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
      Entry &Callee = known(*Copy);
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
  return known(Root);
}

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

void DeepFloats::apply(Entry &E) {
  // Each call has a copy of what is known of the callee.
  const size_t MaxNodes = 4000 + 2 * E.Types.G.size();
  for (auto [Call, F] : E.Calls)
    if (Entry &Callee = known(*F);
        Callee.HasFloats && E.Types.G.size() < MaxNodes)
      E.Types.applyCallee(*Call, Callee.Types, FunctionTypes::OnlyFloats);
  E.Types.G.run();
  SmallVector<Loc, 8> Roots;
  for (const Argument &Arg : E.Types.F.args())
    Roots.push_back(E.Types.place(Arg));
  Roots.push_back(E.Types.returnedPlace());
  E.HasFloats = E.Types.G.leadToFloats(Roots);
}

FunctionTypes *DeepFloats::of(Function &F) {
  auto Itself = [](Function &Callee) { return &Callee; };
  Entry &E = entry(F, Itself);
  return E.HasFloats ? &E.Types : nullptr;
}

} // namespace linkgrad
