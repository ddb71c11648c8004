//===- TypePrinter.cpp - Print what is known about types ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/CallGraphTypes.h"
#include "analysis/MemoryOperands.h"
#include "analysis/TypeAddress.h"
#include "analysis/TypeAnalysis.h"
#include "analysis/TypeTree.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/ModuleSlotTracker.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

namespace {

class TypePrinter {
public:
  TypePrinter(Function &F, raw_ostream &OS)
      : F(F), Types(F, &Deep), Slots(F.getParent()), OS(OS) {
    Slots.incorporateFunction(F);
  }

  void printTree(const Value &V) {
    if (V.getType()->isVoidTy() || V.getType()->isTokenTy())
      return;
    OS << "  ";
    V.printAsOperand(OS, /*PrintType=*/true, Slots);
    OS << ": ";
    Types.treeOf(V).print(OS);
    OS << '\n';
  }

  void printAccess(const Instruction &I) {
    if (auto *Transfer = dyn_cast<AnyMemTransferInst>(&I)) {
      MemoryOperands Ops(*Transfer);
      printCopy("to", *Ops.Dst, Ops.constantLength(), I);
      printCopy("from", *Ops.Src, Ops.constantLength(), I);
    } else if (auto *Load = dyn_cast<LoadInst>(&I)) {
      printMove("load from", *Load->getPointerOperand(), I);
    } else if (auto *Store = dyn_cast<StoreInst>(&I)) {
      printMove("store to", *Store->getPointerOperand(),
                *Store->getValueOperand());
    }
  }

private:
  /// `%p+8+40*`: a root, a constant, and a variable multiple of 40 bytes.
  void printAddress(const Value &Ptr) {
    TypeAddress A = chaseAddress(Ptr, F.getDataLayout());
    A.Root->printAsOperand(OS, /*PrintType=*/false, Slots);
    if (A.Constant)
      OS << (A.Constant > 0 ? "+" : "") << A.Constant;
    for (int64_t Stride : A.Strides)
      OS << '+' << Stride << '*';
  }

  void printCopy(StringRef Way, const Value &Ptr, std::optional<uint64_t> Size,
                 const Instruction &At) {
    OS << "  copy " << Way << ' ';
    printAddress(Ptr);
    OS << ':';
    Expected<MemoryLayout> Layout = Types.memoryBehind(Ptr, Size, At);
    if (!Layout) {
      std::string Text = toString(Layout.takeError());
      OS << ' ' << StringRef(Text).split('\n').first << '\n';
      return;
    }
    for (const TypedRange &R : Layout->Ranges)
      printRange(R);
    if (Layout->Stride)
      OS << " every " << Layout->Stride;
    if (Layout->Head)
      OS << " from " << Layout->Head << " on";
    OS << '\n';
  }

  /// What an integer really holds that is moved from or to memory.
  void printMove(StringRef Way, const Value &Ptr, const Value &V) {
    if (!V.getType()->isIntegerTy() || isa<Constant>(V))
      return;
    OS << "  " << Way << ' ';
    printAddress(Ptr);
    OS << ':';
    uint64_t Size = F.getDataLayout().getTypeStoreSize(V.getType());
    for (uint64_t Begin = 0, End; Begin < Size; Begin = End) {
      ConcreteType T = Types.valueType(V, Begin);
      for (End = Begin + 1; End < Size && Types.valueType(V, End) == T;)
        ++End;
      printRange({Begin, End, T});
    }
    OS << '\n';
  }

  void printRange(const TypedRange &R) {
    OS << " [" << R.Begin << ',' << R.End << "):" << typeName(R.Type);
  }

  Function &F;
  DeepFloats Deep;
  TypeTrees Types;
  ModuleSlotTracker Slots;
  raw_ostream &OS;
};

} // namespace

void printTypes(Function &F, raw_ostream &OS) {
  OS << "types of '" << F.getName() << "':\n";
  if (F.isDeclaration())
    return;
  TypePrinter P(F, OS);
  for (const Argument &A : F.args())
    P.printTree(A);
  for (const Instruction &I : instructions(F))
    P.printTree(I);
  for (const Instruction &I : instructions(F))
    P.printAccess(I);
}

} // namespace linkgrad
