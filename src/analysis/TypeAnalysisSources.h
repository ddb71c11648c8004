//===- TypeAnalysisSources.h - What declarations say about types -*- C++
//-*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Evidence about memory that is declared rather than seen in use: LLVM types
// of variables, TBAA, debug info, type strings. Each of these turns into
// facts of the type graph.
//
// Declared integers are weak evidence: a union is declared as one of its
// members, and a pair of floats as an i64 by the calling convention.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TYPEANALYSISSOURCES_H
#define LINKGRAD_ANALYSIS_TYPEANALYSISSOURCES_H

#include "analysis/TypeAnalysisGraph.h"
#include "llvm/ADT/DenseSet.h"
#include <optional>

namespace llvm {
class DataLayout;
class DICompositeType;
class DIDerivedType;
class DIType;
class MDNode;
class Module;
class StructType;
class Triple;
} // namespace llvm

namespace linkgrad {

class TypeTree;

class TypeSources {
public:
  TypeSources(TypeGraph &G, const llvm::Module &M);

  /// An object of type \p T is at \p L. \p Integers says whether integers in
  /// it mean anything outside of named structs.
  void addType(Loc L, llvm::Type *T, bool Integers);

  /// The first level of \p Layout is the bytes at \p L.
  void addLayout(Loc L, const TypeTree &Layout);

  /// An access of \p Size bytes through the tag \p Tag; \p Base is the place
  /// of the enclosing object that the tag names. \p IntegerTyped: the access
  /// itself does not say what it moves.
  void addTbaaAccess(Loc L, Loc Base, const llvm::MDNode &Tag, uint64_t Size,
                     bool IntegerTyped);
  /// The offset of the access in the object that \p Tag names.
  static int64_t tbaaOffset(const llvm::MDNode &Tag);
  /// True if \p Tag may be the access of a union's member.
  static bool isUntypedAccess(const llvm::MDNode &Tag);
  /// \p Size bytes at \p L are part of a union.
  void addUnion(Loc L, uint64_t Size);
  /// A union of a double and pointers is at \p L.
  void addDoubleOrPointer(Loc L);
  /// The room in a std::function is at \p L. \returns whether it is known what
  /// can be there: FunctionObjects.h.
  bool addFunctionObject(Loc L);
  /// `!tbaa.struct` of a copy of \p Size bytes to or from \p L.
  void addTbaaCopy(Loc L, const llvm::MDNode &Fields,
                   std::optional<uint64_t> Size);

  /// The fields of `!tbaa.struct` as (begin, end).
  static llvm::SmallVector<std::pair<int64_t, int64_t>, 8>
  tbaaFields(const llvm::MDNode &Fields);

  /// A variable of type \p T is at \p L.
  void addDebugType(Loc L, const llvm::DIType *T);
  /// The value of a variable of type \p T points to \p L; if \p Single, to one
  /// object (`this`), which can be of a derived class.
  void addDebugPointee(Loc L, const llvm::DIType *T, bool Single = false);
  /// The \p Size bytes at \p L are those at \p Offset of a variable of type
  /// \p T, which is not at \p L as a whole.
  void addDebugFragment(Loc L, const llvm::DIType *T, uint64_t Offset,
                        uint64_t Size);
  /// The same for a pointer to \p L that is such a part.
  void addDebugFragmentPointee(Loc L, const llvm::DIType *T, uint64_t Offset);

  /// Arrays of characters in structs hold what the program likes. Those that it
  /// gives to functions of strings are integers. \returns whether there are new
  /// ones.
  bool confirmNames();

private:
  struct Scalar {
    Evidence Ev;
    unsigned Size = 0; ///< 0 if it depends on the access
  };

  bool startsAgain(Loc L, const void *Source);
  void addTypeAt(Loc L, llvm::Type *T, bool Integers);
  void addStruct(Loc L, llvm::StructType *T, bool Integers);
  void addWeakIntegers(Loc L, uint64_t Size);
  void addTail(Loc Object, int64_t Begin, int64_t End);

  std::optional<Scalar> tbaaScalar(const llvm::MDNode &Type) const;
  std::optional<Scalar> accessedScalar(const llvm::MDNode &Type) const;
  std::optional<Scalar> scalarByName(llvm::StringRef Name) const;
  void addTbaaType(Loc L, const llvm::MDNode &Type, unsigned Depth);
  void addTbaaGap(Loc L, const Scalar &Last, int64_t Size);
  void addTbaaPointee(Loc L, const llvm::MDNode &Type);
  void markEach(Loc L, const Scalar &S, uint64_t Size);

  void addDebugType(Loc L, const llvm::DIType *T, unsigned Depth);
  void addDebugBasic(Loc L, const llvm::DIType &T);
  void addDebugVariant(Loc L, const llvm::DIType *T, uint64_t Offset,
                       uint64_t Size);
  void addDebugUnion(Loc L, const llvm::DICompositeType &T, uint64_t Size,
                     unsigned Depth);
  void addDebugMembers(Loc L, const llvm::DICompositeType &T, unsigned Depth);
  /// How many more structs inside of each other are read than usual.
  unsigned moreNesting() const;
  void declare(Loc L, unsigned Size, Evidence Ev);
  void declareIntegers(Loc L, uint64_t Size);
  void addDebugArray(Loc L, const llvm::DICompositeType &T, unsigned Depth);
  void addDebugStruct(Loc L, const llvm::DICompositeType &T, unsigned Depth);
  void addDebugTarget(Loc L, const llvm::DIDerivedType &Pointer,
                      unsigned Depth);
  llvm::Type *floatOfSize(uint64_t Bits) const;

  TypeGraph &G;
  const llvm::Module &M;
  const llvm::DataLayout &DL;
  unsigned PointerSize;
  llvm::DenseSet<std::pair<std::pair<unsigned, int64_t>, const void *>> Seen;
  /// Arrays of characters, perhaps names, and their sizes.
  std::vector<std::pair<Loc, uint64_t>> Names;
  unsigned Budget = 0;        ///< facts that one declaration may still add
  bool FollowPointers = true; ///< in debug info
  bool InText = false;        ///< in a type of debug info that holds text
  bool MayDerive;             ///< classes of this module may be bases
  bool InC;                   ///< some of this module is in C
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TYPEANALYSISSOURCES_H
