//===- DiffRequest.h - What is to be differentiated, and how ----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A DiffRequest names one derivative: the primal, the mode, and the activity
// of each parameter and of the result. Requests are values: two equal requests
// are answered by the same function, which is how recursion ends and how
// several calls share one derivative.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_DIFFREQUEST_H
#define LINKGRAD_REQUEST_DIFFREQUEST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <tuple>

namespace llvm {
class Function;
class FunctionType;
class Type;
} // namespace llvm

namespace linkgrad {

enum class DiffMode {
  Forward,      ///< tangents beside the primal
  Reverse,      ///< combined: augmented primal, then the reverse sweep
  Split,        ///< an augmented primal and sweeps that share a tape
  AugmentFwd,   ///< split mode, first half: gives a tape
  ReverseSweep, ///< split reverse mode, second half: takes that tape
  ForwardSweep, ///< split forward mode, second half: takes that tape
  Batch,        ///< no derivative: the primal, once for each lane
};

/// Activity of a parameter or of the result.
enum class Activity {
  Const,     ///< inactive
  Null,      ///< a pointer that is null in this call or leads to constant text:
             ///< without a shadow, and at home among pointers that have one
             ///< (calls in primals only)
  Active,    ///< scalar by value; its adjoint is returned (not in Forward)
  Dup,       ///< followed by one shadow per lane
  DupNoNeed, ///< the same, but the primal's value is not wanted afterwards
  MayLack,   ///< like Dup, but if the shadow is the pointer itself there is
             ///< none (with GlobalPointers, calls in primals only)
};

inline bool isDup(Activity A) {
  return A == Activity::Dup || A == Activity::DupNoNeed ||
         A == Activity::MayLack;
}

/// "const", "null", "active", "dup", "dupnoneed" or "maylack".
llvm::StringRef activityName(Activity A);

/// Memory that holds a pointer at one time and a float at another.
enum class UnionMemory {
  None,
  Own,   ///< what the primal allocates, or a global variable leads to
  Given, ///< also what the caller has shadows for
};

struct DiffRequest {
  llvm::Function *Primal = nullptr;
  DiffMode Mode = DiffMode::Reverse;
  /// One entry for each parameter of the primal.
  llvm::SmallVector<Activity, 8> Args;
  Activity Result = Activity::Const;
  /// The primal's result is returned too.
  bool ReturnPrimal = false;
  /// Number of lanes: directions or seeds carried through at once.
  unsigned Width = 1;
  /// Was asked for; see Options::RuntimeActivity.
  bool RuntimeActivity = false;
  /// The threads of a team run the primal side by side.
  bool Parallel = false;
  /// Variables that hold pointers have a shadow; what they lead to when the
  /// derivative begins has none: transform/FarMemory.h.
  bool GlobalPointers = false;
  /// Which shadows global variables have here. A derivative of what uses other
  /// derivatives, even inactively, has others than they do.
  unsigned Order = 1;
  /// See transform/UnionMemory.h (reverse and split mode).
  UnionMemory Unions = UnionMemory::None;
  /// In unions and integers that the primal moves, as far as the caller knows:
  /// DerivativeSource::knownFloats().
  unsigned KnownFloats = 0;
  /// See TypeTrees::assumeOneMember(): nothing is assumed.
  bool StrictUnions = false;
  /// Split mode: the tape lies in memory of the caller's.
  bool CallersTape = false;
  /// ReverseSweep, ForwardSweep: the tape can be used again.
  bool KeepsTape = false;

  auto key() const {
    return std::tie(Primal, Mode, Args, Result, ReturnPrimal, Width,
                    RuntimeActivity, Parallel, GlobalPointers, Order, Unions,
                    KnownFloats, StrictUnions, CallersTape, KeepsTape);
  }
  bool hasUnions() const { return Unions != UnionMemory::None; }
  bool operator==(const DiffRequest &O) const { return key() == O.key(); }
  bool operator<(const DiffRequest &O) const { return key() < O.key(); }

  /// The activity a parameter or result of type \p T has without a marker:
  /// floating point is Active in reverse and Dup in forward mode, an integer
  /// is Const, a pointer Dup, an aggregate Dup if it holds a pointer, else
  /// like floating point if it holds any, else Const.
  static Activity defaultActivity(llvm::Type *T, DiffMode Mode);

  /// The function type of the derivative that answers this request (all modes
  /// but Split), before it is adapted to the call site:
  ///
  /// Parameters: for each parameter of the primal the primal value, followed
  /// by Width shadows of the same type if its activity is Dup or DupNoNeed.
  ///
  /// Forward result: void if the result is Const and no primal is wanted, else
  /// the literal struct {primal if ReturnPrimal, tangent if Result is Dup*}.
  ///
  /// Reverse result: the literal struct {primal if ReturnPrimal, adjoint of
  /// each Active parameter in order}; void if that is empty. The adjoint of
  /// an Active result is seeded with 1.0.
  ///
  /// AugmentFwd takes the address of the tape last if that is the caller's. Its
  /// result is the literal struct {address of the tape if it is not the
  /// caller's, primal if ReturnPrimal, shadow of the result if that is Dup}.
  ///
  /// ReverseSweep takes the adjoint of the result, if that is Active, and the
  /// address of the tape last. Its result is that of Reverse without a primal.
  ///
  /// ForwardSweep has the activities of the augmented primal that its tape is
  /// from. It takes Width tangents behind each Active parameter, as it takes
  /// shadows behind Dup ones, and the address of the tape last. Its result is
  /// the literal struct {tangent} if the result is Active, else void.
  ///
  /// Batch takes a Const parameter once and a Dup one for each lane, without a
  /// value of its own before them. Its result is the literal struct of the
  /// primal's results of all lanes, void if there are none.
  ///
  /// A tangent or adjoint of type T is T if Width is 1, else [Width x T].
  /// Void results count as Const.
  llvm::FunctionType *derivativeType() const;

  /// For messages and names: "reverse mode of foo(dup, const) -> active".
  std::string describe() const;
};

/// What a type holds, looking into vectors and aggregates.
struct TypeContent {
  bool Pointer = false;
  bool Float = false;

  TypeContent &operator|=(TypeContent O) {
    Pointer |= O.Pointer;
    Float |= O.Float;
    return *this;
  }
};
TypeContent typeContent(llvm::Type *T);

/// T for one lane, [Width x T] for more.
llvm::Type *shadowType(llvm::Type *T, unsigned Width);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_DIFFREQUEST_H
