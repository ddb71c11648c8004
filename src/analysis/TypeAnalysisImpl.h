//===- TypeAnalysisImpl.h - The state of the type analysis ------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the files that answer questions about types share: the graph of the
// function, and summaries of its callees. TypeAnalysis.cpp answers about
// values, TypeAnalysisLayout.cpp about memory.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TYPEANALYSISIMPL_H
#define LINKGRAD_ANALYSIS_TYPEANALYSISIMPL_H

#include "analysis/CallGraphTypes.h"
#include "analysis/TypeAnalysis.h"
#include "analysis/TypeAnalysisFunction.h"
#include "analysis/TypeTree.h"
#include "llvm/ADT/DenseMap.h"

namespace linkgrad {

/// Bytes that a function writes as an integer, or reads as one that it stores,
/// returns or makes a float of, as it is or after a calculation; or copies. Or
/// they are those of pointers that it moves.
struct ByteMove {
  Loc At;
  int64_t Size;
  /// What the callee that moves them has taken them for; else Unknown.
  ConcreteType InCallee = {};
  int64_t Stride = 0;        ///< see MovedBytes
  bool Perhaps = false;      ///< see MovedBytes
  bool OnlyIntegers = false; ///< count (see countMovedPointers())
};

class TypeTrees::Impl {
public:
  Impl(llvm::Function &F, DeepFloats *Deep, bool OnlyCertain = false)
      : Root(F), Deep(Deep),
        Budget(4000 + 16 * uint64_t(F.getInstructionCount())),
        DeepBudget(Budget) {
    findMoves();
    forgetSpeculation(OnlyCertain);
  }

  /// The same without what is known from calls through pointers.
  Impl &certain() { return Certain ? *Certain : *this; }

  ConcreteType valueType(const llvm::Value &V, uint64_t Offset);
  bool isPointerOrInteger(const llvm::Value &V);
  bool isContradictory(const llvm::Value &V, bool Union = false);
  llvm::Type *floatBesidePointer(const llvm::Value &Ptr);
  llvm::Expected<MemoryLayout> memoryBehind(const llvm::Value &Ptr,
                                            std::optional<uint64_t> Size,
                                            const llvm::Instruction &At);
  std::optional<MemoryLayout> layoutBehind(const llvm::Value &Ptr,
                                           std::optional<uint64_t> Size,
                                           const llvm::Instruction &At);
  bool hasFloatBehind(const llvm::Value &Ptr, uint64_t Size);
  bool beginsWithFloat(const llvm::Value &Ptr, uint64_t Size);
  bool isPieceOfPointer(const llvm::Value &Ptr, uint64_t Size);
  std::optional<uint64_t> firstPointerBehind(const llvm::Value &Ptr,
                                             uint64_t Size);
  TypeTree treeOf(const llvm::Value &V);
  std::vector<MovedBytes>
  movedBytes(llvm::ArrayRef<const llvm::Value *> Parameters);
  void countMovedPointers(llvm::ArrayRef<const llvm::LoadInst *> Loads);
  std::vector<MovedBytes> floatsIn(const llvm::CallBase &Call,
                                   llvm::ArrayRef<MovedBytes> Callee);
  void assumeFloats(llvm::ArrayRef<const llvm::Value *> Parameters,
                    llvm::ArrayRef<MovedBytes> Floats);
  Misread misreads(const llvm::CallBase &Call,
                   llvm::ArrayRef<MovedBytes> Callee);

  /// Reads the bodies of callees, once. \returns whether that was news.
  bool readCallees();

  bool MayAssumeOneMember = false;
  bool AssumedOneMember = false; ///< in an answer

private:
  /// A layout, or the first byte that is not known and what was found there.
  struct Attempt {
    MemoryLayout Layout;
    std::optional<int64_t> Failed;
    Found There;
    /// The first byte of which only an index without bounds says something.
    std::optional<int64_t> Guessed;
    /// The members of the struct that is copied as a whole, if it is one.
    llvm::SmallVector<std::pair<int64_t, int64_t>, 8> Members;

    bool fail(int64_t X, const Found &F) {
      Failed = X;
      There = F;
      return false;
    }
  };
  Attempt attemptBehind(const llvm::Value &Ptr, std::optional<uint64_t> Size,
                        const llvm::Instruction &At);
  bool append(Attempt &A, int64_t X, const Found &F, int64_t Limit);
  static bool agree(const Attempt &Begin, const Attempt &Whole);
  Attempt fixedLayout(Loc L, int64_t Size, const llvm::Instruction &At);
  Attempt periodicLayout(Loc L, int64_t Stride, bool Counted = false);
  bool fillsUnit(Loc L, const Attempt &A, int64_t Unit);
  Attempt dynamicLayout(Loc L, int64_t Unit, bool Cut, int64_t Bytes);
  std::optional<Attempt> headedLayout(Loc L, int64_t Unit, bool Cut,
                                      int64_t Bytes,
                                      const llvm::Instruction &At);
  std::optional<Attempt> tableLayout(const llvm::Value &Ptr, Loc L,
                                     uint64_t Bytes,
                                     const llvm::Instruction &At);
  Attempt layout(const llvm::Value &Ptr, Loc L, std::optional<uint64_t> Size,
                 const llvm::Instruction &At);
  Attempt knownLayout(const llvm::Value &Ptr, Loc L,
                      std::optional<uint64_t> Size,
                      const llvm::Instruction &At);
  bool isWholeTable(const llvm::Value &Ptr, std::optional<uint64_t> Size,
                    const llvm::Instruction &At, int64_t Guessed);

  void applyCallees(FunctionTypes &T, unsigned Depth);
  void applyDeep(FunctionTypes &T, const llvm::CallBase &Call,
                 llvm::Function &Callee);
  FunctionTypes *summary(llvm::Function &F, unsigned Depth);
  void findMoves();
  void forgetSpeculation(bool OnlyCertain);
  Loc follow(const llvm::CallBase &Call, const MovedBytes &Bytes);
  Loc follow(Loc L, const MovedBytes &Bytes);
  bool differs(Loc L, ConcreteType Guess) const;
  llvm::Type *unionAt(Loc L, const MovedBytes &Bytes) const;
  bool splitPointer(llvm::ArrayRef<ByteMove> Words) const;
  llvm::Type *unionFloat(Loc L, bool MovesPointer) const;
  void addMemory(TypeTree &Tree, TypeTree::Path &Prefix, Loc L);

  FunctionTypes Root;
  DeepFloats *Deep;
  int64_t Budget;     ///< instructions and nodes of callees still to be read
  int64_t DeepBudget; ///< nodes of what is known of floats in deeper ones
  bool ReadCallees = false;
  std::unique_ptr<Impl> Certain;        ///< see certain(); null if it is this
  bool AssumesOneMember = false;        ///< at the moment
  llvm::SmallVector<ByteMove, 0> Moves; ///< here and in callees
  bool CountsPointers = false;          ///< among Moves
  llvm::SmallPtrSet<const llvm::Value *, 32> Moving;
  /// Null while in progress, or when it was too big.
  llvm::DenseMap<const llvm::Function *, std::unique_ptr<FunctionTypes>>
      Summaries;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TYPEANALYSISIMPL_H
