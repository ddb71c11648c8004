//===- UnionCopies.cpp - Unions that are moved as a whole -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %v = load i64, ptr %from             memcpy(%slot, %from, 8)
//   ...                                  ...
//   store i64 %v, ptr %to                memcpy(%to, %slot, 8)
//   %x = bitcast i64 %v to double        %x = load double, ptr %slot
//
// What phis and selects choose has slots of its own.
//
//===----------------------------------------------------------------------===//

#include "prepare/UnionCopies.h"
#include "analysis/FunctionObjects.h"
#include "analysis/TypeAnalysis.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace linkgrad {

static constexpr uint64_t Size = 8;

static bool hasSize(const Value &V, const DataLayout &DL) {
  Type *T = V.getType();
  return (T->isIntegerTy() || T->isDoubleTy() || T->isPointerTy()) &&
         DL.getTypeSizeInBits(T) == 8 * Size;
}

/// True if \p U stores a value and does nothing else.
static bool isStored(const Use &U) {
  auto *Store = dyn_cast<StoreInst>(U.getUser());
  return Store && Store->isSimple() &&
         U.getOperandNo() != Store->getPointerOperandIndex();
}

static bool isChoice(const Value &V) {
  return isa<PHINode, SelectInst, FreezeInst>(V);
}

/// The operands of \p I that it may give.
static SmallVector<Use *, 4> choicesOf(Instruction &I) {
  SmallVector<Use *, 4> Choices;
  for (Use &U : I.operands())
    if (!isa<SelectInst>(I) || U.getOperandNo() != 0)
      Choices.push_back(&U);
  return Choices;
}

namespace {

class UnionCopies {
public:
  explicit UnionCopies(Function &F) : F(F), DL(F.getDataLayout()) {}

  void run() {
    SmallVector<LoadInst *, 8> Loads;
    for (Instruction &I : instructions(F))
      if (auto *Load = dyn_cast<LoadInst>(&I); Load && isMovedUnion(*Load))
        Loads.push_back(Load);
    for (LoadInst *Load : Loads)
      addMoved(*Load);
    if (Moved.empty())
      return;
    for (Instruction *I : Moved)
      copy(*I);
    SmallVector<Use *, 16> Uses;
    for (Instruction *I : Moved)
      for (Use &U : I->uses())
        if (!Moved.contains(cast<Instruction>(U.getUser())))
          Uses.push_back(&U);
    // A store may be to where the union leads, too.
    llvm::partition(Uses, [](const Use *U) { return !isStored(*U); });
    for (Use *U : Uses)
      replace(*U);
    for (Instruction *I : Moved)
      I->replaceAllUsesWith(PoisonValue::get(I->getType()));
    for (Instruction *I : Moved)
      I->eraseFromParent();
  }

private:
  bool isUnion(Value &Ptr, const Instruction &At);
  bool isMovedUnion(LoadInst &Load);
  void addMoved(LoadInst &Load);
  AllocaInst *makeSlot(const Twine &Name);
  AllocaInst *slotOf(Value &V);
  void emitCopy(IRBuilderBase &B, Value &To, Align ToAlign, Value &From,
                Align FromAlign);
  void copy(Instruction &I);
  void replace(Use &U);

  Function &F;
  const DataLayout &DL;
  std::optional<TypeTrees> Types;
  /// Loads, and choices of them.
  SetVector<Instruction *> Moved;
  DenseMap<Value *, AllocaInst *> Slots;
};

} // namespace

/// True if the bytes behind \p Ptr, which \p At accesses, are a double or a
/// pointer.
bool UnionCopies::isUnion(Value &Ptr, const Instruction &At) {
  if (!Types)
    Types.emplace(F);
  auto Layout = Types->layoutBehind(Ptr, Size, At);
  return Layout && Layout->Ranges.size() == 1 &&
         Layout->Ranges.front().Type.K == ConcreteType::FloatOrPointer;
}

/// True if \p Load reads a union that is stored again somewhere. Where a double
/// or a pointer goes says whether it is one of the members only.
bool UnionCopies::isMovedUnion(LoadInst &Load) {
  if (!Load.isSimple() || !hasSize(Load, DL))
    return false;
  bool Integer = Load.getType()->isIntegerTy();
  SmallSetVector<Instruction *, 8> Choices;
  Choices.insert(&Load);
  for (unsigned I = 0; I < Choices.size(); ++I)
    for (Use &U : Choices[I]->uses()) {
      auto *User = cast<Instruction>(U.getUser());
      if (isChoice(*User))
        Choices.insert(User);
      else if (isStored(U) &&
               (Integer || isUnion(*User->getOperand(1), *User)) &&
               isUnion(*Load.getPointerOperand(), Load))
        return true;
    }
  return false;
}

void UnionCopies::addMoved(LoadInst &Load) {
  SmallSetVector<Instruction *, 8> Found;
  Found.insert(&Load);
  for (unsigned I = 0; I < Found.size(); ++I) {
    for (User *U : Found[I]->users())
      if (isChoice(*U))
        Found.insert(cast<Instruction>(U));
    // What an invoke gives has no place where it could be stored.
    if (isChoice(*Found[I]) && any_of(choicesOf(*Found[I]), [](const Use *U) {
          auto *From = dyn_cast<Instruction>(*U);
          return From && From->isTerminator();
        }))
      return;
  }
  Moved.insert_range(Found);
}

AllocaInst *UnionCopies::makeSlot(const Twine &Name) {
  BasicBlock &Entry = F.getEntryBlock();
  auto *Slot = new AllocaInst(
      ArrayType::get(Type::getInt8Ty(F.getContext()), Size),
      DL.getAllocaAddrSpace(), nullptr, Align(Size), Name, Entry.begin());
  return Slot;
}

/// Where \p V is on the stack. What is no union is stored there.
AllocaInst *UnionCopies::slotOf(Value &V) {
  AllocaInst *&Slot = Slots[&V];
  if (Slot)
    return Slot;
  Slot = makeSlot(V.getName() + ".union");
  auto *I = dyn_cast<Instruction>(&V);
  if (I && Moved.contains(I))
    return Slot;
  IRBuilder<> B(I && !isa<AllocaInst>(I)
                    ? &**I->getInsertionPointAfterDef()
                    : &*F.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
  auto *Cast = dyn_cast<CastInst>(&V);
  bool Same = Cast && hasSize(*Cast->getOperand(0), DL);
  Value *Stored = Same ? Cast->getOperand(0) : &V;
  if (auto *C = dyn_cast<ConstantInt>(Stored))
    Stored = ConstantFP::get(F.getContext(),
                             APFloat(APFloat::IEEEdouble(), C->getValue()));
  B.CreateAlignedStore(Stored, Slot, Slot->getAlign());
  return Slot;
}

void UnionCopies::emitCopy(IRBuilderBase &B, Value &To, Align ToAlign,
                           Value &From, Align FromAlign) {
  B.CreateMemCpy(&To, ToAlign, &From, FromAlign, Size)
      ->setMetadata(UnionCopyMD, MDNode::get(F.getContext(), {}));
}

/// Copies what \p I gives to its place on the stack.
void UnionCopies::copy(Instruction &I) {
  AllocaInst *Slot = slotOf(I);
  const Align A = Slot->getAlign();
  IRBuilder<> B(&I);
  if (auto *Load = dyn_cast<LoadInst>(&I)) {
    emitCopy(B, *Slot, A, *Load->getPointerOperand(), Load->getAlign());
    return;
  }
  auto *Phi = dyn_cast<PHINode>(&I);
  if (!Phi) {
    Value *From = slotOf(**choicesOf(I).front());
    if (auto *Select = dyn_cast<SelectInst>(&I))
      From = B.CreateSelect(Select->getCondition(), From,
                            slotOf(*Select->getFalseValue()));
    emitCopy(B, *Slot, A, *From, A);
    return;
  }
  // Phis are chosen all at once, and on one of several ways only.
  AllocaInst *Next = makeSlot(I.getName() + ".next");
  SmallPtrSet<const BasicBlock *, 4> Seen;
  for (auto [From, Block] : zip(Phi->incoming_values(), Phi->blocks()))
    if (Seen.insert(Block).second) {
      AllocaInst *FromSlot = slotOf(*From);
      B.SetInsertPoint(Block->getTerminator());
      emitCopy(B, *Next, A, *FromSlot, A);
    }
  B.SetInsertPoint(&*I.getParent()->getFirstInsertionPt());
  emitCopy(B, *Slot, A, *Next, A);
}

/// Gives to \p U, which is no choice, what is on the stack.
void UnionCopies::replace(Use &U) {
  auto *User = cast<Instruction>(U.getUser());
  AllocaInst *Slot = slotOf(*U);
  const Align A = Slot->getAlign();
  IRBuilder<> B(User);
  if (isStored(U)) {
    auto *Store = cast<StoreInst>(User);
    emitCopy(B, *Store->getPointerOperand(), Store->getAlign(), *Slot, A);
    Store->eraseFromParent();
  } else if (isa<BitCastInst, IntToPtrInst, PtrToIntInst>(User) &&
             hasSize(*User, DL)) {
    User->replaceAllUsesWith(
        B.CreateAlignedLoad(User->getType(), Slot, A, User->getName()));
    User->eraseFromParent();
  } else {
    U.set(B.CreateAlignedLoad(U->getType(), Slot, A, U->getName()));
  }
}

void copyUnions(Function &F) {
  if (F.getSubprogram() || areFunctionObjectsWords(*F.getParent()))
    UnionCopies(F).run();
}

} // namespace linkgrad
