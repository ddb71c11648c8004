//===- TypeAnalysis.cpp - Which bytes are floats --------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The answers: reads values and trees off the type graph.
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAnalysis.h"
#include "analysis/TypeAnalysisImpl.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Operator.h"

#define DEBUG_TYPE "linkgrad-types"

using namespace llvm;

STATISTIC(NumSummaries, "Number of callee bodies read for their types");

namespace linkgrad {

/// How many calls deep the bodies of callees are read for all that they know.
static constexpr unsigned MaxCallDepth = 4;

//===----------------------------------------------------------------------===//
// Callees
//===----------------------------------------------------------------------===//

bool TypeTrees::Impl::readCallees() {
  if (ReadCallees || Root.OpenCalls.empty())
    return false;
  ReadCallees = true;
  applyCallees(Root, MaxCallDepth);
  return true;
}

void TypeTrees::Impl::applyCallees(FunctionTypes &T, unsigned Depth) {
  for (const CallBase *Call : T.OpenCalls) {
    auto *Callee =
        cast<Function>(Call->getCalledOperand()->stripPointerCastsAndAliases());
    if (T.applyManager(*Call, *Callee))
      continue;
    if (FunctionTypes *S = summary(*Callee, Depth)) {
      Budget -= std::min<size_t>(S->G.size(), 2000);
      T.applyCallee(*Call, *S);
    } else {
      applyDeep(T, *Call, *Callee);
    }
  }
  T.OpenCalls.clear();
  T.G.run();
}

/// What is too deep, in a recursion or too big to be read once more tells at
/// least where it has floats.
void TypeTrees::Impl::applyDeep(FunctionTypes &T, const CallBase &Call,
                                Function &Callee) {
  FunctionTypes *Floats = Deep && DeepBudget > 0 ? Deep->of(Callee) : nullptr;
  if (!Floats)
    return;
  size_t Before = T.G.size();
  T.applyCallee(Call, *Floats, FunctionTypes::OnlyFloats);
  DeepBudget -= T.G.size() - Before;
}

FunctionTypes *TypeTrees::Impl::summary(Function &F, unsigned Depth) {
  auto [It, New] = Summaries.try_emplace(&F);
  if (!New)
    return Budget > 0 ? It->second.get() : nullptr;
  int64_t Size = F.getInstructionCount();
  if (Depth == 0 || Size > Budget)
    return nullptr;
  Budget -= Size;
  ++NumSummaries;
  auto S = std::make_unique<FunctionTypes>(F);
  applyCallees(*S, Depth - 1);
  return (Summaries[&F] = std::move(S)).get();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

ConcreteType TypeTrees::Impl::valueType(const Value &V, uint64_t Offset) {
  Type *T = V.getType();
  if (T->isFPOrFPVectorTy())
    return {ConcreteType::Float, T->getScalarType()};
  if (T->isPtrOrPtrVectorTy() || isa<PtrToIntOperator>(V))
    return {ConcreteType::Pointer};
  if (isa<Constant>(V))
    return {ConcreteType::Anything};
  if (T->isIntOrIntVectorTy() && T->getScalarSizeInBits() < 8)
    return {ConcreteType::Integer};
  Loc L = Root.content(V);
  if (!L)
    return {};

  Root.G.run();
  int64_t Size = Root.F.getDataLayout().getTypeStoreSize(T).getFixedValue();
  Found Byte = Root.G.lookup(L + Offset);
  // Callees can know that a pointer here, or an integer that moves, is a float
  // at other times.
  bool Ask = Byte.empty() || Byte.Ev.Pointer;
  if ((Ask || (!Byte.Ev.Float && Moving.contains(&V))) && readCallees())
    Byte = Root.G.lookup(L + Offset);
  ConcreteType Result = Byte.Ev.type();
  // A declaration of bytes, through which those of a float may move.
  if (Result.K == ConcreteType::Integer && !Byte.Ev.Integer &&
      Moving.contains(&V) && Root.G.floatAt(L + Offset))
    return {};
  if (Result.isPointer() && Byte.Ev.open())
    return {};
  if (Byte.Guess && !Result.isFloat())
    return {};
  // A fraction of a float or of a pointer is neither.
  bool Fits =
      int64_t(Offset) + Byte.Begin >= 0 && int64_t(Offset) + Byte.End <= Size;
  if ((Result.isFloat() || Result.isPointer()) && !Fits)
    return {};
  return Result;
}

bool TypeTrees::Impl::isContradictory(const Value &V, bool Union) {
  Loc L = V.getType()->isIntegerTy() ? Root.content(V) : Loc();
  if (!L)
    return false;
  if (Moving.contains(&V))
    readCallees();
  Root.G.run();
  const DataLayout &DL = Root.F.getDataLayout();
  for (uint64_t I = 0, N = DL.getTypeStoreSize(V.getType()); I < N; ++I)
    if (Evidence Ev = Root.G.lookup(L + I).Ev;
        Union ? Ev.Variant != nullptr : Ev.Float && Ev.conflict())
      return true;
  return false;
}

bool TypeTrees::Impl::isPointerOrInteger(const Value &V) {
  int64_t Size = Root.F.getDataLayout().getPointerSize();
  Loc L = V.getType()->isIntegerTy(8 * Size) ? Root.content(V) : Loc();
  if (!L)
    return false;
  Root.G.run();
  Found F = Root.G.lookup(L);
  return F.Ev.Pointer && F.Ev.Integer && !F.Ev.Float && !F.Ev.Mixed &&
         F.Begin == 0 && F.End == Size;
}

std::optional<uint64_t> TypeTrees::Impl::firstPointerBehind(const Value &Ptr,
                                                            uint64_t Size) {
  Loc L = Root.pointsTo(Ptr);
  if (!L)
    return std::nullopt;
  Root.G.run();
  auto IsPointer = [&](uint64_t X) {
    return X < Size && Root.G.lookup(L + X).Ev.Pointer;
  };
  // Tables in tables are found byte by byte; no value is all too long.
  for (uint64_t X = 0; X < std::min<uint64_t>(Size, 4096); ++X)
    if (IsPointer(X))
      return X;
  auto Offsets = Root.G.knownOffsets(L);
  auto Found = find_if(Offsets, IsPointer);
  return Found == Offsets.end() ? std::nullopt : std::optional(*Found);
}

bool TypeTrees::Impl::hasFloatBehind(const Value &Ptr, uint64_t Size) {
  Loc L = Root.pointsTo(Ptr);
  Root.G.run();
  auto IsFloat = [&](uint64_t X) {
    return X < Size && Root.G.floatAt(L + X) != nullptr;
  };
  return L && (IsFloat(0) || any_of(Root.G.knownOffsets(L), IsFloat));
}

bool TypeTrees::Impl::beginsWithFloat(const Value &Ptr, uint64_t Size) {
  Loc L = Root.pointsTo(Ptr);
  if (!L)
    return false;
  readCallees();
  Root.G.run();
  return Root.G.firstElement(L, Size).Float != nullptr;
}

bool TypeTrees::Impl::isPieceOfPointer(const Value &Ptr, uint64_t Size) {
  Loc L = Root.pointsTo(Ptr);
  if (!L || Size >= Root.F.getDataLayout().getPointerSize())
    return false;
  Root.G.run();
  // What is an integer, too, is another member of a union.
  Found F = Root.G.lookup(L);
  return (F.Ev.Pointer && !F.Ev.Integer && !F.Ev.Union && !F.Guess) ||
         Root.G.firstElement(L, Size).Pointer;
}

Type *TypeTrees::Impl::floatBesidePointer(const Value &Ptr) {
  readCallees();
  Root.G.run();
  return unionFloat(Root.pointsTo(Ptr), /*MovesPointer=*/false);
}

/// The float of at most a pointer's size at \p L, where pointers are, too, or a
/// callee moves one.
Type *TypeTrees::Impl::unionFloat(Loc L, bool MovesPointer) const {
  Found F = Root.G.lookup(L, /*AllTables=*/true);
  const DataLayout &DL = Root.F.getDataLayout();
  return F.Ev.Float && (F.Ev.Pointer || (MovesPointer && !F.Guess)) &&
                 DL.getTypeStoreSize(F.Ev.Float) <= DL.getPointerSize()
             ? F.Ev.Float
             : nullptr;
}

//===----------------------------------------------------------------------===//
// Trees
//===----------------------------------------------------------------------===//

/// Adds the memory at \p L below \p Prefix, the first elements of its tables
/// standing for all of them.
void TypeTrees::Impl::addMemory(TypeTree &Tree, TypeTree::Path &Prefix, Loc L) {
  if (Prefix.size() >= TypeTree::MaxDepth ||
      Tree.entries().size() >= TypeTree::MaxEntries)
    return;
  auto Add = [&](int64_t Offset, const Found &F) {
    Prefix.push_back(Offset);
    Tree.insert(Prefix, F.Ev.type());
    if (F.Ev.type().isPointer() && F.Pointee)
      addMemory(Tree, Prefix, F.Pointee);
    Prefix.pop_back();
  };
  auto Offsets = Root.G.knownOffsets(L);
  if (int64_t Stride = Root.G.uniformTableAt(L)) {
    bool Alone = all_of(Offsets, [&](int64_t X) {
      return X % Stride == 0 || Root.G.lookup(L + X).empty();
    });
    if (Alone)
      return Add(-1, Root.G.lookup(L));
  }
  int64_t EndOfIntegers = -1;
  for (int64_t X : Offsets) {
    Found F = Root.G.lookup(L + X);
    bool Integer = F.Ev.type().K == ConcreteType::Integer;
    // The padding after an integer does not need a line of its own.
    if (F.empty())
      continue;
    bool Continues = Integer && !F.Ev.Integer && X == EndOfIntegers;
    if (!Continues && (F.Begin == 0 || Integer))
      Add(X, F);
    if (Integer)
      EndOfIntegers = X + F.End;
  }
}

TypeTree TypeTrees::Impl::treeOf(const Value &V) {
  Type *T = V.getType();
  TypeTree Tree;
  if (T->isFPOrFPVectorTy()) {
    Tree.insert({-1}, {ConcreteType::Float, T->getScalarType()});
  } else if (T->isPtrOrPtrVectorTy()) {
    Tree.insert({-1}, {ConcreteType::Pointer});
    TypeTree::Path Prefix{-1};
    if (Loc L = Root.pointsTo(V)) {
      Root.G.run();
      addMemory(Tree, Prefix, L);
    }
  } else if (T->isSized() && !T->isScalableTy()) {
    TypeTree::Path Prefix;
    int64_t Size = Root.F.getDataLayout().getTypeStoreSize(T).getFixedValue();
    bool Same = true;
    ConcreteType First = valueType(V, 0);
    for (int64_t X = 0; X < Size && X < 64; ++X) {
      ConcreteType Byte = valueType(V, X);
      Same &= Byte == First;
      Loc L = isa<Constant>(V) ? Loc() : Root.content(V);
      bool Begins = !L || Root.G.lookup(L + X).Begin == 0;
      if (Byte.isKnown() && Begins)
        Tree.insert({X}, Byte);
    }
    if (Same && First.isKnown()) {
      Tree = TypeTree();
      Tree.insert({-1}, First);
    }
  }
  return Tree;
}

//===----------------------------------------------------------------------===//
// The interface
//===----------------------------------------------------------------------===//

TypeTrees::TypeTrees(Function &F, DeepFloats *Deep)
    : P(std::make_unique<Impl>(F, Deep)) {}
TypeTrees::~TypeTrees() = default;
TypeTrees::TypeTrees(TypeTrees &&) = default;

ConcreteType TypeTrees::valueType(const Value &V, uint64_t Offset) const {
  return P->valueType(V, Offset);
}

bool TypeTrees::isPointerOrInteger(const Value &V) const {
  return P->isPointerOrInteger(V);
}

bool TypeTrees::isContradictory(const Value &V) const {
  return P->isContradictory(V);
}

bool TypeTrees::isFloatOrPointer(const Value &V) const {
  return P->isContradictory(V, /*Union=*/true);
}

Expected<MemoryLayout> TypeTrees::memoryBehind(const Value &Ptr,
                                               std::optional<uint64_t> Size,
                                               const Instruction &At) const {
  return P->memoryBehind(Ptr, Size, At);
}

std::optional<MemoryLayout>
TypeTrees::layoutBehind(const Value &Ptr, std::optional<uint64_t> Size,
                        const Instruction &At) const {
  return P->layoutBehind(Ptr, Size, At);
}

bool TypeTrees::beginsWithFloat(const Value &Ptr, uint64_t Size) const {
  return P->beginsWithFloat(Ptr, Size);
}

bool TypeTrees::isPieceOfPointer(const Value &Ptr, uint64_t Size) const {
  return P->isPieceOfPointer(Ptr, Size);
}

std::optional<uint64_t> TypeTrees::firstPointerBehind(const Value &Ptr,
                                                      uint64_t Size) const {
  P->readCallees();
  return P->firstPointerBehind(Ptr, Size);
}

bool TypeTrees::hasFloatBehind(const Value &Ptr, uint64_t Size) const {
  P->readCallees();
  return P->hasFloatBehind(Ptr, Size);
}

void TypeTrees::assumeOneMember() { P->MayAssumeOneMember = true; }

bool TypeTrees::hasAssumedOneMember() const { return P->AssumedOneMember; }

Type *TypeTrees::floatBesidePointer(const Value &Ptr) const {
  return P->floatBesidePointer(Ptr);
}

void TypeTrees::countMovedPointers(ArrayRef<const LoadInst *> Loads) {
  P->countMovedPointers(Loads);
}

std::vector<MovedBytes> TypeTrees::floatsIn(const CallBase &Call,
                                            ArrayRef<MovedBytes> Callee) const {
  return P->floatsIn(Call, Callee);
}

void TypeTrees::assumeFloats(ArrayRef<const Value *> Parameters,
                             ArrayRef<MovedBytes> Floats) {
  P->assumeFloats(Parameters, Floats);
}

std::vector<MovedBytes>
TypeTrees::movedBytes(ArrayRef<const Value *> Parameters) const {
  return P->movedBytes(Parameters);
}

TypeTrees::Misread TypeTrees::misreads(const CallBase &Call,
                                       ArrayRef<MovedBytes> Callee) const {
  return P->misreads(Call, Callee);
}

TypeTree TypeTrees::treeOf(const Value &V) const {
  P->readCallees();
  return P->treeOf(V);
}

} // namespace linkgrad
