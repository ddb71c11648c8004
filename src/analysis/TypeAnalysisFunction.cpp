//===- TypeAnalysisFunction.cpp - Types in one function -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where pointers point to and where values are.
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAnalysisFunction.h"
#include "analysis/FunctionObjects.h"
#include "analysis/GlobalActivity.h"
#include "analysis/SizeMembers.h"
#include "analysis/TextAccesses.h"
#include "analysis/TypeAddress.h"
#include "analysis/WordMoves.h"
#include "rules/Allocations.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/GetElementPtrTypeIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace linkgrad {

FunctionTypes::FunctionTypes(Function &F)
    : F(F), DL(F.getDataLayout()), Sources(G, *F.getParent()) {
  if (F.getReturnType()->isPtrOrPtrVectorTy())
    ReturnedPointer = G.newNode();
  else
    ReturnedContent = G.newNode();
  readArguments();
  // In this order operands come before their users, except for phis.
  ReversePostOrderTraversal<Function *> RPOT(&F);
  for (BasicBlock *BB : RPOT)
    for (Instruction &I : *BB) {
      readDebugRecords(I);
      visit(I);
    }
  finishPhis();
  G.run();
}

unsigned FunctionTypes::pointerSize(const Type *T) const {
  return DL.getPointerTypeSize(const_cast<Type *>(T->getScalarType()));
}

uint64_t FunctionTypes::sizeOf(const Type *T) const {
  auto *Ty = const_cast<Type *>(T);
  if (!Ty->isSized() || Ty->isScalableTy() || Ty->isTargetExtTy())
    return 0;
  return DL.getTypeStoreSize(Ty).getFixedValue();
}

/// The byte offset of the member \p Indices of the aggregate \p T.
static uint64_t memberOffset(const DataLayout &DL, Type *T,
                             ArrayRef<unsigned> Indices) {
  SmallVector<Value *, 4> Values;
  Type *I32 = Type::getInt32Ty(T->getContext());
  Values.push_back(ConstantInt::get(I32, 0));
  for (unsigned Index : Indices)
    Values.push_back(ConstantInt::get(I32, Index));
  return DL.getIndexedOffsetInType(T, Values);
}

//===----------------------------------------------------------------------===//
// What a pointer points to
//===----------------------------------------------------------------------===//

Loc FunctionTypes::pointsTo(const Value &V, int64_t Extra) {
  TypeAddress C = chaseAddress(V, DL);
  Loc L = rootOf(*C.Root);
  if (!L)
    return L;
  L = L + (C.Constant + Extra);
  for (int64_t Stride : C.Strides)
    L = G.element(L, Stride);
  return L;
}

/// True for what std::type_info is of in C++. Where a std::any or std::function
/// has the address of one, it has that of an object at other times.
static bool isTypeInfo(const GlobalVariable &Global) {
  return Global.getName().starts_with("_ZTI");
}

Loc FunctionTypes::rootOf(const Value &V) {
  if (auto *Global = dyn_cast<GlobalVariable>(&V))
    return isTypeInfo(*Global) ? Loc() : globalPlace(*Global);
  if (auto *Alias = dyn_cast<GlobalAlias>(&V))
    if (auto *Object = Alias->getAliaseeObject())
      if (auto *Global = dyn_cast<GlobalVariable>(Object))
        return globalPlace(*Global);
  if (isa<Constant>(V) || isa<MetadataAsValue>(V))
    return {};
  if (auto *GEP = dyn_cast<GetElementPtrInst>(&V)) {
    // The end of a long chain, or of one that cannot be described.
    if (auto It = Pointers.find(GEP); It != Pointers.end())
      return It->second;
  }
  auto [It, New] = Pointers.try_emplace(&V);
  if (New)
    It->second = G.newNode();
  return It->second;
}

Loc FunctionTypes::globalPlace(const GlobalVariable &Global) {
  auto [It, New] = Pointers.try_emplace(&Global);
  if (!New)
    return It->second;
  Variables.push_back(&Global);
  Loc L = It->second = G.newNode();
  if (mayHoldActive(Global, /*Pointers=*/true))
    ActiveGlobals.push_back(&Global);
  Sources.addType(L, Global.getValueType(), /*Integers=*/true);
  unsigned Budget = 64;
  if (Global.hasDefinitiveInitializer())
    readInitializer(L, *Global.getInitializer(), Budget);
  return L;
}

/// The addresses in an initialiser, the first few of a long one.
void FunctionTypes::readInitializer(Loc L, const Constant &C,
                                    unsigned &Budget) {
  if (Budget == 0)
    return;
  --Budget;
  Type *T = C.getType();
  if (T->isPointerTy() && isa<GlobalVariable>(C.stripInBoundsOffsets()))
    return store(L, C);
  if (!isa<ConstantAggregate>(C) || T->isVectorTy())
    return;
  for (unsigned I = 0, N = C.getNumOperands(); I < N && Budget; ++I)
    readInitializer(L + memberOffset(DL, T, I),
                    *cast<Constant>(C.getOperand(I)), Budget);
}

//===----------------------------------------------------------------------===//
// Where a value is
//===----------------------------------------------------------------------===//

Loc FunctionTypes::content(const Value &V) {
  if (isa<Constant>(V) || V.getType()->isVoidTy() || !sizeOf(V.getType()))
    return {};
  auto [It, New] = Contents.try_emplace(&V);
  if (!New)
    return It->second;
  Loc L = It->second = G.newNode();
  // What the IR type says for certain; integers in it may be anything.
  if (!V.getType()->isIntOrIntVectorTy())
    Sources.addType(L, V.getType(), /*Integers=*/false);
  return L;
}

Loc FunctionTypes::place(const Value &V) {
  return V.getType()->isPtrOrPtrVectorTy() ? pointsTo(V) : content(V);
}

/// \p V is written to \p L.
void FunctionTypes::store(Loc L, const Value &V) {
  Type *T = V.getType();
  uint64_t Size = sizeOf(T);
  if (!L || !Size)
    return;
  if (T->isPtrOrPtrVectorTy()) {
    auto *Vector = dyn_cast<FixedVectorType>(T);
    unsigned Step = pointerSize(T);
    Loc Target = pointsTo(V);
    for (unsigned I = 0, N = Vector ? Vector->getNumElements() : 1; I < N;
         ++I) {
      if (Target)
        G.unify(G.pointee(L + I * Step, Step), Target);
      else if (!isa<ConstantPointerNull, UndefValue>(V))
        G.mark(L + I * Step, Step, Evidence::pointer());
      G.noteStore(L + I * Step, Step, /*IsPointer=*/true);
    }
    return;
  }
  if (T->isFPOrFPVectorTy())
    return Sources.addType(L, T, /*Integers=*/false);
  if (T->isAggregateType() && !isa<UndefValue>(V))
    Sources.addType(L, T, /*Integers=*/false);
  if (Size >= DL.getPointerSize() && !isa<Constant>(V))
    G.noteStore(L, Size, /*IsPointer=*/false);
  G.tie(L, content(V), Size);
}

/// \p I is read from \p L.
void FunctionTypes::load(Loc L, const Instruction &I) {
  Type *T = I.getType();
  if (!L || !sizeOf(T))
    return;
  if (T->isPtrOrPtrVectorTy()) {
    auto *Vector = dyn_cast<FixedVectorType>(T);
    unsigned Step = pointerSize(T);
    Loc Target = G.pointee(L, Step);
    for (unsigned J = 1, N = Vector ? Vector->getNumElements() : 1; J < N; ++J)
      G.unify(G.pointee(L + J * Step, Step), Target);
    // A phi may have asked before.
    auto [It, New] = Pointers.try_emplace(&I, Target);
    if (!New)
      G.unify(It->second, Target);
    return;
  }
  if (T->isFPOrFPVectorTy() || T->isAggregateType())
    Sources.addType(L, T, /*Integers=*/false);
  auto [It, New] = Contents.try_emplace(&I, L);
  if (!New)
    G.tie(It->second, L, sizeOf(T));
}

/// \p To is \p From, unchanged.
void FunctionTypes::flow(const Value &From, const Instruction &To) {
  if (To.getType()->isPtrOrPtrVectorTy())
    G.unify(rootOf(To), pointsTo(From));
  else if (!To.getType()->isFPOrFPVectorTy())
    G.tie(content(To), content(From), sizeOf(To.getType()));
}

/// True if \p Ptr is freed and nothing else: memory of different kinds is,
/// where the cleanups of several variables share code.
static bool isOnlyFreed(const Value &Ptr) {
  return !Ptr.use_empty() && all_of(Ptr.users(), [](const User *U) {
    auto *Call = dyn_cast<CallBase>(U);
    return isa<ICmpInst>(U) || (Call && Call->getCalledFunction() &&
                                isFreeFunction(*Call->getCalledFunction()));
  });
}

void FunctionTypes::finishPhis() {
  for (BasicBlock &BB : F)
    for (PHINode &Phi : BB.phis())
      if (!isOnlyFreed(Phi))
        for (Value *V : Phi.incoming_values())
          flow(*V, Phi);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

void FunctionTypes::visitAllocaInst(AllocaInst &I) {
  Loc L = rootOf(I);
  Type *T = I.getAllocatedType();
  if (!sizeOf(T))
    return;
  uint64_t Size = DL.getTypeAllocSize(T).getFixedValue();
  auto *Count = dyn_cast<ConstantInt>(I.getArraySize());
  if (I.isArrayAllocation() && Size) {
    markInteger(*I.getArraySize());
    if (T->isIntegerTy(8))
      return; // Bytes for anything.
    L = Count ? G.element(L, Size, Count->getZExtValue() * Size, false)
              : G.element(L, Size, TypeGraph::Unbounded, false);
  }
  // {i64, i64} may be a union that holds anything: Clang names no such type.
  auto *Struct = dyn_cast<StructType>(T);
  Sources.addType(L, T, /*Integers=*/!Struct || !Struct->isLiteral());
}

/// \p Size, an integer that has nothing to do with what else is at this place,
/// is read or written there.
void FunctionTypes::accessSize(const Value &Ptr, const Value &Size) {
  markInteger(Size);
  if (Loc L = pointsTo(Ptr))
    G.mark(L, sizeOf(Size.getType()), Evidence::weakInteger());
}

/// \p Text, which leads to characters, is read or written at \p Ptr. It can
/// lead into the object that it is in, which is no reason to look for more
/// there.
void FunctionTypes::accessTextPointer(const Value &Ptr, const Value &Text) {
  for (Loc L : {content(Text), pointsTo(Ptr)})
    if (L)
      G.mark(L, sizeOf(Text.getType()), Evidence::pointer());
}

void FunctionTypes::visitLoadInst(LoadInst &I) {
  if (accessesText(I))
    return markInteger(I);
  if (accessesTextPointer(I)) {
    accessTextPointer(*I.getPointerOperand(), I);
    return readTbaa(I, *I.getPointerOperand(), I);
  }
  if (accessesSize(I))
    return accessSize(*I.getPointerOperand(), I);
  // As a copy of all words: they are no table of one type.
  if (std::optional<WordMove> Move = wordMove(I)) {
    G.tie(pointsTo(*Move->To), pointsTo(*Move->From), Move->Bytes);
    return;
  }
  load(pointsTo(*I.getPointerOperand()), I);
  readTbaa(I, *I.getPointerOperand(), I);
  // Only integers have a range.
  if (I.hasMetadata(LLVMContext::MD_range))
    markInteger(I);
}

void FunctionTypes::visitStoreInst(StoreInst &I) {
  if (accessesText(I))
    return markInteger(*I.getValueOperand());
  if (accessesTextPointer(I)) {
    accessTextPointer(*I.getPointerOperand(), *I.getValueOperand());
    return readTbaa(I, *I.getPointerOperand(), *I.getValueOperand());
  }
  if (accessesSize(I))
    return accessSize(*I.getPointerOperand(), *I.getValueOperand());
  if (auto *Load = dyn_cast<LoadInst>(I.getValueOperand());
      Load && wordMove(*Load))
    return;
  store(pointsTo(*I.getPointerOperand()), *I.getValueOperand());
  readTbaa(I, *I.getPointerOperand(), *I.getValueOperand());
  if (storesManager(I))
    Sources.addFunctionObject(
        pointsTo(*I.getPointerOperand(), -int64_t(FunctionObjectSize)));
}

void FunctionTypes::visitAtomicRMWInst(AtomicRMWInst &I) {
  Loc L = pointsTo(*I.getPointerOperand());
  load(L, I);
  if (I.getOperation() == AtomicRMWInst::Xchg || I.isFloatingPointOperation())
    store(L, *I.getValOperand());
  else
    markInteger(I);
  readTbaa(I, *I.getPointerOperand(), I);
}

/// Atomic updates of a double are compare-and-swap of an i64: no evidence.
void FunctionTypes::visitAtomicCmpXchgInst(AtomicCmpXchgInst &I) {
  Loc L = pointsTo(*I.getPointerOperand());
  store(L, *I.getNewValOperand());
  store(L, *I.getCompareOperand());
  G.tie(content(I), L, sizeOf(I.getNewValOperand()->getType()));
  readTbaa(I, *I.getPointerOperand(), *I.getNewValOperand());
}

void FunctionTypes::visitGetElementPtrInst(GetElementPtrInst &I) {
  for (Value *Index : I.indices())
    markInteger(*Index);
  readSourceElementType(cast<GEPOperator>(I));
  if (Loc L = pointsTo(I))
    Pointers.try_emplace(&I, L);
}

//===----------------------------------------------------------------------===//
// Values that move unchanged
//===----------------------------------------------------------------------===//

void FunctionTypes::visitSelectInst(SelectInst &I) {
  flow(*I.getTrueValue(), I);
  flow(*I.getFalseValue(), I);
}

void FunctionTypes::visitFreezeInst(FreezeInst &I) {
  flow(*I.getOperand(0), I);
}

void FunctionTypes::visitBitCastInst(BitCastInst &I) {
  Value &From = *I.getOperand(0);
  if (I.getType()->isPtrOrPtrVectorTy())
    return;
  // The bytes stay where they are; each of the two types says what it can.
  Loc L = content(From);
  if (!L)
    return;
  Contents.try_emplace(&I, L);
  if (I.getType()->isFPOrFPVectorTy())
    Sources.addType(L, I.getType(), /*Integers=*/false);
}

void FunctionTypes::visitPtrToIntInst(PtrToIntInst &I) {
  if (I.getType()->isVectorTy())
    return;
  unsigned Size = pointerSize(I.getOperand(0)->getType());
  if (sizeOf(I.getType()) == Size)
    store(content(I), *I.getOperand(0));
}

/// True if \p V is an alignment: what Rust has for the address of things
/// without a size.
static bool isAlignment(const Value &V) {
  return any_of(V.uses(), [](const Use &U) {
    auto *Call = dyn_cast<CallBase>(U.getUser());
    return Call && Call->isArgOperand(&U) &&
           Call->paramHasAttr(Call->getArgOperandNo(&U), Attribute::AllocAlign);
  });
}

void FunctionTypes::visitIntToPtrInst(IntToPtrInst &I) {
  unsigned Size = pointerSize(I.getType());
  Value &From = *I.getOperand(0);
  if (I.getType()->isVectorTy() || sizeOf(From.getType()) != Size)
    return;
  // An address that was computed says nothing about where its parts are.
  if (!isa<BinaryOperator>(From) && !isAlignment(From))
    load(content(From), I);
}

void FunctionTypes::visitExtractValueInst(ExtractValueInst &I) {
  Value &From = *I.getAggregateOperand();
  if (Loc L = content(From))
    load(L + memberOffset(DL, From.getType(), I.getIndices()), I);
}

void FunctionTypes::visitInsertValueInst(InsertValueInst &I) {
  Loc To = content(I), From = content(*I.getAggregateOperand());
  if (!To)
    return;
  int64_t Begin = memberOffset(DL, I.getType(), I.getIndices());
  int64_t Member = sizeOf(I.getInsertedValueOperand()->getType());
  int64_t Rest = sizeOf(I.getType()) - (Begin + Member);
  G.tie(To, From, Begin);
  if (From)
    G.tie(To + (Begin + Member), From + (Begin + Member), Rest);
  store(To + Begin, *I.getInsertedValueOperand());
}

/// Lanes of vectors of pointers share one target; lanes of integers smaller
/// than a byte hold nothing.
static bool hasByteLanes(const DataLayout &DL, Type *T) {
  auto *Vector = dyn_cast<FixedVectorType>(T);
  return Vector && !Vector->getElementType()->isFloatingPointTy() &&
         DL.getTypeSizeInBits(Vector->getElementType()) % 8 == 0;
}

void FunctionTypes::visitExtractElementInst(ExtractElementInst &I) {
  Value &From = *I.getVectorOperand();
  markInteger(*I.getIndexOperand());
  if (I.getType()->isPointerTy())
    return flow(From, I);
  Loc L = content(From);
  if (!L || !hasByteLanes(DL, From.getType()))
    return;
  int64_t Step = sizeOf(I.getType());
  if (auto *Index = dyn_cast<ConstantInt>(I.getIndexOperand()))
    load(L + Index->getZExtValue() * Step, I);
  else
    for (unsigned J = 0, N = sizeOf(From.getType()) / Step; J < N; ++J)
      G.tie(content(I), L + J * Step, Step);
}

void FunctionTypes::visitInsertElementInst(InsertElementInst &I) {
  Value &Vector = *I.getOperand(0), &Elt = *I.getOperand(1);
  markInteger(*I.getOperand(2));
  if (I.getType()->isPtrOrPtrVectorTy()) {
    flow(Vector, I);
    return G.unify(rootOf(I), pointsTo(Elt));
  }
  if (!hasByteLanes(DL, I.getType()))
    return;
  Loc To = content(I), From = content(Vector);
  int64_t Step = sizeOf(Elt.getType()), Size = sizeOf(I.getType());
  auto *Index = dyn_cast<ConstantInt>(I.getOperand(2));
  int64_t Lane = Index ? Index->getZExtValue() * Step : -1;
  for (int64_t At = 0; At < Size; At += Step) {
    if (At == Lane || !Index)
      store(To + At, Elt);
    if (At != Lane && From)
      G.tie(To + At, From + At, Step);
  }
}

void FunctionTypes::visitShuffleVectorInst(ShuffleVectorInst &I) {
  Value &A = *I.getOperand(0), &B = *I.getOperand(1);
  if (I.getType()->isPtrOrPtrVectorTy()) {
    flow(A, I);
    return flow(B, I);
  }
  if (!hasByteLanes(DL, I.getType()))
    return;
  Loc To = content(I), LocA = content(A), LocB = content(B);
  int64_t Step = sizeOf(I.getType()->getElementType());
  int Lanes = cast<FixedVectorType>(A.getType())->getNumElements();
  ArrayRef<int> Mask = I.getShuffleMask();
  // Neighbours that stay together are one piece: they can be the halves of a
  // float that is bigger than a lane.
  for (size_t J = 0, Run; J < Mask.size(); J += Run) {
    int Lane = Mask[J];
    for (Run = 1; J + Run < Mask.size() && Lane >= 0 &&
                  Mask[J + Run] == Lane + int(Run) && (Lane + Run) % Lanes != 0;
         ++Run)
      ;
    Loc From = Lane < Lanes ? LocA : LocB;
    if (Lane >= 0 && From)
      G.tie(To + J * Step, From + (Lane % Lanes) * Step, Run * Step);
  }
}

void FunctionTypes::visitReturnInst(ReturnInst &I) {
  Value *V = I.getReturnValue();
  if (!V)
    return;
  if (V->getType()->isPtrOrPtrVectorTy())
    G.unify(ReturnedPointer, pointsTo(*V));
  else
    store(ReturnedContent, *V);
}

} // namespace linkgrad
