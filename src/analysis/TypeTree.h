//===- TypeTree.h - Types by path of byte offsets ---------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A type tree says what a value is and what is behind its pointers: a map
// from paths to types. A path holds one byte offset for each level, -1 for
// every offset; the first level is the value's own bytes, the empty path the
// value as a whole. `{[-1]:Pointer, [-1,0]:Float@double, [-1,8]:Integer}` is a
// pointer to a double followed by an integer.
//
// This is the form in which types cross interfaces: `enzyme_type` attributes,
// the C API, printed output. The analysis itself works on a graph.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TYPETREE_H
#define LINKGRAD_ANALYSIS_TYPETREE_H

#include "analysis/TypeAnalysis.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <string>
#include <vector>

namespace llvm {
class DataLayout;
class LLVMContext;
class raw_ostream;
} // namespace llvm

namespace linkgrad {

/// The spelling of \p T in type strings: "Integer", "Float@double", …
std::string typeName(ConcreteType T);

class TypeTree {
public:
  using Path = std::vector<int64_t>;

  /// Longer paths are dropped: what they say stays unknown.
  static constexpr unsigned MaxDepth = 6;
  /// A tree never has more entries than this; what comes later is dropped.
  static constexpr unsigned MaxEntries = 512;

  struct Entry {
    ConcreteType Type;
    bool Conflict = false; ///< contradicting facts; Type is Unknown
  };

  TypeTree() = default;
  explicit TypeTree(ConcreteType T) { insert({}, T); }

  /// Joins \p T into what is known at \p P. Unknown < Anything < each other
  /// type < conflict; a conflict is kept, so that no later fact hides it.
  /// \returns whether anything changed.
  bool insert(llvm::ArrayRef<int64_t> P, ConcreteType T);

  /// Joins all of \p Other. \returns whether anything changed.
  bool merge(const TypeTree &Other);

  /// This tree one level down: \p Offset is prepended to every path.
  TypeTree only(int64_t Offset) const;

  /// What is at offset 0: the paths that start with 0 or -1, without it.
  TypeTree data0() const;

  /// The bytes [\p Offset, \p Offset + \p MaxSize) of this tree (to the end
  /// if \p MaxSize is -1), moved so that they start at \p AddOffset.
  TypeTree shiftIndices(const llvm::DataLayout &DL, int64_t Offset,
                        int64_t MaxSize, uint64_t AddOffset) const;

  /// What is known at \p P, also through entries with -1.
  ConcreteType at(llvm::ArrayRef<int64_t> P) const;

  bool empty() const { return Entries.empty(); }
  bool hasConflict() const;
  /// In lexicographic order of the paths.
  const std::map<Path, Entry> &entries() const { return Entries; }

  void print(llvm::raw_ostream &OS) const;
  std::string str() const;

  /// Reads the form that str() writes. \returns Reason::BadMarker for
  /// malformed text.
  static llvm::Expected<TypeTree> parse(llvm::StringRef Text,
                                        llvm::LLVMContext &Context);

private:
  bool insertConflict(llvm::ArrayRef<int64_t> P);

  std::map<Path, Entry> Entries;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TYPETREE_H
