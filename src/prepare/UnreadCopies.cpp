//===- UnreadCopies.cpp - Copies of what nobody reads ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/UnreadCopies.h"
#include "rules/Allocations.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// Bytes [Begin, End) of an object.
struct Piece {
  uint64_t Begin, End;
};
using Pieces = SmallVector<Piece, 8>;

/// What is read of a local object, if all of its uses are known.
class ReadPieces {
public:
  explicit ReadPieces(const Instruction &Object)
      : DL(Object.getDataLayout()), Known(visitUses(Object, 0)) {}

  /// What is read of \p Whole, in order; nothing if that is not known.
  std::optional<Pieces> within(Piece Whole);

private:
  bool visitUses(const Value &Ptr, uint64_t Offset);
  bool visitUse(const Use &U, uint64_t Offset);
  bool visitCall(const CallBase &Call, const Use &U, uint64_t Offset);

  const DataLayout &DL;
  unsigned Budget = 256; ///< of uses
  Pieces Read;
  const bool Known;
};

} // namespace

/// \p Ptr is \p Offset bytes behind the beginning of the object.
bool ReadPieces::visitUses(const Value &Ptr, uint64_t Offset) {
  return all_of(Ptr.uses(), [&](const Use &U) {
    return Budget-- != 0 && visitUse(U, Offset);
  });
}

bool ReadPieces::visitUse(const Use &U, uint64_t Offset) {
  const User *By = U.getUser();
  if (auto *GEP = dyn_cast<GetElementPtrInst>(By)) {
    APInt More(DL.getIndexTypeSizeInBits(GEP->getType()), Offset);
    return U.getOperandNo() == 0 && GEP->accumulateConstantOffset(DL, More) &&
           More.isNonNegative() && visitUses(*GEP, More.getZExtValue());
  }
  if (auto *Load = dyn_cast<LoadInst>(By)) {
    TypeSize Size = DL.getTypeStoreSize(Load->getType());
    if (Size.isScalable())
      return false;
    Read.push_back({Offset, Offset + Size.getFixedValue()});
    return true;
  }
  if (auto *Store = dyn_cast<StoreInst>(By))
    return U.getOperandNo() == Store->getPointerOperandIndex();
  if (auto *Compare = dyn_cast<ICmpInst>(By))
    return isa<ConstantPointerNull>(Compare->getOperand(1));
  auto *Call = dyn_cast<CallBase>(By);
  return Call && visitCall(*Call, U, Offset);
}

bool ReadPieces::visitCall(const CallBase &Call, const Use &U,
                           uint64_t Offset) {
  if (auto *Copy = dyn_cast<AnyMemTransferInst>(&Call)) {
    auto *Length = dyn_cast<ConstantInt>(Copy->getLength());
    if (&U == &Copy->getRawSourceUse()) {
      if (!Length)
        return false;
      Read.push_back({Offset, Offset + Length->getZExtValue()});
    }
    return true;
  }
  if (isa<AnyMemSetInst>(Call) || Call.isLifetimeStartOrEnd())
    return true;
  const Function *Callee = Call.getCalledFunction();
  return Callee && isFreeFunction(*Callee) && &U == &Call.getArgOperandUse(0);
}

std::optional<Pieces> ReadPieces::within(Piece Whole) {
  if (!Known)
    return std::nullopt;
  Pieces Parts;
  llvm::sort(Read, [](const Piece &A, const Piece &B) {
    return std::tie(A.Begin, A.End) < std::tie(B.Begin, B.End);
  });
  for (Piece P : Read) {
    P.Begin = std::max(P.Begin, Whole.Begin);
    P.End = std::min(P.End, Whole.End);
    if (P.Begin >= P.End)
      continue;
    if (!Parts.empty() && P.Begin <= Parts.back().End)
      Parts.back().End = std::max(Parts.back().End, P.End);
    else
      Parts.push_back(P);
  }
  return Parts;
}

/// The variable or fresh memory that \p Ptr leads into, and where.
static std::pair<Instruction *, uint64_t> localObject(Value &Ptr,
                                                      const DataLayout &DL) {
  APInt Offset(DL.getIndexTypeSizeInBits(Ptr.getType()), 0);
  Value *Base = Ptr.stripAndAccumulateConstantOffsets(
      DL, Offset, /*AllowNonInbounds=*/true);
  auto *Call = dyn_cast<CallBase>(Base);
  bool Local = isa<AllocaInst>(Base) ||
               (Call && Call->returnDoesNotAlias() && getAllocationInfo(*Call));
  if (!Local || Offset.isNegative())
    return {nullptr, 0};
  return {cast<Instruction>(Base), Offset.getZExtValue()};
}

/// Copies \p Parts of what \p Copy copies, whose destination is \p Begin bytes
/// behind the beginning of the object.
static void emitParts(MemTransferInst &Copy, ArrayRef<Piece> Parts,
                      uint64_t Begin) {
  IRBuilder<> B(&Copy);
  for (const Piece &P : Parts) {
    uint64_t At = P.Begin - Begin;
    auto Behind = [&](Value *Ptr) {
      return At ? B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Ptr, At) : Ptr;
    };
    Value *Dst = Behind(Copy.getRawDest()), *Src = Behind(Copy.getRawSource());
    Align DstAlign = commonAlignment(Copy.getDestAlign().valueOrOne(), At),
          SrcAlign = commonAlignment(Copy.getSourceAlign().valueOrOne(), At);
    uint64_t Size = P.End - P.Begin;
    CallInst *Part = isa<MemMoveInst>(Copy)
                         ? B.CreateMemMove(Dst, DstAlign, Src, SrcAlign, Size)
                         : B.CreateMemCpy(Dst, DstAlign, Src, SrcAlign, Size);
    Part->setAAMetadata(Copy.getAAMetadata().shift(At));
  }
}

bool trimCopies(Function &F) {
  // A copy that falls to pieces is a table, most likely.
  constexpr size_t MaxPieces = 8;
  const DataLayout &DL = F.getDataLayout();
  bool Changed = false;
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Copy = dyn_cast<MemTransferInst>(&I);
    auto *Length = Copy ? dyn_cast<ConstantInt>(Copy->getLength()) : nullptr;
    if (!Length || Copy->isVolatile() || Copy->hasMetadata(MovedObjectMD))
      continue;
    auto [Object, Begin] = localObject(*Copy->getRawDest(), DL);
    if (!Object)
      continue;
    Piece Whole{Begin, Begin + Length->getZExtValue()};
    std::optional<Pieces> Parts = ReadPieces(*Object).within(Whole);
    // One part of an overlapping copy may write what another reads.
    if (!Parts || Parts->size() > (isa<MemMoveInst>(Copy) ? 1 : MaxPieces) ||
        (Parts->size() == 1 && Parts->front().Begin == Whole.Begin &&
         Parts->front().End == Whole.End))
      continue;
    emitParts(*Copy, *Parts, Begin);
    Copy->eraseFromParent();
    Changed = true;
  }
  return Changed;
}

} // namespace linkgrad
