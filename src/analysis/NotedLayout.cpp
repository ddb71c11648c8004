//===- NotedLayout.cpp - What copies move, by unoptimised code ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/NotedLayout.h"
#include "analysis/MemoryOperands.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

/// The length of the copy or 0 if it is not constant, the stride, and of each
/// range its begin, end, kind, and type if it is a float.
static constexpr StringLiteral LayoutMD = "linkgrad.layout";

static MDNode *write(uint64_t Length, const MemoryLayout &Layout,
                     LLVMContext &C) {
  auto Number = [&](uint64_t N) {
    return ConstantAsMetadata::get(ConstantInt::get(Type::getInt64Ty(C), N));
  };
  SmallVector<Metadata *, 8> Words = {Number(Length), Number(Layout.Stride)};
  for (const TypedRange &R : Layout.Ranges) {
    Type *Float = R.Type.FloatType;
    Words.append(
        {Number(R.Begin), Number(R.End), Number(R.Type.K),
         Float ? ConstantAsMetadata::get(PoisonValue::get(Float)) : nullptr});
  }
  return MDNode::get(C, Words);
}

std::optional<MemoryLayout> notedLayout(const Instruction &At) {
  const MDNode *Node = At.getMetadata(LayoutMD);
  if (!Node)
    return std::nullopt;
  auto Number = [&](unsigned I) {
    return mdconst::extract<ConstantInt>(Node->getOperand(I))->getZExtValue();
  };
  // Of what LLVM has shortened the beginning may be gone.
  uint64_t Length = Number(0);
  if (Length && MemoryOperands(cast<CallBase>(At)).constantLength() != Length)
    return std::nullopt;
  MemoryLayout Layout;
  Layout.Stride = Number(1);
  for (unsigned I = 2; I < Node->getNumOperands(); I += 4) {
    auto *Float = mdconst::extract_or_null<Constant>(Node->getOperand(I + 3));
    Layout.Ranges.push_back({Number(I),
                             Number(I + 1),
                             {ConcreteType::Kind(Number(I + 2)),
                              Float ? Float->getType() : nullptr}});
  }
  return Layout;
}

void noteLayouts(Function &F) {
  SmallVector<AnyMemTransferInst *, 8> Copies;
  for (Instruction &I : instructions(F)) {
    if (I.hasMetadata(LLVMContext::MD_tbaa))
      return;
    if (auto *Copy = dyn_cast<AnyMemTransferInst>(&I))
      Copies.push_back(Copy);
  }
  if (Copies.empty())
    return;
  TypeTrees Types(F);
  for (AnyMemTransferInst *Copy : Copies) {
    MemoryOperands Ops(*Copy);
    auto Layout = Types.memoryBehind(*Ops.Dst, Ops.constantLength(), *Copy);
    if (Layout)
      Copy->setMetadata(LayoutMD, write(Ops.constantLength().value_or(0),
                                        *Layout, F.getContext()));
    else
      consumeError(Layout.takeError());
  }
}

} // namespace linkgrad
