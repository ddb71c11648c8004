//===- TypeAnalysisSources.cpp - What declarations say about types --------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM types and type strings.
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAnalysisSources.h"
#include "analysis/FunctionObjects.h"
#include "analysis/TypeTree.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

/// What one declaration may add. The fields of a bigger struct that do not
/// fit stay unknown unless they are used.
static constexpr unsigned MaxFactsPerDeclaration = 256;

TypeSources::TypeSources(TypeGraph &G, const Module &M)
    : G(G), M(M), DL(M.getDataLayout()), PointerSize(DL.getPointerSize()) {
  auto AnyUnitIs = [&](bool (*Is)(dwarf::SourceLanguage)) {
    return any_of(M.debug_compile_units(), [&](const DICompileUnit *Unit) {
      return Is(dwarf::SourceLanguage(
          Unit->getSourceLanguage().getUnversionedName()));
    });
  };
  MayDerive = AnyUnitIs(dwarf::isCPlusPlus);
  InC = AnyUnitIs(dwarf::isC);
}

/// Whether \p Source was applied at \p L before; if not, it is about to be.
bool TypeSources::startsAgain(Loc L, const void *Source) {
  L = G.find(L);
  Budget = MaxFactsPerDeclaration;
  return !Seen.insert({{L.Node, L.Offset}, Source}).second;
}

void TypeSources::addWeakIntegers(Loc L, uint64_t Size) {
  for (uint64_t I = 0; I < Size && Budget; I += 8, --Budget)
    G.mark(L + I, std::min<uint64_t>(8, Size - I), Evidence::weakInteger());
}

bool TypeSources::confirmNames() {
  constexpr uint64_t Long = 64;
  return std::erase_if(Names, [&](const auto &Name) {
           auto [L, Size] = Name;
           G.run();
           if (!G.isTextAt(L))
             return false;
           Budget = MaxFactsPerDeclaration;
           if (Size > Long)
             G.mark(G.element(L, 1, Size, /*Guess=*/false), 1,
                    Evidence::weakInteger());
           else
             addWeakIntegers(L, Size);
           return true;
         }) != 0;
}

void TypeSources::addType(Loc L, Type *T, bool Integers) {
  if (L && !startsAgain(L, T))
    addTypeAt(L, T, Integers);
}

void TypeSources::addTypeAt(Loc L, Type *T, bool Integers) {
  if (!L || !T->isSized() || T->isScalableTy() || T->isTargetExtTy() || !Budget)
    return;
  --Budget;
  uint64_t Size = DL.getTypeStoreSize(T).getFixedValue();
  if (T->isFloatingPointTy()) {
    G.mark(L, Size, Evidence::floating(T));
    // Ten bytes of sixteen.
    addWeakIntegers(L + Size, DL.getTypeAllocSize(T).getFixedValue() - Size);
  } else if (T->isPointerTy()) {
    G.mark(L, Size, Evidence::pointer());
  } else if (T->isIntegerTy()) {
    if (Integers)
      addWeakIntegers(L, Size);
  } else if (auto *Struct = dyn_cast<StructType>(T)) {
    addStruct(L, Struct, Integers);
  } else if (auto *Vector = dyn_cast<FixedVectorType>(T)) {
    Type *Elt = Vector->getElementType();
    uint64_t Step = DL.getTypeStoreSize(Elt).getFixedValue();
    if (DL.getTypeSizeInBits(Elt) == Step * 8)
      addTypeAt(G.element(L, Step, Size, /*Guess=*/false), Elt, Integers);
  } else if (auto *Array = dyn_cast<ArrayType>(T)) {
    Type *Elt = Array->getElementType();
    uint64_t Step = DL.getTypeAllocSize(Elt).getFixedValue();
    uint64_t Count = Array->getNumElements();
    // Arrays of bytes are storage for anything.
    if (Elt->isIntegerTy(8) || Step == 0)
      return;
    if (Count == 1)
      addTypeAt(L, Elt, Integers);
    else
      addTypeAt(Count ? G.element(L, Step, Count * Step, /*Guess=*/false)
                      : G.element(L, Step),
                Elt, Integers);
  }
}

/// True if \p T is how the frontend writes the padding at [Begin, …) of a
/// struct when natural alignment does not make it.
static bool isExplicitPadding(Type *T, uint64_t Begin) {
  auto *Bytes = dyn_cast<ArrayType>(T);
  if (!Bytes || !Bytes->getElementType()->isIntegerTy(8))
    return false;
  uint64_t Count = Bytes->getNumElements();
  return Count < 8 && Begin % 8 != 0 && (Begin + Count) % 8 == 0;
}

/// The bytes [\p Begin, \p End) of the object at \p Object follow its last
/// member. They are padding, unless the object is the base of a class: members
/// of that may lie there. Eight bytes could hold anything.
void TypeSources::addTail(Loc Object, int64_t Begin, int64_t End) {
  Type *Float = Type::getFloatTy(M.getContext());
  int64_t Aligned = std::min<int64_t>(alignTo(Begin, 4), End);
  if (Aligned > Begin)
    addWeakIntegers(Object + Begin, Aligned - Begin);
  if (End - Aligned == 4)
    G.mark(Object + Aligned, 4, Evidence::tailPadding(Float));
}

void TypeSources::addUnion(Loc L, uint64_t Size) {
  if (Size > 64)
    return G.mark(G.element(L, 8, Size, /*Guess=*/false), 8,
                  Evidence::memberOfUnion());
  for (uint64_t I = 0; I < Size; I += 8)
    G.mark(L + I, std::min<uint64_t>(8, Size - I), Evidence::memberOfUnion());
}

void TypeSources::addDoubleOrPointer(Loc L) {
  declare(L, PointerSize,
          Evidence::floatOrPointer(Type::getDoubleTy(M.getContext())));
}

bool TypeSources::addFunctionObject(Loc L) {
  if (!areFunctionObjectsWords(M))
    return false;
  for (unsigned I = 0; I < FunctionObjectSize; I += PointerSize)
    addDoubleOrPointer(L + I);
  return true;
}

void TypeSources::addStruct(Loc L, StructType *T, bool Integers) {
  if (isFunctionObjectType(*T) && addFunctionObject(L))
    return;
  // Clang declares a union as one of its members.
  if (T->hasName() && T->getName().starts_with("union."))
    return addUnion(L, DL.getTypeAllocSize(T).getFixedValue());
  const StructLayout *Layout = DL.getStructLayout(T);
  // Literal structs come from calling conventions and initialisers.
  bool Fields = T->isLiteral() ? Integers && !T->isPacked() : true;
  uint64_t End = 0;
  auto AddGap = [&](uint64_t Begin) {
    if (Begin > End)
      addWeakIntegers(L + End, Begin - End);
  };
  for (unsigned I = 0, N = T->getNumElements(); I < N && Budget; ++I) {
    uint64_t Begin = Layout->getElementOffset(I);
    Type *Field = T->getElementType(I);
    AddGap(Begin);
    End = Begin + DL.getTypeStoreSize(Field).getFixedValue();
    if (auto *Array = dyn_cast<ArrayType>(Field);
        Array && Array->getElementType()->isIntegerTy(8) && T->hasName())
      Names.push_back({L + Begin, Array->getNumElements()});
    if (!isExplicitPadding(Field, Begin))
      addTypeAt(L + Begin, Field, Fields);
    else if (I + 1 == N)
      addTail(L, Begin, End); // Written down because a class may derive.
    else
      addWeakIntegers(L + Begin, End - Begin);
  }
  if (Budget)
    AddGap(Layout->getSizeInBytes());
}

//===----------------------------------------------------------------------===//
// Type strings
//===----------------------------------------------------------------------===//

static Evidence evidenceOf(ConcreteType T) {
  switch (T.K) {
  case ConcreteType::Integer:
    return Evidence::integer();
  case ConcreteType::Pointer:
    return Evidence::pointer();
  case ConcreteType::Float:
    return Evidence::floating(T.FloatType);
  case ConcreteType::Unknown:
  case ConcreteType::FloatOrPointer:
  case ConcreteType::Anything:
    break;
  }
  return {};
}

void TypeSources::addLayout(Loc L, const TypeTree &Layout) {
  if (!L)
    return;
  // What is behind the pointers at each offset.
  std::map<int64_t, TypeTree> Behind;
  for (const auto &[P, E] : Layout.entries())
    if (P.size() > 1 && !E.Conflict)
      Behind[P[0]].insert(ArrayRef(P).drop_front(), E.Type);

  const auto &Entries = Layout.entries();
  for (auto It = Entries.begin(); It != Entries.end(); ++It) {
    const auto &[P, E] = *It;
    Evidence Ev = E.Conflict ? Evidence::mixed() : evidenceOf(E.Type);
    if (P.size() != 1 || Ev.empty())
      continue;
    unsigned Size = 1;
    if (Ev.Float)
      Size = DL.getTypeStoreSize(Ev.Float).getFixedValue();
    else if (Ev.Pointer)
      Size = PointerSize;
    Loc At =
        P[0] == -1 ? G.element(L, Size, TypeGraph::Unbounded, false) : L + P[0];
    G.mark(At, Size, Ev);
    // The string says where an integer begins, not how big it is.
    if (Ev.Integer && P[0] != -1) {
      auto Next = std::next(It);
      while (Next != Entries.end() && Next->first.size() != 1)
        ++Next;
      int64_t End = alignTo(P[0] + 1, 8);
      if (Next != Entries.end())
        End = std::min(End, Next->first[0]);
      if (End > P[0] + 1)
        G.mark(At + 1, End - P[0] - 1, Evidence::weakInteger());
    }
    if (auto Target = Behind.find(P[0]); Ev.Pointer && Target != Behind.end())
      addLayout(G.pointee(At, PointerSize), Target->second);
  }
}

} // namespace linkgrad
