//===- ActivityAnalysis.h - What has a derivative ---------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value is *varied* if it depends on an active input, *useful* if an active
// output depends on it, and *active* if it is both (Griewank & Walther,
// "Evaluating Derivatives", section 6.2).
//
// Pointers are different: a pointer is active if the memory behind it may hold
// active values, and then it has a shadow pointer. Pointers that may lead to
// one another (a pointer and its GEPs, phi operands, a pointer and the memory
// that it is stored in or loaded from) form one class, found by unification
// in nearly linear time; a class is active as a whole. Over-approximation
// costs time only. Under-approximation would be a wrong result, so a class
// that would have to be active but contains memory without a shadow (a Const
// argument, a mutable global) is an error where the active value is stored.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_ACTIVITYANALYSIS_H
#define LINKGRAD_ANALYSIS_ACTIVITYANALYSIS_H

#include "analysis/ValueKinds.h"
#include "request/DiffRequest.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/raw_ostream.h"
#include <vector>

namespace llvm {
class CallBase;
class Function;
class GlobalVariable;
class Instruction;
class StoreInst;
class Use;
class Value;
} // namespace llvm

namespace linkgrad {

struct BlasFunction;

class ActivityAnalysis {
public:
  /// Analyses the prepared function \p F for a request with these activities.
  ActivityAnalysis(llvm::Function &F, llvm::ArrayRef<Activity> Args,
                   const DiffRequest &R, const ValueKinds &Kinds);

  /// True if \p V, a value that carries floats, is varied and useful.
  bool isActive(const llvm::Value &V) const {
    return Varied.contains(&V) && Useful.contains(&V);
  }
  bool isVaried(const llvm::Value &V) const { return Varied.contains(&V); }

  /// True if \p V is an integer that was calculated from the bits of a varied
  /// float. It has no adjoint, but a float that is made of it is varied.
  bool carriesBits(const llvm::Value &V) const {
    return !Bits.lookup(&V).empty() && !isVaried(V);
  }
  /// True if \p I makes a float of such an integer, stores it as one, or calls
  /// a function that may.
  bool becomesFloat(const llvm::Instruction &I) const;

  /// True if \p Store leaves one in a global variable, or where that leads to,
  /// and other functions make floats of the integers there.
  bool becomesFloatElsewhere(const llvm::StoreInst &Store) const;

  /// True if \p Ptr, a value that carries pointers, has a shadow.
  bool hasShadow(const llvm::Value &Ptr) const;

  /// True if \p Ptr, of a class that has shadows, may point to memory that has
  /// none: it was chosen among pointers of both kinds. Its shadow is then the
  /// pointer itself.
  bool mayLackShadow(const llvm::Value &Ptr) const;

  /// The same for memory that a variable led to when the derivative began
  /// (DiffRequest::GlobalPointers).
  bool mayBeFar(const llvm::Value &Ptr) const;

  /// True if pointers in global variables count.
  bool globalPointers() const { return GlobalPointers; }
  /// Which shadows global variables have (DiffRequest::Order).
  unsigned order() const { return Order; }
  /// True if \p G has a shadow variable.
  bool hasShadowVariable(const llvm::GlobalVariable &G) const;

  /// True if the shadow of \p V is null: whenever this derivative runs, it is
  /// a null pointer itself, undefined, or leads to constant text.
  bool hasNullShadow(const llvm::Value &V) const;

  /// True if the call has to be differentiated: something active goes in and
  /// can come out again.
  bool isActiveCall(const llvm::CallBase &Call) const {
    return ActiveCalls.contains(&Call);
  }

  /// The activities with which an active call asks for its callee.
  Activity argumentActivity(const llvm::CallBase &Call, unsigned ArgNo) const;
  Activity resultActivity(const llvm::CallBase &Call) const;

  const ValueKinds &kinds() const { return Kinds; }
  Activity result() const { return Result; }

  /// Prints each instruction with its activity.
  void print(llvm::raw_ostream &OS) const;

private:
  unsigned node(const llvm::Value &V);
  unsigned find(unsigned N) const;
  void unify(const llvm::Value &A, const llvm::Value &B);
  bool activate(const llvm::Value &Ptr);
  bool isFixed(const llvm::Value &Ptr) const;
  enum class Lack { Always, Far };
  bool mayLack(const llvm::Value &Ptr, Lack Kind) const;
  bool isNeutral(const llvm::Value &V) const;
  bool visitForward(llvm::Instruction &I);
  bool visitBlasCall(llvm::CallBase &Call, const BlasFunction &Blas);
  bool visitCall(llvm::CallBase &Call);
  bool visitMemTransfer(llvm::CallBase &Call);
  void findTexts();
  void unifyPointers(llvm::Instruction &I);
  bool computeVaried(const llvm::Instruction &I) const;
  /// Some of the bits of an integer, from the lowest on; a range may be wider
  /// than what it is to hold.
  struct BitRange {
    unsigned Begin = 0, End = 0;
    bool empty() const { return Begin >= End; }
    BitRange hull(BitRange R) const;
  };
  /// True if of the bits of a float \p I leaves only sign and exponent, which
  /// are piecewise constant.
  static bool isSignOrExponent(const llvm::Instruction &I);
  BitRange floatsIn(const llvm::Value &V) const;
  BitRange computeBits(const llvm::Instruction &I) const;
  bool visitBits(const llvm::Instruction &I);
  bool isMadeFloatElsewhere(const llvm::Value &Ptr) const;
  bool keepBits(const llvm::StoreInst &Store);
  bool flowsInto(const llvm::Use &U) const;
  void computeUseful();

  llvm::Function &F;
  llvm::SmallVector<Activity, 8> Args;
  Activity Result;
  const bool GlobalPointers;
  const unsigned Order;
  const ValueKinds &Kinds;

  /// Union-find over pointers.
  llvm::DenseMap<const llvm::Value *, unsigned> Nodes;
  mutable std::vector<unsigned> Parent;
  std::vector<char> ClassActive;
  /// The class contains memory that the derivative has no shadow of and
  /// cannot make one for.
  std::vector<char> ClassFixed;
  /// The class contains memory where such integers lie.
  std::vector<char> ClassBits;

  llvm::DenseSet<const llvm::Value *> Varied, Useful;
  /// Pointers that are loaded from constant tables of text.
  llvm::DenseSet<const llvm::Value *> Texts;
  /// Where integers have bits of varied floats. Varied integers are such
  /// floats, or structs of them, on the move; others come from calculations.
  llvm::DenseMap<const llvm::Value *, BitRange> Bits;
  llvm::DenseSet<const llvm::CallBase *> ActiveCalls;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_ACTIVITYANALYSIS_H
