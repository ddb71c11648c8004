//===- UnionMoves.cpp - Floats that travel as pointers --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM moves a union of a float and a pointer as the pointer, which has no
// adjoint. So where one is loaded and stored again, the float is, too: the same
// bits once more, and the adjoint finds its way back. Between functions there
// is room for one of the two only. What does no more than move such a pointer
// is inlined.
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAnalysis.h"
#include "transform/SplitDerivative.h"
#include "transform/UnionMemory.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

static constexpr StringLiteral MoveMD = "linkgrad.union.move";

bool movesUnionFloat(const Instruction &I) { return I.hasMetadata(MoveMD); }

namespace {

/// Makes the floats beside the pointers that are moved.
class FloatMoves {
public:
  FloatMoves(Type *T, Function &F) : T(T), F(F) {}

  /// The float that has the first bits of \p V.
  Value *of(Value &V) {
    if (Value *Known = Made.lookup(&V))
      return Known;
    if (auto *Load = dyn_cast<LoadInst>(&V); Load && Load->isSimple()) {
      LoadInst *Float = IRBuilder<>(Load).CreateAlignedLoad(
          T, Load->getPointerOperand(), Load->getAlign(), Load->getName());
      Float->setMetadata(MoveMD, MDNode::get(F.getContext(), {}));
      return Made[&V] = Float;
    }
    if (auto *Select = dyn_cast<SelectInst>(&V)) {
      Value *True = of(*Select->getTrueValue());
      Value *False = of(*Select->getFalseValue());
      return Made[&V] = IRBuilder<>(Select).CreateSelect(Select->getCondition(),
                                                         True, False);
    }
    if (auto *Phi = dyn_cast<PHINode>(&V)) {
      auto *New = IRBuilder<>(Phi).CreatePHI(T, Phi->getNumIncomingValues());
      Made[&V] = New;
      for (auto [From, Block] : zip(Phi->incoming_values(), Phi->blocks()))
        New->addIncoming(of(*From), Block);
      return New;
    }
    return Made[&V] = throughMemory(V);
  }

private:
  /// Of an address, which has no derivative.
  Value *throughMemory(Value &V) {
    auto *I = dyn_cast<Instruction>(&V);
    BasicBlock &Entry = F.getEntryBlock();
    auto *Memory = new AllocaInst(V.getType(), 0, "", Entry.begin());
    IRBuilder<> B(&Entry, isa_and_nonnull<AllocaInst>(I) || !I
                              ? Entry.getFirstNonPHIOrDbgOrAlloca()
                              : *I->getInsertionPointAfterDef());
    B.CreateStore(&V, Memory);
    return B.CreateLoad(T, Memory);
  }

  Type *T;
  Function &F;
  DenseMap<const Value *, Value *> Made;
};

} // namespace

/// Calls \p Visit with the uses of \p V that are more than a choice.
static void visitUses(Value &V, function_ref<void(Use &)> Visit) {
  SmallPtrSet<const User *, 8> Seen;
  SmallVector<Value *, 8> Worklist = {&V};
  while (!Worklist.empty())
    for (Use &U : Worklist.pop_back_val()->uses())
      if (!isa<PHINode, SelectInst, FreezeInst>(U.getUser()))
        Visit(U);
      else if (Seen.insert(U.getUser()).second)
        Worklist.push_back(U.getUser());
}

static bool isStored(const Use &U) {
  auto *Store = dyn_cast<StoreInst>(U.getUser());
  return Store && Store->isSimple() && &Store->getOperandUse(0) == &U;
}

void moveUnionFloats(Function &F, const TypeTrees &Types) {
  SmallVector<std::pair<Type *, SmallVector<Use *, 4>>, 8> Moves;
  for (Instruction &I : instructions(F)) {
    auto *Load = dyn_cast<LoadInst>(&I);
    if (!Load || !Load->getType()->isPointerTy())
      continue;
    SmallVector<Use *, 4> Stored;
    visitUses(*Load, [&](Use &U) {
      if (isStored(U))
        Stored.push_back(&U);
    });
    if (Stored.empty())
      continue;
    if (Type *T = Types.floatBesidePointer(*Load->getPointerOperand()))
      Moves.push_back({T, std::move(Stored)});
  }
  MapVector<Type *, std::unique_ptr<FloatMoves>> ByType;
  SmallPtrSet<const Use *, 8> Done;
  for (auto &[T, Stored] : Moves)
    for (Use *U : Stored) {
      if (!Done.insert(U).second)
        continue;
      auto &Floats = ByType[T];
      if (!Floats)
        Floats = std::make_unique<FloatMoves>(T, F);
      auto *Store = cast<StoreInst>(U->getUser());
      Value *Float = Floats->of(*U->get());
      IRBuilder<> B(Store->getNextNode());
      B.CreateAlignedStore(Float, Store->getPointerOperand(), Store->getAlign())
          ->setMetadata(MoveMD, MDNode::get(F.getContext(), {}));
    }
}

namespace {

/// How many calls deep a pointer is followed.
constexpr unsigned MaxDepth = 3;

/// What becomes of a pointer.
struct Uses {
  bool Moved = false; ///< it is stored, or leaves the function
  bool Other = false; ///< it is really used as a pointer
  /// Where it leaves the function, to be moved only.
  Instruction *Leaves = nullptr;
};

} // namespace

static Uses usesOf(Value &V, unsigned Depth) {
  Uses Found;
  visitUses(V, [&](Use &U) {
    auto *User = cast<Instruction>(U.getUser());
    bool Leaves = isa<ReturnInst>(User);
    if (auto *Call = dyn_cast<CallBase>(User);
        Call && Call->isArgOperand(&U) && Depth > 0) {
      Function *Callee = directCallee(*Call);
      unsigned Index = Call->getArgOperandNo(&U);
      if (Callee && !Callee->isDeclaration() && Index < Callee->arg_size()) {
        Uses Inside = usesOf(*Callee->getArg(Index), Depth - 1);
        Leaves = Inside.Moved && !Inside.Other;
      }
    }
    if (Leaves)
      Found.Leaves = User;
    // What becomes of a variable on the stack is not followed.
    bool Stored = isStored(U) && !isa<AllocaInst>(User->getOperand(1));
    Found.Moved |= Leaves || Stored;
    Found.Other |= !Leaves && !Stored && !isa<ICmpInst>(User);
  });
  return Found;
}

/// True if what \p F returns may be a pointer that it only moves.
static bool returnsMoved(Function &F, unsigned Depth) {
  SmallPtrSet<const Value *, 8> Seen;
  SmallVector<Value *, 8> Worklist;
  for (BasicBlock &BB : F)
    if (auto *Return = dyn_cast<ReturnInst>(BB.getTerminator()))
      Worklist.push_back(Return->getReturnValue());
  while (!Worklist.empty()) {
    Value *V = Worklist.pop_back_val();
    if (!Seen.insert(V).second)
      continue;
    auto *Load = dyn_cast<LoadInst>(V);
    if ((Load ? !isa<AllocaInst>(Load->getPointerOperand())
              : isa<Argument>(V)) &&
        !usesOf(*V, Depth).Other)
      return true;
    if (auto *Call = dyn_cast<CallBase>(V)) {
      Function *Callee = directCallee(*Call);
      if (Callee && !Callee->isDeclaration() && Depth > 0 &&
          returnsMoved(*Callee, Depth - 1))
        return true;
    }
    if (isa<PHINode, SelectInst, FreezeInst>(V))
      append_range(Worklist, cast<Instruction>(V)->operands());
  }
  return false;
}

SmallVector<const LoadInst *, 8> movedPointers(Function &F) {
  SmallVector<const LoadInst *, 8> Loads;
  for (Instruction &I : instructions(F))
    if (auto *Load = dyn_cast<LoadInst>(&I);
        Load && Load->getType()->isPointerTy() && usesOf(*Load, MaxDepth).Moved)
      Loads.push_back(Load);
  return Loads;
}

Instruction *unionMovesThrough(Instruction &I, const TypeTrees &Types) {
  if (!I.getType()->isPointerTy())
    return nullptr;
  if (isa<LoadInst>(I)) {
    Uses Found = usesOf(I, MaxDepth);
    return Found.Leaves && !Found.Other &&
                   Types.floatBesidePointer(*I.getOperand(0))
               ? Found.Leaves
               : nullptr;
  }
  auto *Call = dyn_cast<CallBase>(&I);
  Function *Callee = Call ? directCallee(*Call) : nullptr;
  return Callee && !Callee->isDeclaration() &&
                 returnsMoved(*Callee, MaxDepth) && usesOf(I, MaxDepth).Moved
             ? Call
             : nullptr;
}

} // namespace linkgrad
