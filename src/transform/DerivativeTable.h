//===- DerivativeTable.h - Derivatives that others call ---------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The memo table from requests to functions. A request is entered before its
// function is built, so recursion finds it there: a tangent function is called
// by its declaration. Of a split pair that is still being built it is assumed
// that it needs no frame, which holds for much recursive code whose path
// follows from the arguments. If that turns out to be wrong, the pair is built
// once more and called through wrappers that keep the frame on the heap.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_DERIVATIVETABLE_H
#define LINKGRAD_TRANSFORM_DERIVATIVETABLE_H

#include "analysis/FunctionObjects.h"
#include "analysis/GlobalActivity.h"
#include "analysis/UnionFinder.h"
#include "prepare/AnalysisManagers.h"
#include "prepare/Prepare.h"
#include "request/Registration.h"
#include "transform/SplitDerivative.h"
#include <map>
#include <optional>
#include <vector>

namespace linkgrad {

class DerivativeTable : public DerivativeSource {
public:
  DerivativeTable(llvm::Module &M, const Options &Opts)
      : M(M), Opts(Opts), Facts(M) {
    noteFunctionObjects(M);
  }
  /// Removes what was only needed on the way.
  ~DerivativeTable() override;

  llvm::Expected<SplitDerivative> split(const SplitRequest &R,
                                        bool FrameMayMove) override;
  llvm::Expected<llvm::Function *> forward(const DiffRequest &R) override;
  bool inlinesInstead(const llvm::Function &Caller, const llvm::CallBase &Call,
                      const llvm::Error &E) override;
  bool callsTargetsInstead(const llvm::Function &Primal) override;
  bool countsGlobalPointersInstead(const DiffRequest &R,
                                   const llvm::Error &E) override;
  llvm::ArrayRef<MovedBytes> movedBytes(llvm::Function &Primal) override;
  void noteMovedBytes(llvm::Function &Primal,
                      llvm::ArrayRef<MovedBytes> Bytes) override;
  void noteStoredPointer() override { MayMixPointers = true; }
  unsigned numberOf(std::vector<MovedBytes> Floats) override;
  llvm::ArrayRef<MovedBytes> knownFloats(unsigned Number) override {
    return KnownFloats[Number];
  }
  void noteAssumedMember() override { AssumedMember = true; }
  DeepFloats &deepFloats() override { return Deep; }
  AnalysisManagers &analyses() override { return AMs; }
  const Options &options() const override { return Opts; }

protected:
  struct SplitEntry {
    bool Done = false;
    bool Simplified = false;
    SplitDerivative Direct;
    /// The wrappers, once somebody needs them.
    std::optional<SplitDerivative> OnHeap;
    /// What stands for a pair without a frame until that is built.
    std::optional<SplitDerivative> Assumed;
    bool MayAssume = true;
    /// What unionsOf() and isWrongAboutMembers() have said: later they may say
    /// something else, but all halves of split mode have one tape.
    std::optional<UnionMemory> Unions;
    bool StrictUnions = false;
  };

  /// The entry of \p R, made if it is new. The pair is not simplified yet.
  llvm::Expected<SplitEntry *> splitEntry(const SplitRequest &R);
  const SplitDerivative &onHeap(const SplitRequest &R, SplitEntry &Entry);
  /// For a pair that is called, not inlined.
  void simplify(SplitEntry &Entry);
  /// The unions in what \p Primal reaches, once its pair has been made.
  UnionMemory unionsOf(llvm::Function &Primal);
  /// True if there it was assumed that each union has one member, and some has
  /// more.
  bool isWrongAboutMembers(llvm::Function &Primal);
  /// The copy of \p Primal that was differentiated, if it was.
  llvm::Function *differentiated(llvm::Function &Primal);
  /// Verifies one generated function.
  llvm::Error verify(llvm::Function &F, const llvm::Function &Primal);
  /// Optimises and verifies one generated function.
  llvm::Error finish(llvm::Function &F, const llvm::Function &Primal);

  llvm::Module &M;
  const Options Opts;
  /// What the program says about its functions.
  Registrations Facts;
  AnalysisManagers AMs;
  GlobalActivity Globals;
  std::map<DiffRequest, llvm::Function *> Tangents;
  /// The functions that answer requests.
  std::map<DiffRequest, llvm::Function *> Answers;
  /// Everything that was generated, in order.
  llvm::SmallVector<llvm::Function *, 16> Generated;

private:
  struct MovedList {
    std::vector<MovedBytes> Bytes;
    bool Read = false;
    /// Where a round adds bytes behind or before others, all do from there on.
    bool Widens = false;
    unsigned Depth = 0; ///< derivatives in the making
  };

  llvm::Expected<llvm::Function *> prepared(llvm::Function &Primal);
  template <class T>
  llvm::Expected<T> repeated(const llvm::Function &Primal,
                             llvm::function_ref<llvm::Expected<T>()> Make);
  llvm::Expected<SplitDerivative> newSplit(const SplitRequest &R);
  llvm::Expected<SplitDerivative> settledSplit(const SplitRequest &R,
                                               SplitEntry &Entry);
  llvm::Expected<SplitDerivative> trySplit(const SplitRequest &R);
  llvm::Expected<SplitDerivative> teamSplit(const SplitRequest &R);
  bool acceptsFrame(const SplitRequest &R, uint64_t Size) override;
  void discard(llvm::ArrayRef<SplitRequest> Requests);
  void empty(llvm::Function &F);
  MovedList &movedList(llvm::Function &Primal);
  llvm::Expected<llvm::Function *>
  settledForward(const DiffRequest &R,
                 llvm::SmallVectorImpl<llvm::Function *> &Failed);
  llvm::Expected<llvm::Function *>
  tryForward(const DiffRequest &R,
             llvm::SmallVectorImpl<llvm::Function *> &Failed);
  SplitDerivative declarePair(const SplitRequest &R, const llvm::Twine &Suffix);
  void stopInstead(llvm::Function &F, const llvm::Function &Primal);

  // Only ever searched, never iterated over: the keys hold pointers.
  std::map<const llvm::Function *, llvm::Function *> Prepared;
  /// By primal: see inlinesInstead() and callsTargetsInstead().
  std::map<const llvm::Function *, Inlining> Inlined;
  std::map<const llvm::Function *, MovedList> Moved;
  /// See inlinesInstead() and callsTargetsInstead().
  bool Repeats = false;
  /// Some float is smaller than a pointer, or has the bits of several, or a
  /// pointer is stored where the caller may have a seed.
  std::optional<bool> MayMixPointers;
  UnionFinder UnionSearch;
  DeepFloats Deep;
  std::vector<std::vector<MovedBytes>> KnownFloats{{}};
  bool AssumedMember = false; ///< in some derivative
  std::map<SplitRequest, SplitEntry> Splits;
  /// The keys of Splits in the order in which they were entered.
  std::vector<SplitRequest> SplitLog;
  unsigned WrongAssumptions = 0;
};

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_DERIVATIVETABLE_H
