//===- LowerBarriers.cpp - Assembler that does nothing --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Eigen keeps compilers from reordering its arithmetic by such statements, and
// benchmarks keep them from leaving out results. Each output must have an input
// in its place. An indirect output is written to memory, or, where the same
// memory is an input, left there.
//
//===----------------------------------------------------------------------===//

#include "prepare/LowerBarriers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

namespace {

class Barrier {
public:
  Barrier(CallInst &Call, const InlineAsm &Asm)
      : Call(Call), Constraints(Asm.ParseConstraints()) {}

  /// \returns false if it is not known what the outputs are.
  bool findOutputs();
  void replace();

private:
  Value *operand(unsigned Constraint) const {
    return Call.getArgOperand(Operands[Constraint]);
  }
  bool isInput(const Value &Memory) const;

  CallInst &Call;
  InlineAsm::ConstraintInfoVector Constraints;
  SmallVector<unsigned, 4> Operands; ///< of each constraint that has one
  SmallVector<Value *, 2> Results;
  SmallVector<std::pair<Value *, Value *>, 2> Stores; ///< value, address
  bool ClobbersMemory = false;
};

} // namespace

bool Barrier::isInput(const Value &Memory) const {
  for (auto [I, C] : enumerate(Constraints))
    if (C.Type == InlineAsm::isInput && C.isIndirect && operand(I) == &Memory)
      return true;
  return false;
}

bool Barrier::findOutputs() {
  unsigned Next = 0;
  for (const InlineAsm::ConstraintInfo &C : Constraints) {
    if (C.Type == InlineAsm::isLabel)
      return false;
    ClobbersMemory |= is_contained(C.Codes, "{memory}");
    Operands.push_back(Next);
    Next += C.Type == InlineAsm::isInput || C.isIndirect;
  }
  for (auto [I, C] : enumerate(Constraints)) {
    if (C.Type != InlineAsm::isOutput)
      continue;
    if (!C.hasMatchingInput()) {
      if (C.isIndirect && isInput(*operand(I)))
        continue;
      return false;
    }
    Value *V = operand(C.MatchingInput);
    if (Constraints[C.MatchingInput].isIndirect)
      return false;
    if (C.isIndirect) {
      if (V->getType() != Call.getParamElementType(Operands[I]))
        return false;
      Stores.push_back({V, operand(I)});
    } else {
      Results.push_back(V);
    }
  }
  Type *T = Call.getType();
  if (auto *Struct = dyn_cast<StructType>(T))
    return equal(Struct->elements(), Results,
                 [](Type *E, Value *V) { return E == V->getType(); });
  return T->isVoidTy() ? Results.empty()
                       : Results.size() == 1 && Results[0]->getType() == T;
}

void Barrier::replace() {
  IRBuilder<> B(&Call);
  auto Hidden = [&](Value *V) -> Value * {
    return V->getType()->isFPOrFPVectorTy()
               ? B.CreateIntrinsic(Intrinsic::arithmetic_fence, V->getType(), V)
               : V;
  };
  for (auto [V, Address] : Stores)
    B.CreateStore(Hidden(V), Address);
  if (auto *Struct = dyn_cast<StructType>(Call.getType())) {
    Value *All = PoisonValue::get(Struct);
    for (auto [I, V] : enumerate(Results))
      All = B.CreateInsertValue(All, Hidden(V), unsigned(I));
    Call.replaceAllUsesWith(All);
  } else if (!Results.empty()) {
    Call.replaceAllUsesWith(Hidden(Results[0]));
  }
  if (ClobbersMemory)
    B.CreateFence(AtomicOrdering::SequentiallyConsistent,
                  SyncScope::SingleThread);
  Call.eraseFromParent();
}

void lowerBarriers(Function &F) {
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Call = dyn_cast<CallInst>(&I);
    auto *Asm = Call ? dyn_cast<InlineAsm>(Call->getCalledOperand()) : nullptr;
    if (!Asm || !StringRef(Asm->getAsmString()).trim().empty() ||
        Call->arg_empty())
      continue;
    if (Barrier Empty(*Call, *Asm); Empty.findOutputs())
      Empty.replace();
  }
}

} // namespace linkgrad
