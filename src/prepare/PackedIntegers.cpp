//===- PackedIntegers.cpp - Integers that are structs ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/PackedIntegers.h"
#include "request/Scalars.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace linkgrad {

//===----------------------------------------------------------------------===//
// Floats in an integer
//===----------------------------------------------------------------------===//

/// The bytes by which \p I shifts its operand up, if they are whole.
static std::optional<int> shiftedBytes(const Instruction &I) {
  auto *Amount = dyn_cast<ConstantInt>(I.getOperand(1));
  if (!Amount || Amount->getZExtValue() % 8 != 0)
    return std::nullopt;
  int Bytes = Amount->getZExtValue() / 8;
  return I.getOpcode() == Instruction::Shl ? Bytes : -Bytes;
}

void FloatFinder::add(Type &Float, int Offset, unsigned Size) {
  if (Offset < 0 || Offset + Size > T.getBitWidth() / 8)
    return;
  auto [It, New] = Floats.try_emplace(Offset, &Float);
  Conflict |= It->second != &Float;
}

/// A bit cast between the integer and \p Cast is at byte \p At.
void FloatFinder::addFloats(Type &Cast, int At, const Instruction &I) {
  const DataLayout &DL = I.getDataLayout();
  if (auto List = scalarsOf(&Cast, DL))
    for (const Scalar &S : *List)
      if (S.Ty->isFloatingPointTy())
        add(*S.Ty, At + S.Offset, DL.getTypeStoreSize(S.Ty));
}

/// The integer is stored to or loaded from \p Ptr. A variable's type tells what
/// unoptimised code keeps there.
void FloatFinder::addMemory(const Value &Ptr, int At,
                            const Instruction &Access) {
  const DataLayout &DL = Access.getDataLayout();
  int64_t Offset = 0;
  auto *Variable =
      dyn_cast<AllocaInst>(GetPointerBaseWithConstantOffset(&Ptr, Offset, DL));
  if (!Variable)
    return;
  if (auto List = scalarsOf(Variable->getAllocatedType(), DL))
    for (const Scalar &S : *List)
      if (S.Ty->isFloatingPointTy())
        add(*S.Ty, At + int(S.Offset) - int(Offset), DL.getTypeStoreSize(S.Ty));
}

/// Whether \p V, shifted by \p At bytes, has any of the integer's bytes. Where
/// a loop shifts on and on, this is what ends the search.
bool FloatFinder::overlaps(const Value &V, int At) const {
  auto Bytes = [](const Type &T) -> int {
    return divideCeil(T.getPrimitiveSizeInBits().getKnownMinValue(), 8);
  };
  Type &Ty = *V.getType();
  // An aggregate holds the integer, as it is.
  return At < Bytes(T) && (Ty.isAggregateType() || At + Bytes(Ty) > 0);
}

void FloatFinder::followUses(const Value &V, int At) {
  if (overlaps(V, At) && SeenUses.insert({&V, At}).second)
    for (const Use &U : V.uses())
      followUser(V, U, At);
}

void FloatFinder::followUser(const Value &V, const Use &U, int At) {
  auto *I = dyn_cast<Instruction>(U.getUser());
  if (!I)
    return;
  switch (I->getOpcode()) {
  case Instruction::BitCast:
    return addFloats(*I->getType(), At, *I);
  case Instruction::Shl:
  case Instruction::LShr:
    if (auto Bytes = shiftedBytes(*I); Bytes && U.getOperandNo() == 0)
      followUses(*I, At - *Bytes);
    return;
  case Instruction::Trunc:
  case Instruction::ZExt:
  case Instruction::And:
  case Instruction::Or:
  case Instruction::Freeze:
  case Instruction::PHI:
    return followUses(*I, At);
  case Instruction::Select:
    if (U.getOperandNo() != 0)
      followUses(*I, At);
    return;
  case Instruction::Store:
    if (U.getOperandNo() == 0)
      addMemory(*cast<StoreInst>(I)->getPointerOperand(), At, *I);
    return;
  case Instruction::Call:
  case Instruction::Invoke: {
    auto *Call = cast<CallBase>(I);
    const Function *Callee = Call->getCalledFunction();
    if (Callee && !Callee->isDeclaration() && Call->isArgOperand(&U) &&
        Call->getArgOperandNo(&U) < Callee->arg_size())
      followUses(*Callee->getArg(Call->getArgOperandNo(&U)), At);
    return;
  }
  default:
    return;
  }
}

void FloatFinder::followResults(const Function &F, ArrayRef<unsigned> Indices,
                                int At) {
  for (const BasicBlock &BB : F)
    if (auto *Return = dyn_cast<ReturnInst>(BB.getTerminator()))
      if (Value *V = Return->getReturnValue())
        followField(*V, Indices, At);
}

/// The field of the aggregate \p V, or \p V itself.
void FloatFinder::followField(Value &V, ArrayRef<unsigned> Indices, int At) {
  if (Indices.empty())
    return followOrigin(V, At);
  if (Value *Field = FindInsertedValue(&V, Indices))
    return followOrigin(*Field, At);
  auto *Call = dyn_cast<CallBase>(&V);
  const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
  if (Callee && SeenOrigins.insert({&V, At}).second)
    followResults(*Callee, Indices, At);
}

void FloatFinder::followOrigin(const Value &V, int At) {
  if (isa<Argument>(V))
    return followUses(V, At); // As far as its own function knows it.
  auto *I = dyn_cast<Instruction>(&V);
  if (!I || !overlaps(V, At) || !SeenOrigins.insert({&V, At}).second)
    return;
  switch (I->getOpcode()) {
  case Instruction::BitCast:
    return addFloats(*I->getOperand(0)->getType(), At, *I);
  case Instruction::Shl:
  case Instruction::LShr:
    if (auto Bytes = shiftedBytes(*I))
      followOrigin(*I->getOperand(0), At + *Bytes);
    return;
  case Instruction::Trunc:
  case Instruction::ZExt:
  case Instruction::Freeze:
    return followOrigin(*I->getOperand(0), At);
  case Instruction::And:
  case Instruction::Or:
  case Instruction::PHI:
  case Instruction::Select:
    for (const Use &U : I->operands())
      if (U->getType() == I->getType())
        followOrigin(*U, At);
    return;
  case Instruction::Load:
    return addMemory(*cast<LoadInst>(I)->getPointerOperand(), At, *I);
  case Instruction::Call:
  case Instruction::Invoke:
    if (const Function *Callee = cast<CallBase>(I)->getCalledFunction())
      followResults(*Callee, {}, At);
    return;
  case Instruction::ExtractValue:
    if (auto *Call = dyn_cast<CallBase>(I->getOperand(0)))
      if (const Function *Callee = Call->getCalledFunction())
        followResults(*Callee, cast<ExtractValueInst>(I)->getIndices(), At);
    return;
  default:
    return;
  }
}

Pieces FloatFinder::pieces() const {
  Pieces Result;
  unsigned End = 0, Size = T.getBitWidth() / 8;
  LLVMContext &C = T.getContext();
  if (Conflict || Floats.empty() || T.getBitWidth() % 8 != 0)
    return {};
  for (auto [Offset, Float] : Floats) {
    if (Offset < End)
      return {};
    if (Offset > End)
      Result.push_back({End, IntegerType::get(C, (Offset - End) * 8)});
    Result.push_back({Offset, Float});
    End = Offset + Float->getPrimitiveSizeInBits() / 8;
  }
  if (End < Size)
    Result.push_back({End, IntegerType::get(C, (Size - End) * 8)});
  return Result;
}

//===----------------------------------------------------------------------===//
// Taking apart and putting together
//===----------------------------------------------------------------------===//

SmallVector<Value *, 4> splitInteger(IRBuilderBase &B, Value *V,
                                     ArrayRef<Piece> P) {
  SmallVector<Value *, 4> Parts;
  for (const Piece &Part : P) {
    Value *Bits = Part.Offset ? B.CreateLShr(V, Part.Offset * 8) : V;
    Bits = B.CreateTrunc(Bits, B.getIntNTy(Part.Ty->getPrimitiveSizeInBits()));
    Parts.push_back(B.CreateBitCast(Bits, Part.Ty));
  }
  return Parts;
}

Value *joinInteger(IRBuilderBase &B, ArrayRef<Value *> Parts, Type *T,
                   ArrayRef<Piece> P) {
  Value *Whole = nullptr;
  for (auto [V, Part] : zip_equal(Parts, P)) {
    Value *Bits =
        B.CreateBitCast(V, B.getIntNTy(Part.Ty->getPrimitiveSizeInBits()));
    Bits = B.CreateZExt(Bits, T);
    if (Part.Offset)
      Bits = B.CreateShl(Bits, Part.Offset * 8);
    Whole = Whole ? B.CreateOr(Whole, Bits, "", true) : Bits;
  }
  return Whole;
}

} // namespace linkgrad
