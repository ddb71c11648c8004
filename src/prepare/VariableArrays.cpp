//===- VariableArrays.cpp - Arrays of variable size on the stack ----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/VariableArrays.h"
#include "prepare/AnalysisManagers.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Scalar/SROA.h"

using namespace llvm;

namespace linkgrad {

namespace {

class VariableArrays {
public:
  explicit VariableArrays(Function &F) : F(F), DT(F), LI(DT) {}

  bool run() {
    SmallVector<AllocaInst *, 4> Arrays;
    for (Instruction &I : instructions(F)) {
      if (auto *Array = dyn_cast<AllocaInst>(&I))
        if (!Array->isStaticAlloca() && !Array->isUsedWithInAlloca() &&
            !Array->isSwiftError())
          Arrays.push_back(Array);
      if (auto *Call = dyn_cast<IntrinsicInst>(&I);
          Call && Call->getIntrinsicID() == Intrinsic::stackrestore)
        Restores.push_back(Call);
      if (isa<ReturnInst>(I))
        Returns.push_back(&I);
    }
    erase_if(Arrays, [&](AllocaInst *A) { return isPiledUp(*A); });
    for (AllocaInst *Array : Arrays)
      move(*Array);
    return !Arrays.empty();
  }

private:
  /// \p Restore takes back what has been allocated since then.
  static Instruction *since(const IntrinsicInst &Restore) {
    return dyn_cast<IntrinsicInst>(Restore.getArgOperand(0));
  }

  /// True if a loop allocates again and again without restoring the stack.
  bool isPiledUp(const AllocaInst &Array) const {
    const Loop *L = LI.getLoopFor(Array.getParent());
    return L && none_of(Restores, [&](const IntrinsicInst *Restore) {
             Instruction *Save = since(*Restore);
             return Save && L->contains(Save) && DT.dominates(Save, &Array);
           });
  }

  /// A variable holds the array while there is one: it need not have been
  /// allocated where it is freed.
  void move(AllocaInst &Array) {
    Module &M = *F.getParent();
    IRBuilder<> B(&*F.getEntryBlock().begin());
    Type *Ptr = B.getPtrTy();
    AllocaInst *Variable =
        B.CreateAlloca(Ptr, nullptr, Array.getName() + ".heap");
    B.CreateStore(ConstantPointerNull::get(B.getPtrTy()), Variable);

    B.SetInsertPoint(&Array);
    const DataLayout &DL = F.getDataLayout();
    Type *SizeType = DL.getIntPtrType(F.getContext());
    Value *Bytes = B.CreateMul(
        B.CreateZExtOrTrunc(Array.getArraySize(), SizeType),
        ConstantInt::get(SizeType,
                         DL.getTypeAllocSize(Array.getAllocatedType())));
    constexpr uint64_t HeapAlign = 16;
    uint64_t Alignment = Array.getAlign().value();
    Value *Memory;
    if (Alignment <= HeapAlign) {
      Memory =
          B.CreateCall(M.getOrInsertFunction("malloc", Ptr, SizeType), {Bytes});
    } else {
      Memory = B.CreateCall(
          M.getOrInsertFunction("aligned_alloc", Ptr, SizeType, SizeType),
          {ConstantInt::get(SizeType, Alignment),
           B.CreateAnd(
               B.CreateAdd(Bytes, ConstantInt::get(SizeType, Alignment - 1)),
               ConstantInt::get(SizeType, -Alignment))});
    }
    B.CreateStore(Memory, Variable);

    for (IntrinsicInst *Restore : Restores)
      if (Instruction *Save = since(*Restore);
          Save && DT.dominates(Save, &Array))
        free(*Variable, *Restore);
    for (Instruction *Return : Returns)
      free(*Variable, *Return);
    SmallVector<Instruction *, 2> Lifetimes;
    for (User *U : Array.users())
      if (auto *I = dyn_cast<LifetimeIntrinsic>(U))
        Lifetimes.push_back(I);
    for (Instruction *I : Lifetimes)
      I->eraseFromParent();
    Memory->takeName(&Array);
    Array.replaceAllUsesWith(Memory);
    Array.eraseFromParent();
  }

  void free(AllocaInst &Variable, Instruction &At) {
    IRBuilder<> B(&At);
    FunctionCallee Free =
        F.getParent()->getOrInsertFunction("free", B.getVoidTy(), B.getPtrTy());
    B.CreateCall(Free, {B.CreateLoad(B.getPtrTy(), &Variable)});
    B.CreateStore(ConstantPointerNull::get(B.getPtrTy()), &Variable);
  }

  Function &F;
  DominatorTree DT;
  LoopInfo LI;
  SmallVector<IntrinsicInst *, 4> Restores;
  SmallVector<Instruction *, 4> Returns;
};

} // namespace

void moveVariableArrays(Function &F, AnalysisManagers &AMs) {
  auto IsDynamic = [](const Instruction &I) {
    auto *Array = dyn_cast<AllocaInst>(&I);
    return Array && !Array->isStaticAlloca();
  };
  if (none_of(instructions(F), IsDynamic))
    return;
  // Unoptimised code keeps in memory where the stack was.
  FunctionPassManager FPM;
  FPM.addPass(SROAPass(SROAOptions::PreserveCFG));
  AMs.invalidate(F);
  FPM.run(F, AMs.FAM);
  if (!VariableArrays(F).run())
    return;
  AMs.invalidate(F);
  F.setMemoryEffects(F.getMemoryEffects() |
                     MemoryEffects::inaccessibleMemOnly());
  F.removeFnAttr(Attribute::NoFree);
}

} // namespace linkgrad
