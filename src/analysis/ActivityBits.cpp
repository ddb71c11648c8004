//===- ActivityBits.cpp - Arithmetic on the bits of floats ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program can take a float's bits, calculate with them as with an integer,
// and make a float of the result: an approximate logarithm or inverse square
// root. Such integers have no adjoint, and the type analysis rightly calls them
// integers. So they are followed here. Where one becomes a float again, that
// float is varied, and as nothing can be said of its derivative, an error.
//
// Comparisons end the way, and so does what leaves only sign and exponent: the
// result is piecewise constant.
//
//===----------------------------------------------------------------------===//

#include "analysis/ActivityAnalysis.h"
#include "analysis/GlobalActivity.h"
#include "analysis/GlobalBits.h"
#include "analysis/ValueKinds.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace linkgrad {

/// The number of bits of the fraction of a float of \p Bits bits (IEEE 754).
static unsigned fractionBits(unsigned Bits) {
  switch (Bits) {
  case 16:
    return 10;
  case 32:
    return 23;
  case 64:
    return 52;
  case 128:
    return 112;
  default:
    return Bits;
  }
}

/// True if of the bits of a float only sign and exponent are left.
static bool losesFraction(const Instruction &I) {
  const APInt *C;
  unsigned Bits = I.getType()->getScalarSizeInBits();
  if (match(&I, m_Shr(m_Value(), m_APInt(C))))
    return C->uge(fractionBits(Bits));
  return match(&I, m_And(m_Value(), m_APInt(C))) &&
         C->countr_zero() >= fractionBits(Bits);
}

/// True if \p I does more than to move bytes around, which takes packed structs
/// apart and puts them together.
static bool calculates(const Instruction &I) {
  if (isa<IntrinsicInst>(I))
    return true;
  auto *Op = dyn_cast<BinaryOperator>(&I);
  if (!Op || Op->getOpcode() == Instruction::Or)
    return false;
  const APInt *C;
  if (match(Op, m_Shift(m_Value(), m_APInt(C))))
    return C->urem(8) != 0;
  if (!match(Op, m_And(m_Value(), m_APInt(C))))
    return true;
  // Every byte is kept or cleared.
  for (unsigned Bit = 0; Bit + 8 <= C->getBitWidth(); Bit += 8)
    if (uint64_t Byte = C->extractBitsAsZExtValue(8, Bit); Byte && Byte != 255)
      return true;
  return false;
}

static bool isWideInteger(const Value &V) {
  return V.getType()->isIntOrIntVectorTy() &&
         V.getType()->getScalarSizeInBits() >= 8;
}

bool passesBitsOn(const Instruction &I) {
  return isa<BinaryOperator, CastInst, PHINode, SelectInst, FreezeInst,
             IntrinsicInst>(I) &&
         !isa<CmpIntrinsic>(I) && isWideInteger(I) && !losesFraction(I);
}

bool ActivityAnalysis::isSignOrExponent(const Instruction &I) {
  // No float is as small as what is left.
  return losesFraction(I) && I.getType()->getScalarSizeInBits() <= 64;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// How many calls deep functions are looked into.
static constexpr unsigned MaxDepth = 4;

static const Function *calleeWithBody(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  return F && !F->isDeclaration() ? F : nullptr;
}

using FunctionSet = SmallPtrSet<const Function *, 8>;
using ParameterSet = SmallPtrSet<const Argument *, 8>;

/// True if an integer that \p F returns may be calculated from a float's bits.
/// Each function is \p Visited once.
static bool returnsBits(const Function &F, FunctionSet &Visited,
                        unsigned Depth = 0) {
  if (!Visited.insert(&F).second)
    return false;
  SmallVector<const Value *, 8> Work;
  for (const BasicBlock &BB : F)
    if (auto *Ret = dyn_cast<ReturnInst>(BB.getTerminator()))
      Work.push_back(Ret->getReturnValue());
  SmallPtrSet<const Value *, 8> Seen;
  while (!Work.empty()) {
    auto *I = dyn_cast<Instruction>(Work.pop_back_val());
    if (!I || !isWideInteger(*I) || !Seen.insert(I).second)
      continue;
    if (auto *Call = dyn_cast<CallBase>(I); Call && !isa<IntrinsicInst>(I)) {
      const Function *Callee = calleeWithBody(*Call);
      if (Callee &&
          (Depth == MaxDepth || returnsBits(*Callee, Visited, Depth + 1)))
        return true;
    } else if (isa<BitCastInst>(I) &&
               I->getOperand(0)->getType()->isFPOrFPVectorTy()) {
      return true;
    } else if (passesBitsOn(*I)) {
      append_range(Work, I->operands());
    }
  }
  return false;
}

/// True if \p F may make a float of the bits that parameter \p No holds. Each
/// parameter is \p Visited once.
static bool takesBits(const Function &F, unsigned No, ParameterSet &Visited,
                      unsigned Depth = 0) {
  if (Depth == MaxDepth || No >= F.arg_size())
    return true;
  if (!Visited.insert(F.getArg(No)).second)
    return false;
  SmallVector<const Value *, 8> Work{F.getArg(No)};
  SmallPtrSet<const Value *, 8> Seen;
  while (!Work.empty())
    for (const Use &U : Work.pop_back_val()->uses()) {
      auto &I = *cast<Instruction>(U.getUser());
      if (!Seen.insert(&I).second)
        continue;
      if (passesBitsOn(I)) {
        Work.push_back(&I);
      } else if (auto *Call = dyn_cast<CallBase>(&I)) {
        const Function *Callee = calleeWithBody(*Call);
        if (Callee && Call->isArgOperand(&U) &&
            takesBits(*Callee, Call->getArgOperandNo(&U), Visited, Depth + 1))
          return true;
      } else if (I.getType()->isFPOrFPVectorTy() || isa<StoreInst>(I)) {
        return true;
      }
    }
  return false;
}

//===----------------------------------------------------------------------===//
// One function
//===----------------------------------------------------------------------===//

ActivityAnalysis::BitRange ActivityAnalysis::BitRange::hull(BitRange R) const {
  if (empty() || R.empty())
    return empty() ? R : *this;
  return {std::min(Begin, R.Begin), std::max(End, R.End)};
}

/// Where the floats are in the varied integer \p V, which may be a struct.
ActivityAnalysis::BitRange ActivityAnalysis::floatsIn(const Value &V) const {
  unsigned Width = V.getType()->getScalarSizeInBits();
  BitRange R;
  for (unsigned Bit = 0; Bit < Width && V.getType()->isIntegerTy(); Bit += 8)
    if (Kinds.types().valueType(V, Bit / 8).isFloat())
      R = R.hull({Bit, Bit + 8});
  return R.empty() ? BitRange{0, Width} : R;
}

/// Where the bits of floats in the result of \p I are. Carries are left aside:
/// what is added to one half of a packed struct does not reach the other.
ActivityAnalysis::BitRange
ActivityAnalysis::computeBits(const Instruction &I) const {
  if (!isWideInteger(I) ||
      isa<CmpInst, CmpIntrinsic, FPToSIInst, FPToUIInst, PtrToIntInst>(I))
    return {};
  unsigned Width = I.getType()->getScalarSizeInBits();
  auto AllIf = [&](bool Any) { return Any ? BitRange{0, Width} : BitRange(); };
  if (auto *Load = dyn_cast<LoadInst>(&I)) {
    if (isVaried(I))
      return floatsIn(I);
    auto It = Nodes.find(Load->getPointerOperand());
    return AllIf(It != Nodes.end() && ClassBits[find(It->second)]);
  }
  if (isa<BitCastInst>(I) && I.getOperand(0)->getType()->isFPOrFPVectorTy())
    return AllIf(isVaried(*I.getOperand(0)));
  if (auto *Call = dyn_cast<CallBase>(&I); Call && !isa<IntrinsicInst>(I)) {
    if (isVaried(I))
      return floatsIn(I);
    const Function *F = calleeWithBody(*Call);
    FunctionSet Visited;
    return AllIf(
        F &&
        any_of(Call->args(),
               [&](const Use &U) { return isVaried(*U) || carriesBits(*U); }) &&
        returnsBits(*F, Visited));
  }
  // What is only cut out of a varied integer is what the types say: a float, or
  // the integer beside it.
  BitRange R;
  bool FromVaried = calculates(I) || isVaried(I);
  for (const Use &U : I.operands())
    if (isWideInteger(*U) && (FromVaried || !isVaried(*U)))
      R = R.hull(isa<Argument>(U) && isVaried(*U) ? floatsIn(*U)
                                                  : Bits.lookup(U));
  if (R.empty() || losesFraction(I))
    return {};
  const APInt *C = nullptr;
  if (match(&I, m_Shl(m_Value(), m_APInt(C)))) {
    unsigned By = C->getLimitedValue(Width);
    return {R.Begin + By, std::min(R.End + By, Width)};
  }
  if (match(&I, m_Shr(m_Value(), m_APInt(C)))) {
    unsigned By = C->getLimitedValue(Width);
    return {R.Begin - std::min(R.Begin, By), R.End - std::min(R.End, By)};
  }
  if (match(&I, m_And(m_Value(), m_APInt(C))))
    return {std::max(R.Begin, C->countr_zero()),
            std::min(R.End, C->getActiveBits())};
  switch (I.getOpcode()) {
  case Instruction::Trunc:
    return {R.Begin, std::min(R.End, Width)};
  case Instruction::ZExt:
  case Instruction::And:
  case Instruction::Or:
  case Instruction::Xor:
  case Instruction::Add:
  case Instruction::Sub:
  case Instruction::PHI:
  case Instruction::Select:
  case Instruction::Freeze:
    return R;
  default:
    return {0, Width};
  }
}

bool ActivityAnalysis::visitBits(const Instruction &I) {
  BitRange New = computeBits(I);
  if (New.empty())
    return false;
  BitRange &Known = Bits[&I];
  BitRange Old = std::exchange(Known, Known.hull(New));
  return Old.empty() || Old.Begin != Known.Begin || Old.End != Known.End;
}

/// True if \p V was calculated from an integer in memory that has a shadow and
/// that no declaration calls an integer: it may be there as a float.
static bool mayCarryBits(const Value &V, const ActivityAnalysis &Activities) {
  constexpr unsigned MaxValues = 64;
  SmallVector<std::pair<const Value *, bool>, 8> Work{{&V, false}};
  SmallPtrSet<const Value *, 8> Seen;
  while (!Work.empty() && Seen.size() < MaxValues) {
    auto [At, Calculated] = Work.pop_back_val();
    auto *I = dyn_cast<Instruction>(At);
    if (!I || !isWideInteger(*I) || !Seen.insert(I).second)
      continue;
    if (auto *Load = dyn_cast<LoadInst>(I)) {
      if (Calculated && !Load->getMetadata(LLVMContext::MD_tbaa) &&
          Activities.hasShadow(*Load->getPointerOperand()))
        return true;
    } else if (passesBitsOn(*I)) {
      for (const Use &Op : I->operands())
        Work.push_back({Op, Calculated || calculates(*I)});
    }
  }
  return false;
}

/// True if the memory that \p Store writes to may be read as floats.
static bool writesFloat(const StoreInst &Store, const TypeTrees &Types) {
  uint64_t Size = Store.getDataLayout().getTypeStoreSize(
      Store.getValueOperand()->getType());
  auto Layout = Types.layoutBehind(*Store.getPointerOperand(), Size, Store);
  return !Layout || Layout->hasFloats() ||
         Types.beginsWithFloat(*Store.getPointerOperand(), Size);
}

/// True if \p Ptr may point to where other functions make floats of integers:
/// into a global variable, or to what its pointers lead to.
bool ActivityAnalysis::isMadeFloatElsewhere(const Value &Ptr) const {
  if (isa<Constant>(Ptr)) {
    auto *G =
        dyn_cast<GlobalVariable>(getUnderlyingObject(&Ptr, /*MaxLookup=*/0));
    return G && isMadeFloatOf(*G);
  }
  auto It = Nodes.find(&Ptr);
  return It != Nodes.end() && any_of(Nodes, [&](const auto &Other) {
           auto *G = dyn_cast<GlobalVariable>(Other.first);
           return G && isMadeFloatOf(*G) &&
                  find(Other.second) == find(It->second);
         });
}

bool ActivityAnalysis::becomesFloatElsewhere(const StoreInst &Store) const {
  const Value &V = *Store.getValueOperand();
  return (carriesBits(V) ||
          (isVaried(V) && isWideInteger(V) && !Kinds.adjointType(V))) &&
         isMadeFloatElsewhere(*Store.getPointerOperand());
}

bool ActivityAnalysis::becomesFloat(const Instruction &I) const {
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return becomesFloatElsewhere(*Store) ||
           (carriesBits(*Store->getValueOperand()) &&
            writesFloat(*Store, Kinds.types()));
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    const Function *F = calleeWithBody(*Call);
    ParameterSet Visited;
    return F && any_of(Call->args(), [&](const Use &U) {
             return carriesBits(*U) &&
                    takesBits(*F, Call->getArgOperandNo(&U), Visited);
           });
  }
  if (!I.getType()->isFPOrFPVectorTy() ||
      !isa<BitCastInst, SIToFPInst, UIToFPInst>(I))
    return false;
  const Value &From = *I.getOperand(0);
  return carriesBits(From) ||
         (isa<BitCastInst>(I) && mayCarryBits(From, *this));
}

/// What is stored makes the memory a place of such integers; if it may be read
/// as a float, the memory is active.
bool ActivityAnalysis::keepBits(const StoreInst &Store) {
  const Value &Ptr = *Store.getPointerOperand();
  if (!carriesBits(*Store.getValueOperand()) || isNeutral(Ptr))
    return false;
  bool New = !std::exchange(ClassBits[find(node(Ptr))], true);
  return (becomesFloat(Store) && activate(Ptr)) || New;
}

} // namespace linkgrad
