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

static SmallVector<Given, 4> givenMemory(const DiffRequest &R, RustGap Gap) {
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
  erase_if(All, [&](const Given &G) { return !mayLeadTo(G.What, Gap); });
  return All;
}

Error checkAbsentSeeds(const DiffRequest &R) {
  for (const Given &G : givenMemory(R, RustGap::Absent)) {
    const DIType *T = hiddenAbsentFloats(G.What);
    if (!T && !G.IsKnown && leadsTo(G.What, RustGap::Absent))
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
  SeedWalk(Module &M, RustGap Gap) : M(M), Gap(Gap) {}

  /// Clears behind \p Shadow the bytes for floats that \p Count values at
  /// \p Primal have not. For spare room the shadow alone counts, which is both.
  void emitAll(IRBuilderBase &B, RustPlace What, Value *Primal, Value *Shadow,
               Value *Count);

private:
  Function *walker(RustPlace What);
  void define(Function &F, RustPlace What);
  void emitEnum(IRBuilderBase &B, const RustEnum &E, Value *Primal,
                Value *Shadow);
  void emitPart(IRBuilderBase &B, const RustPart &Part, Value *Primal,
                Value *Shadow);
  void emitBuckets(IRBuilderBase &B, const RustPart &Part, Value *Primal,
                   Value *Shadow);
  Value *mayFollow(IRBuilderBase &B, Value *Primal, Value *Shadow);

  Module &M;
  RustGap Gap;
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

/// Calls \p Emit in a loop, with a number below \p Count.
template <class T>
static void emitLoop(IRBuilderBase &B, Value *Count, T Emit) {
  emitIf(B, B.CreateICmpNE(Count, B.getInt64(0)), [&] {
    auto [Body, I] =
        SplitBlockAndInsertSimpleForLoop(Count, B.GetInsertPoint());
    B.SetInsertPoint(Body);
    Emit(I);
  });
}

static Value *load(IRBuilderBase &B, Type *T, Value *Base, uint64_t Offset) {
  return B.CreateAlignedLoad(T, at(B, Base, Offset), Align(1));
}

/// Of a VecDeque the elements may go on at the beginning of its memory.
static void emitRoom(IRBuilderBase &B, const RustRoom &Room, Value *Shadow) {
  auto Integer = [&](uint64_t Offset) {
    return load(B, B.getInt64Ty(), Shadow, Offset);
  };
  Value *Memory = load(B, B.getPtrTy(), Shadow, Room.Pointer);
  Value *Size = B.getInt64(Room.ElementSize);
  auto Clear = [&](Value *Begin, Value *End) {
    emitIf(B, B.CreateICmpULT(Begin, End), [&] {
      B.CreateMemSet(B.CreatePtrAdd(Memory, B.CreateMul(Begin, Size)),
                     B.getInt8(0), B.CreateMul(B.CreateSub(End, Begin), Size),
                     Align(1));
    });
  };
  Value *End = Integer(Room.Length), *Capacity = Integer(Room.Capacity);
  if (!Room.Head)
    return Clear(End, Capacity);
  Value *Head = Integer(*Room.Head);
  End = B.CreateAdd(Head, End);
  Value *GoesOn = B.CreateICmpUGT(End, Capacity);
  Clear(B.CreateSelect(GoesOn, B.CreateSub(End, Capacity), End),
        B.CreateSelect(GoesOn, Head, Capacity));
  Clear(B.getInt64(0), B.CreateSelect(GoesOn, B.getInt64(0), Head));
}

void SeedWalk::emitAll(IRBuilderBase &B, RustPlace What, Value *Primal,
                       Value *Shadow, Value *Count) {
  if (!leadsTo(What, Gap))
    return;
  Function *Each = walker(What);
  uint64_t Size = What.T->getSizeInBits() / 8;
  auto *Known = dyn_cast<ConstantInt>(Count);
  if (Known && Known->isOne()) {
    B.CreateCall(Each, {Primal, Shadow});
    return;
  }
  emitLoop(B, Count, [&](Value *I) {
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
      GlobalValue::InternalLinkage,
      Gap == RustGap::Absent ? "linkgrad.absent" : "linkgrad.spare", M);
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
  if (auto Room = spareRoom(What); Room && Gap == RustGap::Spare)
    emitRoom(B, *Room, Shadow);
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
    if (V.Content.What.IsMutable && Gap == RustGap::Absent)
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
Value *SeedWalk::mayFollow(IRBuilderBase &B, Value *Primal, Value *Shadow) {
  constexpr uint64_t FirstPage = 4096;
  Value *IsAddress = B.CreateICmpUGE(B.CreatePtrToInt(Shadow, B.getInt64Ty()),
                                     B.getInt64(FirstPage));
  return Gap == RustGap::Spare
             ? IsAddress
             : B.CreateAnd(IsAddress, B.CreateICmpNE(Primal, Shadow));
}

/// The shadow has its values in the same buckets, if it is a clone.
void SeedWalk::emitBuckets(IRBuilderBase &B, const RustPart &Part,
                           Value *Primal, Value *Shadow) {
  auto Last = [&](Value *Of) {
    return load(B, B.getInt64Ty(), Of, Part.LengthOffset);
  };
  Value *To = load(B, B.getPtrTy(), Primal, Part.Offset);
  Value *ToShadow = load(B, B.getPtrTy(), Shadow, Part.Offset);
  Value *Follows = B.CreateAnd(mayFollow(B, To, ToShadow),
                               B.CreateICmpEQ(Last(Primal), Last(Shadow)));
  emitIf(B, Follows, [&] {
    emitLoop(B, B.CreateAdd(Last(Primal), B.getInt64(1)), [&](Value *I) {
      Value *Control = B.CreateLoad(B.getInt8Ty(), B.CreatePtrAdd(To, I));
      emitIf(B, B.CreateICmpSGE(Control, B.getInt8(0)), [&] {
        Value *Size = B.getInt64(Part.What.T->getSizeInBits() / 8);
        Value *Offset =
            B.CreateNeg(B.CreateMul(B.CreateAdd(I, B.getInt64(1)), Size));
        emitAll(B, Part.What, B.CreatePtrAdd(To, Offset),
                B.CreatePtrAdd(ToShadow, Offset), B.getInt64(1));
      });
    });
  });
}

void SeedWalk::emitPart(IRBuilderBase &B, const RustPart &Part, Value *Primal,
                        Value *Shadow) {
  // What the shadow shares with the primal, or others, can be in use.
  if (!leadsTo(Part.What, Gap) || (Gap == RustGap::Spare && Part.IsShared))
    return;
  if (Part.K == RustPart::Members)
    return emitAll(B, Part.What, at(B, Primal, Part.Offset),
                   at(B, Shadow, Part.Offset), B.getInt64(Part.Count));
  if (Part.K == RustPart::Buckets)
    return emitBuckets(B, Part, Primal, Shadow);
  Value *To = load(B, B.getPtrTy(), Primal, Part.Offset);
  Value *ToShadow = load(B, B.getPtrTy(), Shadow, Part.Offset);
  Value *Count = B.getInt64(1);
  if (Part.K == RustPart::Elements) {
    auto Length = [&](Value *Of) {
      return load(B, B.getInt64Ty(), Of, Part.LengthOffset);
    };
    // The shadow can be shorter where the primal uses less.
    Count = B.CreateBinaryIntrinsic(Intrinsic::umin, Length(Primal),
                                    Length(Shadow));
    // Where the primal has moved the pointer to new memory, the shadow has no
    // integers.
    if (Part.RoomOffset) {
      Value *Room = load(B, B.getInt64Ty(), Shadow, *Part.RoomOffset);
      Count = B.CreateSelect(B.CreateIsNull(Room), Length(Primal), Count);
    }
  }
  emitIf(B, mayFollow(B, To, ToShadow),
         [&] { emitAll(B, Part.What, To, ToShadow, Count); });
}

static void emit(IRBuilderBase &B, Function &F, const DiffRequest &R,
                 RustGap Gap) {
  SeedWalk Walk(*F.getParent(), Gap);
  SmallVector<unsigned, 8> Begin; // Of each parameter of the primal in F.
  unsigned Next = 0;
  for (Activity A : R.Args) {
    Begin.push_back(Next);
    Next += 1 + (isDup(A) ? R.Width : 0);
  }
  for (const Given &G : givenMemory(R, Gap)) {
    if (!G.IsKnown)
      continue;
    Value *Count = B.getInt64(1);
    if (G.IsSlice)
      Count = F.getArg(Begin[G.No + 1]);
    for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
      Value *Shadow = F.getArg(Begin[G.No] + 1 + Lane);
      Walk.emitAll(B, G.What,
                   Gap == RustGap::Spare ? Shadow : F.getArg(Begin[G.No]),
                   Shadow, Count);
    }
  }
}

void emitSpareSeeds(IRBuilderBase &B, Function &F, const DiffRequest &R) {
  emit(B, F, R, RustGap::Spare);
}

void emitAbsentSeeds(IRBuilderBase &B, Function &F, const DiffRequest &R) {
  emit(B, F, R, RustGap::Absent);
}

Value *withoutAbsentSeeds(IRBuilderBase &B, Value *Seed, Value *Result,
                          const DiffRequest &R) {
  const Module &M = *R.Primal->getParent();
  const DIType *T = hasRust(M) ? sourceResult(*R.Primal) : nullptr;
  if (!T || R.Width != 1 || !leadsTo({T, true}, RustGap::Absent))
    return Seed;
  auto InMemory = [&](Value *V) {
    Value *Copy = B.CreateAlloca(V->getType());
    B.CreateStore(V, Copy);
    return Copy;
  };
  Value *SeedCopy = InMemory(Seed);
  SeedWalk(*B.GetInsertBlock()->getModule(), RustGap::Absent)
      .emitAll(B, {T, true}, InMemory(Result), SeedCopy, B.getInt64(1));
  return B.CreateLoad(Seed->getType(), SeedCopy);
}

} // namespace linkgrad
