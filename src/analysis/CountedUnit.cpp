//===- CountedUnit.cpp - What the length of a copy counts -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/CountedUnit.h"
#include "rules/Allocations.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"
#include "llvm/IR/PatternMatch.h"
#include <numeric>

using namespace llvm;
using namespace llvm::PatternMatch;

namespace linkgrad {

/// Nobody asks for more.
static constexpr int64_t MaxFactor = 1 << 24;

/// The number of bytes that \p Call copies or allocates; null if it does not,
/// or they are a product.
static const Value *countedBytes(const CallBase &Call) {
  if (auto *Copy = dyn_cast<MemTransferInst>(&Call))
    return Copy->getLength();
  const Function *Callee = Call.getCalledFunction();
  if (!Callee || !isAllocatorName(Callee->getName()))
    return nullptr;
  auto Info = getAllocationInfo(Call);
  return Info && !Info->CountOperand ? Call.getArgOperand(Info->SizeOperand)
                                     : nullptr;
}

/// What \p Difference is divided by without remainder somewhere, or counts as
/// the length of a copy or an allocation, else 1.
static int64_t exactDivisor(const Value &Difference) {
  int64_t Divisor = 1;
  for (const User *U : Difference.users()) {
    const APInt *C;
    if (auto *Call = dyn_cast<CallBase>(U);
        Call && countedBytes(*Call) == &Difference)
      Divisor = std::max(Divisor, notedUnit(*Call));
    auto *Quotient = dyn_cast<PossiblyExactOperator>(U);
    if (!Quotient || !Quotient->isExact() ||
        !match(Quotient->getOperand(1), m_APInt(C)) ||
        !C->isStrictlyPositive() || C->uge(1 << 20))
      continue;
    bool Shifts = Quotient->getOpcode() == Instruction::AShr ||
                  Quotient->getOpcode() == Instruction::LShr;
    int64_t By = C->getZExtValue();
    if (!Shifts)
      Divisor = std::max(Divisor, By);
    else if (By < 20)
      Divisor = std::max(Divisor, int64_t(1) << By);
  }
  return Divisor;
}

/// Rounded down, as in bytes / 8 * 8, or in bytes / 32 * 32 of what is a
/// multiple of 8 already.
static int64_t factorOfRounded(const APInt &Mask, int64_t Before) {
  int64_t Rounded = int64_t(1) << std::min(Mask.countr_zero(), 12u);
  return Before > 1 ? std::gcd(Before, Rounded) : Rounded;
}

static int64_t knownFactor(const Value &V, unsigned Depth);

/// What a number is a multiple of before it is rounded down, as in n / 4 * 4.
/// Vectors of four are filled by things that are counted one by one.
static int64_t factorBeforeRounding(const Value &V, unsigned Depth) {
  const Value *From = &V;
  if (isa<SExtInst, ZExtInst>(From))
    From = cast<CastInst>(From)->getOperand(0);
  const APInt *Mask;
  if (match(From, m_And(m_Value(From), m_APInt(Mask))))
    return knownFactor(*From, Depth);
  return knownFactor(V, Depth);
}

static int64_t knownFactor(const Value &V, unsigned Depth) {
  constexpr unsigned MaxDepth = 6;
  if (auto *C = dyn_cast<ConstantInt>(&V)) {
    auto Value = C->getValue().trySExtValue();
    return Value && std::abs(*Value) < MaxFactor ? std::abs(*Value) : 1;
  }
  if (Depth == MaxDepth || isa<ConstantData>(V)) // Undefined.
    return 1;
  if (int64_t Divisor = exactDivisor(V); Divisor > 1)
    return Divisor;
  if (auto *Cast = dyn_cast<CastInst>(&V); isa<SExtInst, ZExtInst>(&V))
    return knownFactor(*Cast->getOperand(0), Depth + 1);
  if (auto *Select = dyn_cast<SelectInst>(&V)) // 0 or the next element.
    return std::max<int64_t>(
        std::gcd(knownFactor(*Select->getTrueValue(), Depth + 1),
                 knownFactor(*Select->getFalseValue(), Depth + 1)),
        1);
  auto *Op = dyn_cast<BinaryOperator>(&V);
  auto *C = Op ? dyn_cast<ConstantInt>(Op->getOperand(1)) : nullptr;
  if (!Op || (C && C->getBitWidth() > 64))
    return 1;
  int64_t Left = factorBeforeRounding(*Op->getOperand(0), Depth + 1), Right;
  if (Op->getOpcode() == Instruction::And && C && !C->isZero())
    return factorOfRounded(C->getValue(), Left);
  if (Op->getOpcode() == Instruction::Shl && C && C->getValue().ult(12))
    Right = int64_t(1) << C->getZExtValue();
  else if (Op->getOpcode() == Instruction::Mul)
    Right = knownFactor(*Op->getOperand(1), Depth + 1);
  else
    return 1;
  // A product with 0 is no evidence.
  return Left && Right && Left < MaxFactor / Right ? Left * Right
                                                   : std::max<int64_t>(Left, 1);
}

int64_t knownFactor(const Value &V) { return knownFactor(V, 0); }

int64_t unitBehindHeader(const Value &Bytes) {
  const Value *Table;
  bool HasHeader =
      match(&Bytes, m_CombineOr(m_c_Add(m_Value(Table), m_ConstantInt()),
                                m_DisjointOr(m_Value(Table), m_ConstantInt())));
  return HasHeader ? knownFactor(*Table) : 1;
}

int64_t steppedFactor(const Value &V) {
  auto *Phi = dyn_cast<PHINode>(&V);
  if (!Phi)
    return knownFactor(V);
  int64_t Factor = 0;
  for (const Value *In : Phi->incoming_values()) {
    const APInt *Step;
    if (match(In, m_Add(m_Specific(Phi), m_APInt(Step))) &&
        Step->getSignificantBits() <= 24)
      Factor = std::gcd(Factor, Step->getSExtValue());
    else
      Factor = std::gcd(Factor, knownFactor(*In));
  }
  return std::max<int64_t>(Factor, 1);
}

namespace {

/// Pointers, also as integers, and what they are computed from. Address
/// arithmetic, phis and selects are edges with a distance, which is known
/// modulo something if an index is variable (0: exactly). FactorOf tells the
/// factors of indices. Two ways between the same pointers that differ by D mean
/// that their distance is known modulo D only.
class PointerGraph {
public:
  using FactorOf = function_ref<int64_t(const Value &)>;

  explicit PointerGraph(const DataLayout &DL) : DL(DL) {}

  /// Adds \p P and what it is computed from.
  void add(const Value &P, FactorOf Factor) {
    SmallVector<const Value *, 8> Worklist{&P};
    while (!Worklist.empty() && Known.size() < MaxPointers) {
      const Value *V = Worklist.pop_back_val();
      if (!Known.insert(V).second)
        continue;
      size_t Old = Edges.size();
      addEdges(*V, Factor);
      for (const Edge &E : ArrayRef(Edges).drop_front(Old))
        Worklist.push_back(E.From);
    }
  }

  /// A loop or a division shows that a multiple of \p Modulus is between these.
  void relate(const Value &P, const Value &Q, int64_t Modulus,
              FactorOf Factor) {
    add(P, Factor);
    add(Q, Factor);
    Edges.push_back({&P, &Q, 0, Modulus});
  }

  /// The factor of the distance of \p A and \p B, else 1.
  int64_t factor(const Value &A, const Value &B) const {
    if (Known.size() >= MaxPointers)
      return 1;
    DenseMap<const Value *, SmallVector<const Edge *, 4>> At;
    for (const Edge &E : Edges) {
      At[E.From].push_back(&E);
      At[E.To].push_back(&E);
    }
    int64_t Modulus = 0;
    DenseMap<const Value *, int64_t> Position{{&A, 0}};
    SmallVector<const Value *, 8> Worklist{&A};
    while (!Worklist.empty()) {
      const Value *P = Worklist.pop_back_val();
      for (const Edge *E : At[P]) {
        bool Forward = E->From == P;
        const Value *Q = Forward ? E->To : E->From;
        int64_t There =
            Position.lookup(P) + (Forward ? E->Distance : -E->Distance);
        auto [It, New] = Position.try_emplace(Q, There);
        if (New)
          Worklist.push_back(Q);
        Modulus = std::gcd(std::gcd(Modulus, E->Modulus), It->second - There);
      }
    }
    auto It = Position.find(&B);
    if (It == Position.end())
      return 1;
    int64_t Factor = std::gcd(Modulus, It->second);
    return Factor > 0 && Factor < MaxFactor ? Factor : 1;
  }

private:
  static constexpr size_t MaxPointers = 128;
  struct Edge {
    const Value *From, *To;
    int64_t Distance, Modulus;
  };

  void addEdges(const Value &P, FactorOf Factor) {
    auto Same = [&](const Value *From) {
      if (!isa<ConstantPointerNull, UndefValue>(From))
        Edges.push_back({From, &P, 0, 0});
    };
    if (auto *GEP = dyn_cast<GEPOperator>(&P))
      return addElement(*GEP, Factor);
    if (auto *Address = dyn_cast<PtrToIntOperator>(&P))
      return Same(Address->getOperand(0));
    if (auto *Phi = dyn_cast<PHINode>(&P))
      return void(for_each(Phi->incoming_values(), Same));
    if (auto *Select = dyn_cast<SelectInst>(&P)) {
      Same(Select->getTrueValue());
      Same(Select->getFalseValue());
    }
  }

  void addElement(const GEPOperator &GEP, FactorOf Factor) {
    unsigned Bits = DL.getIndexTypeSizeInBits(GEP.getType());
    SmallMapVector<Value *, APInt, 4> Variable;
    APInt Constant(Bits, 0);
    if (!GEP.collectOffset(DL, Bits, Variable, Constant))
      return;
    int64_t Modulus = 0;
    for (auto &[Index, Scale] : Variable)
      Modulus = std::gcd(Modulus, Scale.getSExtValue() * Factor(*Index));
    Edges.push_back(
        {GEP.getPointerOperand(), &GEP, Constant.getSExtValue(), Modulus});
  }

  const DataLayout &DL;
  SmallPtrSet<const Value *, 16> Known;
  SmallVector<Edge, 16> Edges;
};

const Value *stripElements(const Value *P) {
  while (auto *GEP = dyn_cast<GEPOperator>(P))
    P = GEP->getPointerOperand();
  return P;
}

/// True if a loop moves \p P.
bool isMoving(const Value &P) {
  auto *Phi = dyn_cast<PHINode>(stripElements(&P));
  return Phi && any_of(Phi->incoming_values(), [&](const Value *In) {
           return In != Phi && stripElements(In) == Phi;
         });
}

/// A multiple of \p Modulus is between \p P and \p Q.
struct Relation {
  const Value *P, *Q;
  int64_t Modulus;
};

class LengthFactor {
public:
  LengthFactor(const Function &F) : F(F), DL(F.getDataLayout()) {}

  /// 0 for what is 0, or does not matter because it is being looked at: a
  /// pointer that moves by the length in question.
  int64_t of(const Value &V) {
    if (isa<ConstantInt>(V) || Factors.size() > MaxValues)
      return knownFactor(V);
    auto [It, New] = Factors.try_emplace(&V, 0);
    if (!New)
      return It->second;
    int64_t Factor = compute(V);
    return Factors[&V] = Factor;
  }

private:
  int64_t compute(const Value &V) {
    Value *A, *B;
    const APInt *Mask;
    if (match(&V, m_And(m_Value(A), m_APInt(Mask))) && !Mask->isZero())
      return factorOfRounded(*Mask, ofMultiple(*A));
    if (int64_t Factor = knownFactor(V); Factor > 1)
      return Factor;
    if (match(&V, m_Sub(m_Value(A), m_Value(B))))
      return std::max(ofDistance(*A, *B), std::gcd(of(*A), of(*B)));
    if (match(&V, m_Add(m_Value(A), m_Value(B))))
      return std::gcd(of(*A), of(*B));
    auto *Phi = dyn_cast<PHINode>(&V);
    int64_t Factor = Phi ? 0 : 1;
    if (Phi)
      for (const Value *In : Phi->incoming_values())
        Factor = std::gcd(Factor, of(*In));
    return Factor;
  }

  /// Of n * 8 + 16, say, but of no distance: a loop over rows rounds down to
  /// rows what loops over numbers count in these.
  static int64_t ofMultiple(const Value &V) {
    Value *A, *B;
    if (match(&V, m_Add(m_Value(A), m_Value(B))))
      return std::gcd(knownFactor(*A), knownFactor(*B));
    return knownFactor(V);
  }

  int64_t ofDistance(const Value &A, const Value &B) {
    auto FactorOf = [&](const Value &Index) { return of(Index); };
    PointerGraph Graph(DL);
    Graph.add(A, FactorOf);
    Graph.add(B, FactorOf);
    int64_t Factor = Graph.factor(A, B);
    if (Factor > 1)
      return Factor;
    // Other pointers into the same memory can tell. A copy with the greatest
    // unit needs most evidence.
    auto Try = [&](ArrayRef<Relation> Facts) {
      PointerGraph Related = Graph;
      for (const Relation &R : Facts)
        Related.relate(*R.P, *R.Q, R.Modulus, FactorOf);
      Factor = std::max(Factor, Related.factor(A, B));
    };
    SmallVector<Relation, 8> Divided;
    for (const Instruction &I : instructions(F)) {
      Value *P, *Q;
      auto *Compare = dyn_cast<ICmpInst>(&I);
      if (match(&I, m_Sub(m_Value(P), m_Value(Q))))
        if (int64_t Divisor = exactDivisor(I);
            Divisor > 1 && ++Relations <= MaxRelations)
          Divided.push_back({P, Q, Divisor});
      if (!Compare || !Compare->isEquality())
        continue;
      P = Compare->getOperand(0);
      Q = Compare->getOperand(1);
      if (P->getType()->isPointerTy() && (isMoving(*P) || isMoving(*Q)) &&
          ++Relations <= MaxRelations)
        Try({{P, Q, 0}});
    }
    for_each(Divided, Try);
    SmallSet<int64_t, 4> Tried;
    for (const Relation &R : Divided)
      if (Tried.insert(R.Modulus).second)
        Try(to_vector(make_filter_range(Divided, [&](const Relation &Other) {
          return Other.Modulus % R.Modulus == 0;
        })));
    return Factor;
  }

  static constexpr unsigned MaxValues = 64;
  static constexpr unsigned MaxRelations = 64;
  const Function &F;
  const DataLayout &DL;
  DenseMap<const Value *, int64_t> Factors;
  unsigned Relations = 0;
};

} // namespace

int64_t countedUnit(const Value &Bytes, const Function &F) {
  return std::max<int64_t>(LengthFactor(F).of(Bytes), 1);
}

/// An attribute, as metadata does not outlive that a call becomes an invoke.
static constexpr StringLiteral UnitAttribute = "linkgrad-unit";

void noteCountedUnits(Function &F) {
  for (Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    const Value *Bytes = Call ? countedBytes(*Call) : nullptr;
    if (!Bytes || isa<ConstantInt>(Bytes))
      continue;
    if (int64_t Unit = knownFactor(*Bytes); Unit > notedUnit(*Call))
      Call->addFnAttr(
          Attribute::get(F.getContext(), UnitAttribute, std::to_string(Unit)));
  }
}

int64_t notedUnit(const CallBase &Call) {
  int64_t Unit = 1;
  Call.getFnAttr(UnitAttribute).getValueAsString().getAsInteger(10, Unit);
  return std::max<int64_t>(Unit, 1);
}

int64_t copiedUnit(const CallBase &Copy, const Value &Bytes) {
  return std::max(knownFactor(Bytes), notedUnit(Copy));
}

} // namespace linkgrad
