//===- TypeTree.cpp - Types by path of byte offsets -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeTree.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Type.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static StringRef floatName(const Type &T) {
  switch (T.getTypeID()) {
  case Type::HalfTyID:
    return "half";
  case Type::BFloatTyID:
    return "bf16";
  case Type::FloatTyID:
    return "float";
  case Type::DoubleTyID:
    return "double";
  case Type::X86_FP80TyID:
    return "fp80";
  case Type::FP128TyID:
    return "fp128";
  case Type::PPC_FP128TyID:
    return "ppc128";
  default:
    return "";
  }
}

static Type *floatType(StringRef Name, LLVMContext &C) {
  for (Type *T : {Type::getHalfTy(C), Type::getBFloatTy(C), Type::getFloatTy(C),
                  Type::getDoubleTy(C), Type::getX86_FP80Ty(C),
                  Type::getFP128Ty(C), Type::getPPC_FP128Ty(C)})
    if (floatName(*T) == Name)
      return T;
  return nullptr;
}

std::string typeName(ConcreteType T) {
  switch (T.K) {
  case ConcreteType::Unknown:
    return "Unknown";
  case ConcreteType::Anything:
    return "Anything";
  case ConcreteType::Integer:
    return "Integer";
  case ConcreteType::Pointer:
    return "Pointer";
  case ConcreteType::Float:
    return ("Float@" + floatName(*T.FloatType)).str();
  case ConcreteType::FloatOrPointer:
    return ("Float@" + floatName(*T.FloatType) + " or Pointer").str();
  }
  return "Unknown";
}

static std::optional<ConcreteType> typeByName(StringRef Name, LLVMContext &C) {
  for (auto K : {ConcreteType::Unknown, ConcreteType::Anything,
                 ConcreteType::Integer, ConcreteType::Pointer})
    if (Name == typeName({K}))
      return ConcreteType{K};
  if (Name.consume_front("Float@"))
    if (Type *T = floatType(Name, C))
      return ConcreteType{ConcreteType::Float, T};
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Join
//===----------------------------------------------------------------------===//

/// True if the entry at \p General also speaks about \p P.
static bool covers(ArrayRef<int64_t> General, ArrayRef<int64_t> P) {
  if (General.size() != P.size())
    return false;
  for (auto [G, X] : zip_equal(General, P))
    if (G != -1 && G != X)
      return false;
  return true;
}

ConcreteType TypeTree::at(ArrayRef<int64_t> P) const {
  ConcreteType Result;
  for (const auto &[Q, E] : Entries) {
    if (!covers(Q, P))
      continue;
    if (E.Conflict)
      return {};
    if (Result.K == ConcreteType::Unknown || Result.K == ConcreteType::Anything)
      Result = E.Type;
  }
  return Result;
}

bool TypeTree::insertConflict(ArrayRef<int64_t> P) {
  Entry &E = Entries[P.vec()];
  bool Changed = !E.Conflict;
  E = {{}, /*Conflict=*/true};
  return Changed;
}

bool TypeTree::insert(ArrayRef<int64_t> P, ConcreteType T) {
  if (!T.isKnown() || P.size() > MaxDepth)
    return false;

  // What is there already: the same fact, nothing, or a contradiction, which
  // stays at the more special of the two paths.
  bool Contradicts = false, Changed = false;
  SmallVector<Path, 4> Subsumed, Special;
  for (const auto &[Q, E] : Entries) {
    bool Above = covers(Q, P), Below = covers(P, Q);
    if (!Above && !Below)
      continue;
    if (E.Conflict) {
      if (Above)
        return Changed;
      continue;
    }
    if (E.Type == T || T.K == ConcreteType::Anything) {
      if (Above)
        return Changed;
      if (E.Type == T)
        Subsumed.push_back(Q);
      continue;
    }
    if (E.Type.K == ConcreteType::Anything) {
      if (Below)
        Subsumed.push_back(Q);
      continue;
    }
    if (Above)
      Contradicts = true;
    else
      Special.push_back(Q);
  }

  for (const Path &Q : Special)
    Changed |= insertConflict(Q);
  if (Contradicts)
    return insertConflict(P) || Changed;
  for (const Path &Q : Subsumed)
    Entries.erase(Q);
  if (Entries.size() >= MaxEntries && !Entries.count(P.vec()))
    return Changed;
  Entries[P.vec()] = {T, false};
  return true;
}

bool TypeTree::merge(const TypeTree &Other) {
  bool Changed = false;
  for (const auto &[P, E] : Other.Entries)
    Changed |= E.Conflict ? insertConflict(P) : insert(P, E.Type);
  return Changed;
}

bool TypeTree::hasConflict() const {
  return any_of(Entries, [](const auto &E) { return E.second.Conflict; });
}

//===----------------------------------------------------------------------===//
// Moving paths
//===----------------------------------------------------------------------===//

TypeTree TypeTree::only(int64_t Offset) const {
  TypeTree Result;
  for (const auto &[P, E] : Entries) {
    if (P.size() >= MaxDepth)
      continue;
    Path Next{Offset};
    append_range(Next, P);
    Result.Entries[Next] = E;
  }
  return Result;
}

TypeTree TypeTree::data0() const {
  TypeTree Result;
  for (const auto &[P, E] : Entries) {
    if (P.empty() || (P[0] != 0 && P[0] != -1))
      continue;
    auto Rest = ArrayRef(P).drop_front();
    if (E.Conflict)
      Result.insertConflict(Rest);
    else
      Result.insert(Rest, E.Type);
  }
  return Result;
}

/// The distance at which a type repeats when it is at every offset.
static int64_t sizeOf(ConcreteType T, const DataLayout &DL) {
  if (T.isFloat())
    return DL.getTypeStoreSize(T.FloatType).getFixedValue();
  return T.isPointer() ? DL.getPointerSize() : 1;
}

TypeTree TypeTree::shiftIndices(const DataLayout &DL, int64_t Offset,
                                int64_t MaxSize, uint64_t AddOffset) const {
  TypeTree Result;
  auto Put = [&](const Path &P, const Entry &E) {
    if (E.Conflict)
      Result.insertConflict(P);
    else
      Result.insert(P, E.Type);
  };
  for (const auto &[P, E] : Entries) {
    Path Next = P;
    if (P.empty()) {
      Put(Next, E);
      continue;
    }
    if (P[0] != -1) {
      int64_t Moved = P[0] - Offset;
      if (P[0] < Offset || (MaxSize != -1 && Moved >= MaxSize))
        continue;
      Next[0] = Moved + static_cast<int64_t>(AddOffset);
      Put(Next, E);
      continue;
    }
    if (MaxSize == -1) {
      // "From AddOffset on" has no path; its first element has.
      Next[0] = AddOffset == 0 ? -1 : static_cast<int64_t>(AddOffset);
      Put(Next, E);
      continue;
    }
    // Every offset of a bounded range becomes one entry for each element. The
    // elements that no longer fit into the tree stay unknown.
    int64_t Size = sizeOf(E.Type, DL);
    int64_t First = (Size - Offset % Size) % Size;
    for (int64_t I = First; I < MaxSize; I += Size) {
      if (Result.Entries.size() >= MaxEntries)
        break;
      Next[0] = I + static_cast<int64_t>(AddOffset);
      Put(Next, E);
    }
  }
  return Result;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

void TypeTree::print(raw_ostream &OS) const {
  OS << '{';
  ListSeparator Comma(", ");
  for (const auto &[P, E] : Entries) {
    OS << Comma << '[';
    interleave(P, OS, ",");
    OS << "]:" << typeName(E.Type);
  }
  OS << '}';
}

std::string TypeTree::str() const {
  std::string Text;
  raw_string_ostream OS(Text);
  print(OS);
  return Text;
}

/// Reads `[path]:Type` from the front of \p Rest into \p Tree.
static bool parseEntry(StringRef &Rest, LLVMContext &C, TypeTree &Tree) {
  if (!Rest.consume_front("["))
    return false;
  TypeTree::Path P;
  while (!Rest.consume_front("]")) {
    int64_t Offset;
    if (!P.empty() && !Rest.consume_front(","))
      return false;
    Rest = Rest.ltrim();
    if (Rest.consumeInteger(10, Offset) || Offset < -1)
      return false;
    P.push_back(Offset);
  }
  if (!Rest.consume_front(":"))
    return false;
  size_t End = Rest.find_first_of(",}");
  auto T = typeByName(Rest.take_front(End).trim(), C);
  if (End == StringRef::npos || !T)
    return false;
  Rest = Rest.drop_front(End);
  Tree.insert(P, *T);
  return true;
}

Expected<TypeTree> TypeTree::parse(StringRef Text, LLVMContext &Context) {
  StringRef Rest = Text.trim();
  TypeTree Tree;
  bool Good = Rest.consume_front("{");
  if (Good && Rest.ltrim() != "}") {
    do {
      Rest = Rest.ltrim();
      Good = parseEntry(Rest, Context, Tree);
    } while (Good && Rest.consume_front(","));
  }
  if (!Good || Rest.ltrim() != "}")
    return makeError(Reason::BadMarker, "malformed type string '" + Text + "'",
                     "write types as in {[-1]:Pointer, [-1,0]:Float@double}");
  return Tree;
}

} // namespace linkgrad
