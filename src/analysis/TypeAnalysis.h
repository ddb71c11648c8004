//===- TypeAnalysis.h - Which bytes are floats ------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memory is untyped in LLVM IR, and floats travel through integer loads,
// memcpy and aggregates. This analysis decides for the bytes of a value and
// of the memory behind a pointer whether they are floating point (of which
// kind), pointers or integers. Where an instruction's own type says it, nobody
// needs to ask.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TYPEANALYSIS_H
#define LINKGRAD_ANALYSIS_TYPEANALYSIS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <vector>

namespace llvm {
class CallBase;
class Function;
class GlobalVariable;
class Instruction;
class LoadInst;
class raw_ostream;
class Type;
class Value;
} // namespace llvm

namespace linkgrad {

class DeepFloats;
class TypeTree;

/// Marks a memcpy of a double or a pointer: prepare/UnionCopies.h.
inline constexpr char UnionCopyMD[] = "linkgrad.union.copy";

/// What some bytes are.
struct ConcreteType {
  enum Kind {
    Unknown,  ///< nothing is known
    Anything, ///< consistent with everything (undef, zero)
    Integer,
    Pointer,
    Float, ///< FloatType says which
    /// Only in layouts: a float of FloatType, a pointer or an integer. Their
    /// bits in the shadow tell.
    FloatOrPointer,
  };
  Kind K = Unknown;
  llvm::Type *FloatType = nullptr;

  bool isFloat() const { return K == Float; }
  bool isPointer() const { return K == Pointer; }
  bool mayBeFloat() const { return K == Float || K == FloatOrPointer; }
  bool mayBePointer() const { return K == Pointer || K == FloatOrPointer; }
  bool isKnown() const { return K != Unknown; }
  bool operator==(const ConcreteType &O) const = default;
};

/// Bytes [Begin, End) are consecutive elements of one type.
struct TypedRange {
  uint64_t Begin;
  uint64_t End;
  ConcreteType Type;
};

/// The bytes of a piece of memory in ascending order of Begin. If Stride is
/// not zero, the ranges in [Head, Head + Stride) repeat with that stride; those
/// before are a header in front of a table.
struct MemoryLayout {
  uint64_t Stride = 0;
  uint64_t Head = 0;
  llvm::SmallVector<TypedRange, 4> Ranges;

  bool hasFloats() const;
  bool hasOnlyFloats() const;
  bool hasOnlyIntegers() const;
  bool hasPointers() const;
};

/// Bytes that a function and what it calls move as integers, as pointers, or as
/// floats by a guess, as its callers can find them: a pointer is read at each
/// of Derefs, and they begin Begin bytes behind the last. In a table the first
/// element stands for all.
struct MovedBytes {
  /// Where the way begins, at the result if at neither.
  std::optional<unsigned> Parameter;
  const llvm::GlobalVariable *Global = nullptr;
  llvm::SmallVector<int64_t, 2> Derefs;
  int64_t Begin = 0;
  int64_t Size = 0;
  ConcreteType As;
  int64_t Stride = 0; ///< of the innermost table that they lie in, if any
  /// Only functions that a pointer may lead to move them.
  bool Perhaps = false;
  /// What they are at other times, if that is known: see floatsIn().
  llvm::Type *Float = nullptr;

  bool operator==(const MovedBytes &O) const = default;
};

/// The types of the values in one function; a fixpoint computed on
/// construction in time linear in the function's size. Callees are looked at
/// when a query cannot be answered without, within a budget that is linear in
/// the function's size, too.
///
/// The answers are about the function as it was on construction; values that
/// were added since are unknown.
class TypeTrees {
public:
  explicit TypeTrees(llvm::Function &F, DeepFloats *Deep = nullptr);
  ~TypeTrees();
  TypeTrees(TypeTrees &&);

  /// What \p V, of integer type, really holds at byte \p Offset: Integer,
  /// Pointer, Float, or Unknown if the uses and sources do not tell or
  /// contradict each other. For values of floating-point or pointer type it
  /// just repeats the type. Constants are Anything, whatever the place that
  /// they are stored to holds.
  ConcreteType valueType(const llvm::Value &V, uint64_t Offset = 0) const;

  /// True if some byte of the integer \p V is that of a float to some of its
  /// uses and something else to others.
  bool isContradictory(const llvm::Value &V) const;

  /// True if \p V is as long as an address and is one to some of its uses and
  /// sources, an integer to others.
  bool isPointerOrInteger(const llvm::Value &V) const;

  /// True if some byte of the integer \p V is that of a union whose members are
  /// known: ConcreteType::FloatOrPointer.
  bool isFloatOrPointer(const llvm::Value &V) const;

  /// The layout of the \p Size bytes (all, if not known) behind \p Ptr, as
  /// used by \p At (a memcpy, an integer-typed copy). The layout covers
  /// every byte or is periodic; Reason::UnknownType names the byte offset of
  /// the first unknown field, the instruction, its source line and the hint
  /// that would settle it.
  llvm::Expected<MemoryLayout> memoryBehind(const llvm::Value &Ptr,
                                            std::optional<uint64_t> Size,
                                            const llvm::Instruction &At) const;
  /// The same for those who need no reason; the text of an error is long to
  /// make in a big module. Nothing if some byte is not known.
  std::optional<MemoryLayout> layoutBehind(const llvm::Value &Ptr,
                                           std::optional<uint64_t> Size,
                                           const llvm::Instruction &At) const;

  /// True if \p Ptr is to any of the elements, of at most \p Size bytes, of a
  /// table whose first one is a float.
  bool beginsWithFloat(const llvm::Value &Ptr, uint64_t Size) const;

  /// True if the \p Size bytes behind \p Ptr, fewer than a pointer has, are
  /// part of one, or an element of a table that begins with a pointer.
  bool isPieceOfPointer(const llvm::Value &Ptr, uint64_t Size) const;

  /// From now on memoryBehind() takes what may be in a union for what the
  /// function, and what it calls, use it as. TBAA has the same tag for members
  /// of unions and for arrays in structs that LLVM has copied in pieces.
  void assumeOneMember();
  /// True if an answer rests on that. UnionFinder tells whether it is right.
  bool hasAssumedOneMember() const;

  /// True if one of the \p Size bytes behind \p Ptr is certainly of a float at
  /// some time.
  bool hasFloatBehind(const llvm::Value &Ptr, uint64_t Size) const;

  /// The first of the \p Size bytes behind \p Ptr that belongs to a pointer.
  std::optional<uint64_t> firstPointerBehind(const llvm::Value &Ptr,
                                             uint64_t Size) const;

  /// The float that bytes behind \p Ptr are at other times than those at which
  /// they are a pointer, if it has at most the size of one.
  llvm::Type *floatBesidePointer(const llvm::Value &Ptr) const;

  /// From now on the pointers that \p Loads read and those in integers count as
  /// moved, as do those in copies of memory, unless the program says that there
  /// are pointers: their bytes may be floats elsewhere.
  void countMovedPointers(llvm::ArrayRef<const llvm::LoadInst *> Loads);

  /// What the function has moved as what it may not be, for misreads().
  /// Callers know it by the number of one of \p Parameters.
  std::vector<MovedBytes>
  movedBytes(llvm::ArrayRef<const llvm::Value *> Parameters) const;

  /// What the callee of \p Call has to know of \p Callee, which it moves:
  /// pointers that are floats at other times, as floatBesidePointer() knows
  /// them, and integers that are floats here and that only functions which a
  /// pointer may lead to move. What else such pointers lead to says nothing
  /// there.
  std::vector<MovedBytes> floatsIn(const llvm::CallBase &Call,
                                   llvm::ArrayRef<MovedBytes> Callee) const;
  /// The same for the callee, by the number of one of \p Parameters: there are
  /// \p Floats, of which the caller knows.
  void assumeFloats(llvm::ArrayRef<const llvm::Value *> Parameters,
                    llvm::ArrayRef<MovedBytes> Floats);

  /// Whether there are floats in what the callee of \p Call moves as integers,
  /// pointers in what it moves as smaller integers, or anything else in what it
  /// guesses to be floats, by what this function, or what else it calls, does
  /// with the same memory; not if only functions that a pointer may lead to
  /// move them, see floatsIn(). From then on movedBytes() has the bytes of the
  /// callee, too.
  enum class Misread { No, Floats, Pointers, Guesses };
  Misread misreads(const llvm::CallBase &Call,
                   llvm::ArrayRef<MovedBytes> Callee) const;

  /// All that is known about \p V, for printing and for type strings.
  TypeTree treeOf(const llvm::Value &V) const;

private:
  class Impl;
  std::unique_ptr<Impl> P;
};

/// Prints the type trees of the arguments and instructions of \p F, and what
/// its copies and integer-typed accesses move.
void printTypes(llvm::Function &F, llvm::raw_ostream &OS);

/// True if the program says of the load or store \p I that it is one of a
/// pointer, by type-based alias information.
bool isPointerAccess(const llvm::Instruction &I);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TYPEANALYSIS_H
