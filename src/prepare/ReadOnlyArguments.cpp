//===- ReadOnlyArguments.cpp - What callees leave alone -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/ReadOnlyArguments.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// Follows a pointer through a function and into its callees. Recursion needs
/// no care: whoever writes does so in a body that is looked at.
class PointerReads {
public:
  explicit PointerReads(const Argument &A) { Pointers.insert(&A); }

  /// True if nothing is written through the pointer, and it is kept nowhere.
  bool areAll() {
    for (size_t Next = 0; Next < Pointers.size(); ++Next)
      for (const Use &U : Pointers[Next]->uses())
        if (++Uses > MaxUses || !isRead(U))
          return false;
    return true;
  }

private:
  static constexpr unsigned MaxUses = 1000;

  bool isRead(const Use &U) {
    auto *I = cast<Instruction>(U.getUser());
    if (auto *Load = dyn_cast<LoadInst>(I))
      return Load->isSimple();
    if (isa<GetElementPtrInst, BitCastInst, PHINode, SelectInst, FreezeInst>(
            I)) {
      Pointers.insert(I);
      return true;
    }
    if (auto *Call = dyn_cast<CallBase>(I))
      return isReadByCallee(*Call, U);
    return isa<ICmpInst>(I);
  }

  bool isReadByCallee(const CallBase &Call, const Use &U) {
    if (!Call.isArgOperand(&U))
      return false;
    unsigned Index = Call.getArgOperandNo(&U);
    if (Call.onlyReadsMemory(Index) && Call.doesNotCapture(Index))
      return true;
    const Function *Callee = Call.getCalledFunction();
    if (!Callee || Callee->isDeclaration() || Callee->isInterposable() ||
        Index >= Callee->arg_size())
      return false;
    Pointers.insert(Callee->getArg(Index));
    return true;
  }

  SmallSetVector<const Value *, 16> Pointers;
  unsigned Uses = 0;
};

} // namespace

void markReadOnlyArguments(Function &F) {
  for (Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    if (!Callee || Callee->isDeclaration() || Callee->isInterposable())
      continue;
    for (Argument &A : Callee->args())
      if (A.getType()->isPointerTy() && A.getArgNo() < Call->arg_size() &&
          !Call->onlyReadsMemory(A.getArgNo()) &&
          !Call->paramHasAttr(A.getArgNo(), Attribute::WriteOnly) &&
          PointerReads(A).areAll())
        Call->addParamAttr(A.getArgNo(), Attribute::ReadOnly);
  }
}

} // namespace linkgrad
