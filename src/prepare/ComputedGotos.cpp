//===- ComputedGotos.cpp - Jumps to labels that are values ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/ComputedGotos.h"
#include "prepare/AnalysisManagers.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// The labels of one copy, and all that is made from them.
class Labels {
public:
  Labels(Function &Copy, Function &Original) : Copy(Copy), Original(Original) {
    for (Instruction &I : instructions(Copy))
      if (auto *Goto = dyn_cast<IndirectBrInst>(&I))
        Gotos.push_back(Goto);
    for (Instruction &I : instructions(Copy))
      for (Value *Operand : I.operands())
        if (auto *C = dyn_cast<Constant>(Operand))
          findTables(*C);
  }

  /// \returns an instruction with a label of which this is not known: that it
  /// stays in the function, or where it comes from.
  Instruction *findStray();
  /// From here on labels are numbers and gotos switches.
  void lower();

private:
  Function &Copy, &Original;
  SmallVector<IndirectBrInst *, 4> Gotos;
  /// Variables with labels of the original in them, and the copies of these.
  MapVector<GlobalVariable *, GlobalVariable *> Tables;
  SmallSetVector<Instruction *, 16> Made;

  bool holdsLabel(const Constant &C) const;
  void findTables(Constant &C);
  Instruction *findLoads();
  bool isLabel(const Value *V) const;
  bool isPlainUse(const Use &U) const;
  bool isKnown(const Instruction &I) const;
  void replaceLabels();
  void lower(IndirectBrInst &Goto, ArrayRef<BasicBlock *> ByNumber);
};

} // namespace

/// True if \p C is computed from labels. Cloning has renamed those in the code.
bool Labels::holdsLabel(const Constant &C) const {
  if (auto *Label = dyn_cast<BlockAddress>(&C))
    return Label->getFunction() == &Copy || Label->getFunction() == &Original;
  return !isa<GlobalValue>(C) && any_of(C.operands(), [&](const Use &U) {
    return isa<Constant>(U) && holdsLabel(*cast<Constant>(U));
  });
}

/// True if nothing but loads can see \p V.
static bool isOnlyLoaded(const Value &V) {
  return all_of(V.users(), [&](const User *U) {
    return isa<LoadInst>(U) || (isa<GEPOperator>(U) && isOnlyLoaded(*U));
  });
}

void Labels::findTables(Constant &C) {
  auto *V = dyn_cast<GlobalVariable>(&C);
  if (V && V->hasDefinitiveInitializer() && !Tables.contains(V) &&
      holdsLabel(*V->getInitializer()) &&
      (V->isConstant() || (V->hasLocalLinkage() && isOnlyLoaded(*V))))
    Tables.insert({V, nullptr});
  if (!isa<GlobalValue>(C))
    for (Value *Operand : C.operands())
      if (auto *Inner = dyn_cast<Constant>(Operand))
        findTables(*Inner);
}

bool Labels::isLabel(const Value *V) const {
  if (auto *I = dyn_cast<Instruction>(V))
    return Made.contains(const_cast<Instruction *>(I));
  return isa<UndefValue>(V) ||
         (isa<Constant>(V) && holdsLabel(*cast<Constant>(V)));
}

/// True if the user of a label does with it what works with numbers too.
bool Labels::isPlainUse(const Use &U) const {
  auto *I = cast<Instruction>(U.getUser());
  if (auto *Compare = dyn_cast<ICmpInst>(I))
    return Compare->isEquality();
  if (auto *Select = dyn_cast<SelectInst>(I))
    return U.get() != Select->getCondition();
  unsigned Opcode = I->getOpcode();
  return isa<PHINode, GetElementPtrInst, CastInst, FreezeInst, IndirectBrInst>(
             I) ||
         Opcode == Instruction::Add || Opcode == Instruction::Sub;
}

/// True if all that \p I is made from are labels. The distance of two labels
/// is one too: what is added to a label must be one of its own function's.
bool Labels::isKnown(const Instruction &I) const {
  auto IsKnownOperand = [&](const Use &U) { return isLabel(U.get()); };
  if (auto *Phi = dyn_cast<PHINode>(&I))
    return all_of(Phi->incoming_values(), IsKnownOperand);
  if (auto *Select = dyn_cast<SelectInst>(&I))
    return isLabel(Select->getTrueValue()) && isLabel(Select->getFalseValue());
  if (auto *Goto = dyn_cast<IndirectBrInst>(&I))
    return isLabel(Goto->getAddress());
  return all_of(I.operands(), IsKnownOperand);
}

/// True if \p I only looks at an address, as sanitizers do.
static bool onlyLooks(const Instruction &I) {
  auto *Call = dyn_cast<IntrinsicInst>(&I);
  return isa<PtrToIntInst, ICmpInst>(I) ||
         (Call && Call->getIntrinsicID() == Intrinsic::objectsize);
}

/// Finds the loads from tables, which make labels. \returns a use of a table
/// that is none, and may lead elsewhere.
Instruction *Labels::findLoads() {
  SmallVector<Value *, 8> Places;
  SmallSetVector<Instruction *, 8> Inside;
  for (auto &[Table, NewTable] : Tables)
    Places.push_back(Table);
  while (!Places.empty())
    for (User *U : Places.pop_back_val()->users()) {
      auto *I = dyn_cast<Instruction>(U);
      if (!I && isa<GEPOperator>(U))
        Places.push_back(U);
      if (!I || I->getFunction() != &Copy || onlyLooks(*I))
        continue;
      if (isa<LoadInst>(I))
        Made.insert(I);
      else if (!isa<GetElementPtrInst, PHINode, SelectInst>(I))
        return I;
      else if (Inside.insert(I))
        Places.push_back(I);
    }
  auto IsInside = [&](const Value *V) {
    if (auto *I = dyn_cast<Instruction>(V))
      return Inside.contains(const_cast<Instruction *>(I));
    auto *Table = dyn_cast<GlobalVariable>(V->stripInBoundsConstantOffsets());
    return Table && Tables.contains(const_cast<GlobalVariable *>(Table));
  };
  for (Instruction *I : Inside) {
    auto Sources =
        isa<GetElementPtrInst>(I) ? make_range(I->op_begin(), I->op_begin() + 1)
        : isa<SelectInst>(I)      ? make_range(I->op_begin() + 1, I->op_end())
                                  : make_range(I->op_begin(), I->op_end());
    if (!all_of(Sources, IsInside))
      return I;
  }
  return nullptr;
}

Instruction *Labels::findStray() {
  if (Instruction *Stray = findLoads())
    return Stray;
  SmallVector<const Use *, 16> Uses;
  auto AddUses = [&](Value &V) {
    for (const Use &U : V.uses())
      Uses.push_back(&U);
  };
  for (Instruction *Load : Made)
    AddUses(*Load);
  for (Instruction &I : instructions(Copy))
    for (const Use &U : I.operands())
      if (isa<Constant>(U) && holdsLabel(*cast<Constant>(U)))
        Uses.push_back(&U);

  SmallSetVector<Instruction *, 16> Users;
  while (!Uses.empty()) {
    const Use &U = *Uses.pop_back_val();
    auto *I = cast<Instruction>(U.getUser());
    if (!isPlainUse(U))
      return I;
    if (Users.insert(I) && !isa<ICmpInst, IndirectBrInst>(I)) {
      Made.insert(I);
      AddUses(*I);
    }
  }
  for (IndirectBrInst *Goto : Gotos)
    Users.insert(Goto);
  for (Instruction *I : Users)
    if (!isKnown(*I))
      return I;
  return nullptr;
}

void Labels::replaceLabels() {
  ValueToValueMapTy Numbers;
  Type *Size = Copy.getDataLayout().getIntPtrType(Copy.getContext());
  uint64_t Next = 1;
  // The blocks of the two are in the same order.
  for (auto [BB, OriginalBB] : zip_equal(Copy, Original)) {
    auto *Number =
        ConstantExpr::getIntToPtr(ConstantInt::get(Size, Next++),
                                  PointerType::getUnqual(Copy.getContext()));
    if (OriginalBB.hasAddressTaken())
      Numbers[BlockAddress::get(&Original, &OriginalBB)] = Number;
    if (BB.hasAddressTaken())
      Numbers[BlockAddress::get(&Copy, &BB)] = Number;
  }
  const RemapFlags Flags = RF_NoModuleLevelChanges | RF_IgnoreMissingLocals;
  for (auto &[Table, NewTable] : Tables) {
    NewTable =
        new GlobalVariable(*Copy.getParent(), Table->getValueType(),
                           /*isConstant=*/true, GlobalValue::PrivateLinkage,
                           MapValue(Table->getInitializer(), Numbers, Flags),
                           Table->getName() + ".linkgrad.labels");
    NewTable->setAlignment(Table->getAlign());
    NewTable->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  }
  for (auto &[Table, NewTable] : Tables)
    Numbers[Table] = NewTable;
  for (Instruction &I : instructions(Copy))
    for (Use &U : I.operands())
      if (isa<Constant>(U))
        U.set(MapValue(U.get(), Numbers, Flags));
  for (BasicBlock &BB : Copy)
    if (BB.hasAddressTaken())
      BlockAddress::get(&Copy, &BB)->destroyConstant();
}

void Labels::lower(IndirectBrInst &Goto, ArrayRef<BasicBlock *> ByNumber) {
  BasicBlock *From = Goto.getParent();
  SmallSetVector<BasicBlock *, 8> Targets;
  for (BasicBlock *Target : Goto.successors())
    if (!Targets.insert(Target))
      Target->removePredecessor(From, /*KeepOneInputPHIs=*/true);
  IRBuilder<> B(&Goto);
  if (Targets.empty()) {
    B.CreateUnreachable();
    Goto.eraseFromParent();
    return;
  }
  Type *Size = Copy.getDataLayout().getIntPtrType(Copy.getContext());
  SwitchInst *Switch = B.CreateSwitch(B.CreatePtrToInt(Goto.getAddress(), Size),
                                      Targets[0], Targets.size() - 1);
  for (auto [I, BB] : enumerate(ByNumber))
    if (BB != Targets[0] && Targets.contains(BB))
      Switch->addCase(cast<ConstantInt>(ConstantInt::get(Size, I + 1)), BB);
  Goto.eraseFromParent();
}

void Labels::lower() {
  replaceLabels();
  SmallVector<BasicBlock *, 16> ByNumber;
  for (BasicBlock &BB : Copy)
    ByNumber.push_back(&BB);
  for (IndirectBrInst *Goto : Gotos)
    lower(*Goto, ByNumber);
}

Error lowerComputedGotos(Function &Copy, Function &Original,
                         AnalysisManagers &AMs) {
  if (none_of(Copy, [](const BasicBlock &BB) {
        return isa<IndirectBrInst>(BB.getTerminator());
      }))
    return Error::success();
  // Labels in local variables become values.
  AMs.invalidate(Copy);
  FunctionPassManager FPM;
  FPM.addPass(SROAPass(SROAOptions::PreserveCFG));
  FPM.run(Copy, AMs.FAM);
  AMs.invalidate(Copy);
  Labels All(Copy, Original);
  if (Instruction *Stray = All.findStray())
    return makeError(Reason::UnsupportedControlFlow, *Stray,
                     "where a computed goto leads is not known: its label "
                     "leaves the function or comes from elsewhere",
                     "replace computed gotos by a switch");
  All.lower();
  return Error::success();
}

} // namespace linkgrad
