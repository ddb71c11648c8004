//===- SplitDerivative.h - Augmented primal and its sweeps ------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reverse mode is always a pair of functions that share a tape frame. The
// combined derivative of a request calls one after the other and is optimised
// as a whole; a call inside a differentiated function becomes a call of the
// augmented primal in the forward sweep and one of the reverse sweep on the
// way back.
//
//   {primal result, shadow result × width}
//       augmented(primals and shadows…, ptr frame, ptr deferred)
//   {adjoint of each Active parameter}
//       reverse(primals and shadows…, [adjoint of the result], ptr frame)
//
// Fields that do not apply are left out; nothing at all is void. `deferred` is
// the list of what is freed after the reverse sweep (TapeRuntime.h).
//
// If the tape can be read more than once there is a third function, for split
// forward mode, which reads the same frame:
//
//   {tangent of an active result}
//       forward(primals and shadows…, tangents of Active parameters…, ptr
//       frame)
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_SPLITDERIVATIVE_H
#define LINKGRAD_TRANSFORM_SPLITDERIVATIVE_H

#include "analysis/TypeAnalysis.h"
#include "request/DiffRequest.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace llvm {
class CallBase;
class Function;
class StructType;
class Type;
} // namespace llvm

namespace linkgrad {

class AnalysisManagers;
class DeepFloats;
class DiffError;
struct Options;
struct ShadowedClone;

struct SplitRequest {
  DiffRequest Request; ///< Mode is Split
  /// Nobody writes to memory that the primal can see between the two sweeps.
  bool CallerKeeps = false;
  /// By parameter of the primal: the same for the object that it points into.
  llvm::SmallVector<char, 8> KeptArgs;
  /// The sweeps leave the tape as it is, to be used again, and there is a
  /// forward sweep too.
  bool Reusable = false;

  bool operator<(const SplitRequest &O) const {
    return std::tie(Request, CallerKeeps, KeptArgs, Reusable) <
           std::tie(O.Request, O.CallerKeeps, O.KeptArgs, O.Reusable);
  }
};

struct SplitDerivative {
  llvm::Function *Augmented = nullptr;
  llvm::Function *Reverse = nullptr;
  /// Null if nobody may ask for it, or if there is none; NoForward says why.
  llvm::Function *Forward = nullptr;
  std::shared_ptr<const DiffError> NoForward;
  uint64_t FrameSize = 0;
  llvm::Align FrameAlign;
  /// The frame must stay at its address between the sweeps.
  bool Pinned = false;
  /// The tape's memory hangs on the list of deferred frees and is not freed by
  /// the reverse sweep.
  bool Deferred = false;
  /// By parameter of the augmented primal: whether a sweep reads it at all.
  llvm::BitVector Reads;

  /// The functions that there are.
  llvm::SmallVector<llvm::Function *, 3> functions() const;
  /// The error for a request of split forward mode without Forward.
  llvm::Error whyNoForward(const llvm::Function &Primal) const;
};

/// Where the sweeps get the derivatives of callees.
class DerivativeSource {
public:
  virtual ~DerivativeSource() = default;

  /// \p FrameMayMove asks for a pair whose frame can be moved between sweeps.
  virtual llvm::Expected<SplitDerivative> split(const SplitRequest &R,
                                                bool FrameMayMove) = 0;
  /// False if somebody was told that the pair for \p R has no frame, but it
  /// needs \p Size bytes.
  virtual bool acceptsFrame(const SplitRequest &R, uint64_t Size) = 0;
  virtual llvm::Expected<llvm::Function *> forward(const DiffRequest &R) = 0;
  /// Asked when \p Call in \p Caller cannot be differentiated because of \p E.
  /// True if the caller is going to be prepared again with the callee inlined,
  /// since it may know more of the memory that the callee works on, or catches
  /// what it throws.
  virtual bool inlinesInstead(const llvm::Function &Caller,
                              const llvm::CallBase &Call,
                              const llvm::Error &E) = 0;
  /// True if what \p Caller calls through pointers has been inlined there. It
  /// is going to be prepared again without that.
  virtual bool callsTargetsInstead(const llvm::Function &Caller) = 0;
  /// True if the request that \p R is part of, which \p E ends, is going to be
  /// answered once more with DiffRequest::GlobalPointers.
  virtual bool countsGlobalPointersInstead(const DiffRequest &R,
                                           const llvm::Error &E) = 0;
  /// What the derivatives of \p Primal take for integers. If more is noted
  /// later, for one that is still being made, what has asked is made once more.
  virtual llvm::ArrayRef<MovedBytes> movedBytes(llvm::Function &Primal) = 0;
  virtual void noteMovedBytes(llvm::Function &Primal,
                              llvm::ArrayRef<MovedBytes> Bytes) = 0;
  /// A pointer is stored to memory whose shadow the caller may have made.
  virtual void noteStoredPointer() = 0;
  /// Floats as TypeTrees::floatsIn() gives them have a number; none have 0.
  virtual unsigned numberOf(std::vector<MovedBytes> Floats) = 0;
  virtual llvm::ArrayRef<MovedBytes> knownFloats(unsigned Number) = 0;
  /// TypeTrees::hasAssumedOneMember() of what is being made.
  virtual void noteAssumedMember() = 0;
  virtual DeepFloats &deepFloats() = 0;
  virtual AnalysisManagers &analyses() = 0;
  virtual const Options &options() const = 0;
};

/// The function that \p Call calls directly, through casts and aliases, if
/// its type is the call's; else null.
llvm::Function *directCallee(const llvm::CallBase &Call);

/// Result types of the pair, void if there is nothing to return.
llvm::Type *augmentedResultType(const DiffRequest &R);
llvm::Type *reverseResultType(const DiffRequest &R);
/// The type of the result's adjoint or tangent, null if the result has none.
llvm::Type *resultAdjointType(const DiffRequest &R);

/// Declares the reverse sweep of \p R, without a body.
ShadowedClone declareReverse(llvm::Function &Prepared, const DiffRequest &R,
                             const llvm::Twine &Name);
/// The same for the forward sweep.
ShadowedClone declareForward(llvm::Function &Prepared, const DiffRequest &R,
                             const llvm::Twine &Name);

/// Builds the pair for \p R from the prepared copy of the primal; no pair if
/// \p Source does not accept its frame.
llvm::Expected<SplitDerivative> buildSplitDerivative(llvm::Function &Prepared,
                                                     const SplitRequest &R,
                                                     DerivativeSource &Source);

/// Turns \p Clone, a clone of the prepared primal, into the tangent function of
/// type R.derivativeType().
llvm::Error buildForwardBody(ShadowedClone &Clone, const DiffRequest &R,
                             DerivativeSource &Source);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_SPLITDERIVATIVE_H
