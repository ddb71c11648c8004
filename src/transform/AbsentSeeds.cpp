//===- AbsentSeeds.cpp - Seeds of floats that are not there ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function for each type that leads to such bytes, which walks through a
// value and its shadow.
//
//===----------------------------------------------------------------------===//

#include "transform/AbsentSeeds.h"
#include "analysis/RustTypes.h"
#include "request/DiffRequest.h"
#include "request/PairParameters.h"
#include "support/Diagnostics.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include <map>

using namespace llvm;

namespace linkgrad {

namespace {
/// Memory of the caller's in which such bytes may be.
struct Given {
  unsigned No; ///< of the parameter of the primal that points there
  RustPlace What;
  bool IsSlice; ///< The next parameter is how many there are.
  bool IsKnown; ///< It leads to one, or as many as the length says.
};
} // namespace

static bool hasRust(const Module &M) {
  return any_of(M.debug_compile_units(), [](const DICompileUnit *Unit) {
    return Unit->getSourceLanguage().getUnversionedName() ==
           dwarf::DW_LANG_Rust;
  });
}

/// True for what linkgrad's attributes differentiate: a closure that is a
/// function. Its parameters are raw pointers, each to one value.
static bool isClosure(const Function &F) {
  const DISubprogram *P = F.getSubprogram();
  if (!P || !P->getName().starts_with("call_once<"))
    return false;
  DITypeRefArray Types = P->getType()->getTypeArray();
  return Types.size() > 1 && Types[1] &&
         Types[1]->getName().starts_with("{closure_env#");
}

static SmallVector<Given, 4> givenMemory(const DiffRequest &R) {
  const Function &F = *R.Primal;
  SmallVector<Given, 4> All;
  auto Types = hasRust(*F.getParent()) ? sourceParameters(F) : std::nullopt;
  if (!Types)
    return All;
  for (auto [No, T] : enumerate(*Types)) {
    if (!isDup(R.Args[No]) || !T || !F.getArg(No)->getType()->isPointerTy())
      continue;
    // A slice takes two parameters.
    bool IsSlice = No + 1 < Types->size() && !(*Types)[No + 1];
    if (auto *Pointer = dyn_cast<DIDerivedType>(T);
        Pointer && T->getTag() == dwarf::DW_TAG_pointer_type &&
        T->getName().starts_with("*") && Pointer->getBaseType())
      All.push_back(
          {unsigned(No), {Pointer->getBaseType(), true}, false, isClosure(F)});
    else
      for (const RustPart &Part : rustParts({T, true}))
        if (Part.K == (IsSlice ? RustPart::Elements : RustPart::Pointee))
          All.push_back({unsigned(No), Part.What, IsSlice, true});
  }
  erase_if(All, [](const Given &G) { return !mayLeadToAbsentFloats(G.What); });
  return All;
}

Error checkAbsentSeeds(const DiffRequest &R) {
  for (const Given &G : givenMemory(R)) {
    const DIType *T = hiddenAbsentFloats(G.What);
    if (!T && !G.IsKnown && leadsToAbsentFloats(G.What))
      T = G.What.T;
    if (T)
      return makeError(Reason::UnsupportedRequest, *R.Primal,
                       "'" + T->getName() +
                           "' may lead to an enum that has a float in some "
                           "variant and nothing there in another, whose shadow "
                           "cannot be found",
                       "keep such enums in a Vec, Box, array or slice");
  }
  return Error::success();
}

namespace {

class SeedWalk {
public:
  explicit SeedWalk(Module &M) : M(M) {}

  /// Clears behind \p Shadow what is absent in \p Count values at \p Primal.
  void emitAll(IRBuilderBase &B, RustPlace What, Value *Primal, Value *Shadow,
               Value *Count);

private:
  Function *walker(RustPlace What);
  void define(Function &F, RustPlace What);
  void emitEnum(IRBuilderBase &B, const RustEnum &E, Value *Primal,
                Value *Shadow);
  void emitPart(IRBuilderBase &B, const RustPart &Part, Value *Primal,
                Value *Shadow);

  Module &M;
  std::map<RustPlace, Function *> Walkers;
};

} // namespace

static Value *at(IRBuilderBase &B, Value *Base, uint64_t Offset) {
  return B.CreateConstGEP1_64(B.getInt8Ty(), Base, Offset);
}

/// Continues \p B in a block that is run if \p Condition holds, and then behind
/// it.
template <class T>
static void emitIf(IRBuilderBase &B, Value *Condition, T Emit) {
  Instruction *End = B.CreateUnreachable(); // Stands for what follows.
  Instruction *Then = SplitBlockAndInsertIfThen(Condition, End->getIterator(),
                                                /*Unreachable=*/false);
  B.SetInsertPoint(Then);
  Emit();
  B.SetInsertPoint(End->getParent());
  End->eraseFromParent();
}

void SeedWalk::emitAll(IRBuilderBase &B, RustPlace What, Value *Primal,
                       Value *Shadow, Value *Count) {
  if (!leadsToAbsentFloats(What))
    return;
  Function *Each = walker(What);
  uint64_t Size = What.T->getSizeInBits() / 8;
  auto *Known = dyn_cast<ConstantInt>(Count);
  if (Known && Known->isOne()) {
    B.CreateCall(Each, {Primal, Shadow});
    return;
  }
  emitIf(B, B.CreateICmpNE(Count, B.getInt64(0)), [&] {
    auto [Body, I] =
        SplitBlockAndInsertSimpleForLoop(Count, B.GetInsertPoint());
    B.SetInsertPoint(Body);
    Value *Offset = B.CreateMul(I, B.getInt64(Size));
    B.CreateCall(
        Each, {B.CreatePtrAdd(Primal, Offset), B.CreatePtrAdd(Shadow, Offset)});
  });
}

Function *SeedWalk::walker(RustPlace What) {
  Function *&F = Walkers[What];
  if (F)
    return F;
  Type *Ptr = PointerType::getUnqual(M.getContext());
  F = Function::Create(
      FunctionType::get(Type::getVoidTy(M.getContext()), {Ptr, Ptr}, false),
      GlobalValue::InternalLinkage, "linkgrad.absent", M);
  F->setDSOLocal(true);
  F->setDoesNotThrow();
  Function *Known = F; // What is defined next may move the entries.
  define(*Known, What);
  return Known;
}

void SeedWalk::define(Function &F, RustPlace What) {
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", &F));
  Value *Primal = F.getArg(0), *Shadow = F.getArg(1);
  for (const RustPart &Part : rustParts(What))
    emitPart(B, Part, Primal, Shadow);
  if (auto E = rustEnum(What))
    emitEnum(B, *E, Primal, Shadow);
  B.CreateRetVoid();
}

void SeedWalk::emitEnum(IRBuilderBase &B, const RustEnum &E, Value *Primal,
                        Value *Shadow) {
  Function &F = *B.GetInsertBlock()->getParent();
  auto NewBlock = [&] { return BasicBlock::Create(F.getContext(), "", &F); };
  BasicBlock *End = NewBlock();
  Value *Tag = B.CreateAlignedLoad(B.getIntNTy(E.TagBits),
                                   at(B, Primal, E.TagOffset), Align(1), "tag");
  SwitchInst *Switch = B.CreateSwitch(Tag, End, E.Variants.size());
  for (const RustVariant &V : E.Variants) {
    BasicBlock *Block = NewBlock();
    if (V.Tag)
      Switch->addCase(B.getInt(*V.Tag), Block);
    else
      Switch->setDefaultDest(Block);
    B.SetInsertPoint(Block);
    if (V.Content.What.IsMutable)
      for (auto [Begin, Last] : V.Absent)
        B.CreateMemSet(at(B, Shadow, Begin), B.getInt8(0), Last - Begin,
                       Align(1));
    emitPart(B, V.Content, Primal, Shadow);
    B.CreateBr(End);
  }
  B.SetInsertPoint(End);
}

/// What has no shadow leads to itself, or nowhere; an empty vector to a number
/// below all addresses.
static Value *hasShadow(IRBuilderBase &B, Value *Primal, Value *Shadow) {
  constexpr uint64_t FirstPage = 4096;
  Value *Address = B.CreatePtrToInt(Shadow, B.getInt64Ty());
  return B.CreateAnd(B.CreateICmpUGE(Address, B.getInt64(FirstPage)),
                     B.CreateICmpNE(Primal, Shadow));
}

void SeedWalk::emitPart(IRBuilderBase &B, const RustPart &Part, Value *Primal,
                        Value *Shadow) {
  if (!leadsToAbsentFloats(Part.What))
    return;
  if (Part.K == RustPart::Members)
    return emitAll(B, Part.What, at(B, Primal, Part.Offset),
                   at(B, Shadow, Part.Offset), B.getInt64(Part.Count));
  auto Load = [&](Type *T, Value *From, uint64_t Offset) {
    return B.CreateAlignedLoad(T, at(B, From, Offset), Align(1));
  };
  Value *To = Load(B.getPtrTy(), Primal, Part.Offset);
  Value *ToShadow = Load(B.getPtrTy(), Shadow, Part.Offset);
  Value *Count = B.getInt64(1);
  if (Part.K == RustPart::Elements) {
    auto Length = [&](Value *Of) {
      return Load(B.getInt64Ty(), Of, Part.LengthOffset);
    };
    // The shadow can be shorter where the primal uses less.
    Count = B.CreateBinaryIntrinsic(Intrinsic::umin, Length(Primal),
                                    Length(Shadow));
    // Where the primal has moved the pointer to new memory, the shadow has no
    // integers.
    if (Part.RoomOffset) {
      Value *Room = Load(B.getInt64Ty(), Shadow, *Part.RoomOffset);
      Count = B.CreateSelect(B.CreateIsNull(Room), Length(Primal), Count);
    }
  }
  emitIf(B, hasShadow(B, To, ToShadow),
         [&] { emitAll(B, Part.What, To, ToShadow, Count); });
}

void emitAbsentSeeds(IRBuilderBase &B, Function &F, const DiffRequest &R) {
  SeedWalk Walk(*F.getParent());
  SmallVector<unsigned, 8> Begin; // Of each parameter of the primal in F.
  unsigned Next = 0;
  for (Activity A : R.Args) {
    Begin.push_back(Next);
    Next += 1 + (isDup(A) ? R.Width : 0);
  }
  for (const Given &G : givenMemory(R)) {
    Value *Count = B.getInt64(1);
    if (G.IsSlice)
      Count = F.getArg(Begin[G.No + 1]);
    for (unsigned Lane = 0; Lane < R.Width; ++Lane)
      Walk.emitAll(B, G.What, F.getArg(Begin[G.No]),
                   F.getArg(Begin[G.No] + 1 + Lane), Count);
  }
}

Value *withoutAbsentSeeds(IRBuilderBase &B, Value *Seed, Value *Result,
                          const DiffRequest &R) {
  const Module &M = *R.Primal->getParent();
  const DIType *T = hasRust(M) ? sourceResult(*R.Primal) : nullptr;
  if (!T || R.Width != 1 || !leadsToAbsentFloats({T, true}))
    return Seed;
  auto InMemory = [&](Value *V) {
    Value *Copy = B.CreateAlloca(V->getType());
    B.CreateStore(V, Copy);
    return Copy;
  };
  Value *SeedCopy = InMemory(Seed);
  SeedWalk(*B.GetInsertBlock()->getModule())
      .emitAll(B, {T, true}, InMemory(Result), SeedCopy, B.getInt64(1));
  return B.CreateLoad(Seed->getType(), SeedCopy);
}

} // namespace linkgrad
