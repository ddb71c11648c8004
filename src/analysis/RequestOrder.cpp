//===- RequestOrder.cpp - Derivatives of derivatives ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/RequestOrder.h"
#include "analysis/CallTargets.h"
#include "request/RequestCall.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

namespace {

class RequestOrder {
public:
  RequestOrder(Module &M, ArrayRef<CallBase *> Calls) : Targets(M) {
    for (CallBase *Call : Calls)
      ByFunction[Call->getFunction()].push_back(Call);
    SmallVector<Function *> Requesting;
    for (auto &[F, Calls] : ByFunction)
      Requesting.push_back(F);
    for (Function *F : Requesting)
      visit(F);
  }

  SmallVector<CallBase *, 4> takeOrder() { return std::move(Order); }

private:
  /// A depth-first search over functions that are mentioned; a function's
  /// requests are listed when it is left.
  void visit(Function *Root) {
    SmallVector<std::pair<Function *, SmallVector<Function *>>> Stack;
    auto Enter = [&](Function *F) {
      if (!F->isDeclaration() && Visited.insert(F).second)
        Stack.emplace_back(F, mentions(*F));
    };
    Enter(Root);
    while (!Stack.empty()) {
      auto &[F, Next] = Stack.back();
      if (!Next.empty()) {
        Enter(Next.pop_back_val());
        continue;
      }
      append_range(Order, ByFunction.lookup(F));
      Stack.pop_back();
    }
  }

  SmallVector<Function *> mentions(Function &F) const {
    SmallSetVector<Function *, 8> Set;
    for (Instruction &I : instructions(F)) {
      for (Value *Operand : I.operands())
        if (auto *G =
                dyn_cast<Function>(Operand->stripPointerCastsAndAliases()))
          Set.insert(G);
      if (auto *Call = dyn_cast<CallBase>(&I);
          Call && callsThroughPointer(*Call))
        Set.insert_range(Targets.of(*Call));
    }
    return to_vector(reverse(Set));
  }

  const CallTargets Targets;
  MapVector<Function *, SmallVector<CallBase *, 2>> ByFunction;
  SmallPtrSet<Function *, 32> Visited;
  SmallVector<CallBase *, 4> Order;
};

} // namespace

SmallVector<CallBase *, 4> requestsInnerFirst(Module &M) {
  SmallVector<CallBase *, 4> Calls = findRequestCalls(M);
  return Calls.empty() ? Calls : RequestOrder(M, Calls).takeOrder();
}

} // namespace linkgrad
