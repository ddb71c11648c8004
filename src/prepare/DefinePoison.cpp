//===- DefinePoison.cpp - Values where there were none --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Optimisers compute with elements that nobody uses: <p0 * p1, p1 * poison> and
// then element 0. The adjoint of the other element is 0, and the product rule
// multiplies it by the poison: 0 * poison is poison, and the optimiser may take
// the sum in which it lands for anything. In the primal such an element can be
// any number, so it gets one that no function has an infinite value at. Where
// it is one of a shuffle's it comes from a constant, so that no adjoint flows
// back either.
//
//===----------------------------------------------------------------------===//

#include "prepare/DefinePoison.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;

namespace linkgrad {

/// The number for elements of type \p T.
static Constant *filler(Type *T) {
  return T->isFPOrFPVectorTy() ? ConstantFP::get(T, 1.0)
                               : Constant::getNullValue(T);
}

/// \p C with numbers in place of what is not defined.
static Constant *defined(Constant *C) {
  Type *T = C->getType();
  if (PatternMatch::match(C, PatternMatch::m_Undef()))
    return filler(T); // Also of undefined elements of different kinds.
  return isa<FixedVectorType>(T) && C->containsUndefOrPoisonElement()
             ? Constant::replaceUndefsWith(C, filler(T->getScalarType()))
             : C;
}

/// Integers can hold floats' bits in vectors only as far as this matters:
/// elements of those are computed without being used.
static bool isFilled(const Type *T) {
  return T->isFloatingPointTy() ||
         (isa<FixedVectorType>(T) && !T->getScalarType()->isPointerTy());
}

/// Elements that come from nowhere come from a constant instead.
static void defineElements(ShuffleVectorInst &Shuffle) {
  ArrayRef<int> Mask = Shuffle.getShuffleMask();
  Type *T = Shuffle.getType();
  if (!isa<FixedVectorType>(T) || !is_contained(Mask, PoisonMaskElem))
    return;
  IRBuilder<> B(Shuffle.getParent(), std::next(Shuffle.getIterator()));
  int Size = Mask.size();
  SmallVector<int, 8> Blend;
  for (int I = 0; I < Size; ++I)
    Blend.push_back(Mask[I] == PoisonMaskElem ? Size + I : I);
  auto *Filled = cast<Instruction>(
      B.Insert(new ShuffleVectorInst(&Shuffle, filler(T), Blend)));
  Shuffle.replaceUsesWithIf(
      Filled, [&](const Use &U) { return U.getUser() != Filled; });
  // No element of the inner one is undefined either.
  SmallVector<int, 8> Inner;
  for (int M : Mask)
    Inner.push_back(std::max(M, 0));
  Shuffle.setShuffleMask(Inner);
}

void definePoison(Function &F) {
  SmallVector<ShuffleVectorInst *, 8> Shuffles;
  for (Instruction &I : instructions(F)) {
    if (auto *Shuffle = dyn_cast<ShuffleVectorInst>(&I))
      Shuffles.push_back(Shuffle);
    // Arguments that the optimiser dropped are looked for later.
    if (isa<CallBase>(I) && !isa<IntrinsicInst>(I))
      continue;
    for (Use &U : I.operands())
      if (auto *C = dyn_cast<Constant>(U); C && isFilled(C->getType()))
        U = defined(C);
  }
  for (ShuffleVectorInst *Shuffle : Shuffles)
    defineElements(*Shuffle);
}

} // namespace linkgrad
