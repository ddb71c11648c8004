//===- CallTargets.cpp - What calls through pointers can reach ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/CallTargets.h"
#include "analysis/FunctionObjects.h"
#include "request/MagicNames.h"
#include "request/Registration.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/CallPromotionUtils.h"

using namespace llvm;

namespace linkgrad {

//===----------------------------------------------------------------------===//
// Tables of functions
//===----------------------------------------------------------------------===//

/// True if \p V is an object's pointer to its vtable, by its TBAA tag.
static bool isVTablePointer(const Value &V) {
  auto *Load = dyn_cast<LoadInst>(&V);
  const MDNode *Tag = Load ? Load->getMetadata(LLVMContext::MD_tbaa) : nullptr;
  return Tag && Tag->isTBAAVtableAccess();
}

CallSlot callSlot(const Value &CalledOperand) {
  CallSlot Slot;
  bool First = true, OnlyVTables = true, OnlyObjects = true;
  SmallPtrSet<const Value *, 8> Seen;
  SmallVector<const Value *, 4> Work = {&CalledOperand};
  while (!Work.empty()) {
    const Value *V = Work.pop_back_val()->stripPointerCasts();
    if (!Seen.insert(V).second)
      continue;
    if (auto *Phi = dyn_cast<PHINode>(V)) {
      Work.append(Phi->op_begin(), Phi->op_end());
    } else if (auto *Select = dyn_cast<SelectInst>(V)) {
      Work.append({Select->getTrueValue(), Select->getFalseValue()});
    } else if (auto *Load = dyn_cast<LoadInst>(V)) {
      const DataLayout &DL = Load->getDataLayout();
      APInt Offset(DL.getIndexTypeSizeInBits(Load->getPointerOperandType()), 0);
      const Value *Table =
          Load->getPointerOperand()->stripAndAccumulateConstantOffsets(
              DL, Offset, /*AllowNonInbounds=*/true);
      std::optional<int64_t> Constant;
      if (!isa<GetElementPtrInst, PHINode, SelectInst>(Table))
        Constant = Offset.getSExtValue();
      Slot.Offset = First || Slot.Offset == Constant ? Constant : std::nullopt;
      Slot.FromTable = true;
      First = false;
      OnlyVTables &= isVTablePointer(*Table);
      OnlyObjects &= isFunctionOfObject(*Load);
    } else {
      OnlyVTables = OnlyObjects = false;
    }
  }
  Slot.FromVTable = OnlyVTables && Slot.FromTable;
  Slot.FromFunctionObject = OnlyObjects && Slot.FromTable;
  return Slot;
}

static void collectEntries(const Constant &C, uint64_t Offset,
                           const DataLayout &DL,
                           SmallVectorImpl<TableEntry> &Entries) {
  if (auto *Struct = dyn_cast<ConstantStruct>(&C)) {
    const StructLayout *Layout = DL.getStructLayout(Struct->getType());
    for (auto [I, Field] : enumerate(Struct->operands()))
      collectEntries(*cast<Constant>(Field),
                     Offset + Layout->getElementOffset(I), DL, Entries);
  } else if (auto *Array = dyn_cast<ConstantArray>(&C)) {
    uint64_t Size = DL.getTypeAllocSize(Array->getType()->getElementType());
    for (auto [I, Element] : enumerate(Array->operands()))
      collectEntries(*cast<Constant>(Element), Offset + I * Size, DL, Entries);
  } else if (auto *F = dyn_cast<Function>(C.stripPointerCastsAndAliases())) {
    Entries.push_back({const_cast<Function *>(F), Offset});
  }
}

SmallVector<TableEntry, 8> tableEntries(const GlobalVariable &Table) {
  SmallVector<TableEntry, 8> Entries;
  StringRef Name = Table.getName();
  // Lists for the compiler and the linker; no program reads them.
  if (Table.hasInitializer() && !Name.starts_with("llvm.") &&
      !registrationKind(Name))
    collectEntries(*Table.getInitializer(), 0, Table.getDataLayout(), Entries);
  return Entries;
}

/// The parts of an Itanium C++ vtable: {optional offsets of virtual bases,
/// offset to the top, type information, functions…}. \returns where the
/// functions of the part begin that holds \p Offset.
static uint64_t addressPoint(const GlobalVariable &Table, uint64_t Offset) {
  const DataLayout &DL = Table.getDataLayout();
  auto *Parts = dyn_cast<ConstantStruct>(Table.getInitializer());
  if (!Parts)
    return 0;
  const StructLayout *Layout = DL.getStructLayout(Parts->getType());
  unsigned No = Layout->getElementContainingOffset(Offset);
  auto *Part = dyn_cast<ConstantArray>(Parts->getOperand(No));
  if (!Part)
    return 0;
  uint64_t Size = DL.getTypeAllocSize(Part->getType()->getElementType());
  // What is in front of the functions is no function.
  unsigned Begin = 0;
  while (Begin < Part->getNumOperands() &&
         !isa<Function>(Part->getOperand(Begin)->stripPointerCastsAndAliases()))
    ++Begin;
  for (unsigned I = 0; I < Part->getNumOperands(); ++I)
    if (auto *Info = dyn_cast<GlobalVariable>(
            Part->getOperand(I)->stripPointerCastsAndAliases());
        Info && Info->getName().starts_with("_ZTI"))
      Begin = I + 1;
  return Layout->getElementOffset(No) + Begin * Size;
}

bool canCall(const CallSlot &Slot, const GlobalVariable &Table,
             const TableEntry &Entry) {
  StringRef Name = Table.getName();
  bool Cxx = Name.starts_with("_ZTV") || Name.starts_with("_ZTC");
  bool Rust = Name.starts_with("vtable.") || Name.contains(".vtable.");
  if (!Cxx && Slot.FromVTable)
    return Name == TargetTableName;
  if (!Cxx && !Rust)
    return true;
  if (!Slot.FromTable)
    return false;
  if (!Slot.Offset)
    return true;
  uint64_t Begin = Cxx ? addressPoint(Table, Entry.Offset) : 0;
  return int64_t(Entry.Offset) == int64_t(Begin) + *Slot.Offset;
}

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

/// True if code other than tables takes the address of \p F to call it later.
static bool isAddressTakenByCode(const Constant &C) {
  return any_of(C.uses(), [](const Use &U) {
    if (auto *Call = dyn_cast<CallBase>(U.getUser())) {
      // What a request differentiates need not be called through a pointer. The
      // rest of its operands are arguments as any others.
      const Function *Callee = Call->getCalledFunction();
      bool Requested = Callee && isMagicSymbol(Callee->getName()) &&
                       U.getOperandNo() == (Call->hasStructRetAttr() ? 1u : 0u);
      return !Call->isCallee(&U) && !Requested;
    }
    if (isa<ICmpInst, Function>(U.getUser())) // A personality, a prefix.
      return false;
    if (isa<Instruction>(U.getUser()))
      return true;
    return isa<ConstantExpr, GlobalAlias>(U.getUser()) &&
           isAddressTakenByCode(*cast<Constant>(U.getUser()));
  });
}

bool callsThroughPointer(const CallBase &Call) {
  return !Call.isInlineAsm() && !Call.hasFnAttr("enzyme_inactive") &&
         !isa<Function>(Call.getCalledOperand()->stripPointerCastsAndAliases());
}

CallTargets::CallTargets(Module &M) {
  for (Function &F : M)
    if (isAddressTakenByCode(F))
      Anywhere.insert(&F);
  for (GlobalVariable &Table : M.globals())
    for (const TableEntry &Entry : tableEntries(Table))
      Entries[Entry.F].push_back({&Table, Entry});
  for (Function &F : M)
    if ((Anywhere.contains(&F) || Entries.contains(&F)) &&
        !F.hasFnAttribute(UnnameableAttribute))
      ByType[F.getFunctionType()].push_back(&F);
}

SmallVector<Function *, 8> CallTargets::of(const CallBase &Call) const {
  SmallVector<Function *, 8> Found;
  CallSlot Slot = callSlot(*Call.getCalledOperand());
  auto OfType = ByType.find(Call.getFunctionType());
  if (OfType == ByType.end())
    return Found;
  for (Function *F : OfType->second)
    if (isLegalToPromote(Call, F) &&
        F->getCallingConv() == Call.getCallingConv() && mayHold(Slot, F))
      Found.push_back(F);
  return Found;
}

bool CallTargets::mayHold(const CallSlot &Slot, Function *F) const {
  if (Slot.FromFunctionObject && !belongsToObject(*F))
    return false;
  if (Anywhere.contains(F) && !Slot.FromVTable)
    return true;
  auto It = Entries.find(F);
  return It != Entries.end() && any_of(It->second, [&](const auto &E) {
           return canCall(Slot, *E.first, E.second);
         });
}

} // namespace linkgrad
