//===- TypeAnalysisGraph.h - What is known about memory ---------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The graph behind TypeTrees. A node is a piece of memory as seen through the
// pointers to it, or the bytes of a value in registers. Pointers that flow
// into each other (phi, store and load, call) point to one node: their nodes
// are *unified*, at an offset. Bytes that are copied (memcpy, integer-typed
// loads and stores) have equal types while their memory stays apart: the two
// places are *tied*. Unification is union-find and ties are visited once for
// each fact that changes, so the fixpoint is linear in the number of facts,
// and each node holds a bounded number of them.
//
// Facts are *cells*: at this offset is something of this size. A table is one
// *part*: from Begin to End, every Stride bytes, there is an element, and the
// elements share one node. A part that comes from an index only is a guess
// (nobody says how far the index runs), and what is known for certain at an
// offset beats it.
//
// A node that has too many facts, or too many that contradict each other, is
// given up: with all that it points to it becomes the one lost node, of which
// nothing is known. Dropping facts one by one instead could hide a
// contradiction.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TYPEANALYSISGRAPH_H
#define LINKGRAD_ANALYSIS_TYPEANALYSISGRAPH_H

#include "analysis/TypeEvidence.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <deque>
#include <limits>
#include <set>
#include <vector>

namespace linkgrad {

/// \p X modulo \p M, never negative.
inline int64_t positiveMod(int64_t X, int64_t M) {
  int64_t R = X % M;
  return R < 0 ? R + M : R;
}

/// A byte of a node; or no place at all (the target of null).
struct Loc {
  static constexpr unsigned None = ~0u;
  unsigned Node = None;
  int64_t Offset = 0;

  explicit operator bool() const { return Node != None; }
  Loc operator+(int64_t D) const { return {Node, Offset + D}; }
  auto operator<=>(const Loc &O) const = default;
};

/// The answer to a query for one byte.
struct Found {
  Evidence Ev;
  int64_t Begin = 0;  ///< where the thing that holds the byte begins,
  int64_t End = 0;    ///< and ends
  int64_t RunEnd = 0; ///< the same thing repeats without gaps up to here
  Loc Pointee;        ///< if it is a pointer
  bool Guess = false; ///< only an unbounded index says so
  int64_t Table = 0;  ///< where the table of that index begins

  bool empty() const { return Ev.empty(); }
};

class TypeGraph {
public:
  static constexpr int64_t Unbounded = std::numeric_limits<int64_t>::max() / 4;
  static constexpr unsigned MaxCells = 512;
  static constexpr unsigned MaxParts = 128;
  static constexpr unsigned MaxCellSize = 16;
  static constexpr unsigned MaxConflicts = 64;
  static constexpr unsigned MaxGrowth = 64;

  TypeGraph() { newNode(); }

  Loc newNode();

  /// Adds a fact about \p Size bytes at \p L. Bigger things than 16 bytes do
  /// not exist; the callers split vectors and aggregates.
  void mark(Loc L, unsigned Size, Evidence Ev);
  /// What the pointer of \p Size bytes at \p L points to.
  Loc pointee(Loc L, unsigned Size);
  /// The elements of a table that starts at \p L.
  Loc element(Loc L, uint64_t Stride, int64_t Bytes, bool Guess,
              bool Declared = false, bool Indexed = true);
  /// The same for an index that nobody bounds.
  Loc element(Loc L, uint64_t Stride) {
    return element(L, Stride, Unbounded, /*Guess=*/true);
  }
  /// The same for a pointer that is declared to point to such elements.
  Loc declaredElement(Loc L, uint64_t Stride) {
    return element(L, Stride, Unbounded, /*Guess=*/true, /*Declared=*/true);
  }
  /// The same if it may be declared for another object that begins with one:
  /// there are several only where an index runs over them, too.
  Loc declaredHeader(Loc L, uint64_t Stride) {
    return element(L, Stride, Unbounded, /*Guess=*/true, /*Declared=*/true,
                   /*Indexed=*/false);
  }
  /// \p A and \p B are the same place.
  void unify(Loc A, Loc B);
  /// \p Size bytes at \p A and \p B have the same types.
  void tie(Loc A, Loc B, int64_t Size);
  /// A copy of unknown length in units of \p Unit bytes (0: not known).
  void tieTable(Loc A, Loc B, int64_t Unit);

  /// Spreads all facts over ties and unifications.
  void run();

  /// The byte at \p L, by what is known about its place or, if that is nothing
  /// for certain, about the tables that it is an element of; by both if
  /// \p AllTables. Offsets in the answer count from \p L.
  Found lookup(Loc L, bool AllTables = false) const;
  /// True if anything says that a string begins at \p L, and nothing that the
  /// byte there is no integer.
  bool isTextAt(Loc L) const;
  /// The float that something but an index without bounds says the byte at
  /// \p L to be of, even if something else is known there.
  llvm::Type *floatAt(Loc L) const;
  /// What constant offsets say about the first of the elements of at most
  /// \p Size bytes of the tables of which L is one.
  Evidence firstElement(Loc L, int64_t Size) const;
  /// A float that may be among an unknown number of pointers of \p Size bytes
  /// which are copied from or to \p L, as another member of a union.
  llvm::Type *floatAmongPointers(Loc L, int64_t Size) const;
  /// How a node is reached from places: a pointer is read at each of Derefs,
  /// and its byte x is Shift + x bytes behind the last.
  struct Way {
    unsigned Root;
    llvm::SmallVector<int64_t, 2> Derefs;
    int64_t Shift;
    int64_t Stride = 0; ///< of the innermost table
  };
  llvm::DenseMap<unsigned, Way> waysFrom(llvm::ArrayRef<Loc> Roots) const;
  /// True if there are floats in what is reached so from \p Roots.
  bool leadToFloats(llvm::ArrayRef<Loc> Roots) const;
  /// The bytes congruent to \p R modulo \p Stride from \p L on, joined. If
  /// \p Counted, elements of that size are there for certain.
  Found lookupPeriodic(Loc L, int64_t Stride, int64_t R,
                       bool Counted = false) const;
  /// Strides at which tables through \p L repeat, the greatest first; if
  /// \p Indexed, not those of which nothing says that there are several
  /// elements.
  llvm::SmallVector<int64_t, 4> stridesAt(Loc L, bool Indexed = false) const;
  /// Whether a declaration says that elements follow \p L, of this size or a
  /// fraction of it, over \p Bytes bytes if it says how many.
  bool isDeclaredTable(Loc L, int64_t Stride, int64_t Bytes) const;
  /// Offsets relative to \p L at which something is known to begin, in order.
  llvm::SmallVector<int64_t, 16> knownOffsets(Loc L) const;
  /// The stride of a table of like elements that begins at \p L, else 0.
  int64_t uniformTableAt(Loc L) const;

  /// True if some bytes are, or may be if not \p Surely, pointers and floats of
  /// a type for which \p Counts.
  bool mixesPointers(llvm::function_ref<bool(llvm::Type *)> Counts,
                     bool Surely = false) const;

  /// True if some bytes of what may be a union are used as two different
  /// things.
  bool mixesMembers() const;

  /// Notes that \p Size bytes are stored at \p L: a pointer, or what may have
  /// some. \p Words says that they are an unknown number of anything that is
  /// not bigger than one.
  void noteStore(Loc L, int64_t Size, bool IsPointer, bool Words = false);
  /// True if a pointer is stored where a float is or, however far an index
  /// runs, may be; or if that is not known.
  bool storesPointersOverFloats() const;

  /// Copies the part of \p From that is reachable from \p L into this graph,
  /// unless that is too much. \p Map says what has been copied already. If
  /// \p OnlyFloats, only floats that nothing there contradicts, and where the
  /// pointers on the way to them lead.
  Loc import(const TypeGraph &From, Loc L,
             llvm::DenseMap<unsigned, unsigned> &Map, bool OnlyFloats = false);
  /// The same for what is stored in what \p Map says.
  void importStores(const TypeGraph &From,
                    const llvm::DenseMap<unsigned, unsigned> &Map);
  /// Something that was to be copied from another graph is not here.
  bool isIncomplete() const { return Incomplete; }
  void setIncomplete() { Incomplete = true; }

  Loc find(Loc L) const;

  size_t size() const { return Nodes.size(); }
  /// For tests: units of work so far, and facts held by the biggest node.
  uint64_t steps() const { return Steps; }
  size_t maxFacts() const;

private:
  struct Cell {
    int64_t Begin;
    unsigned Size;
    Evidence Ev;
    Loc Pointee;
    int64_t end() const { return Begin + Size; }
  };
  struct Part {
    int64_t Begin;
    int64_t End;
    int64_t Stride;
    int64_t Align; ///< an element begins here; in (Begin - Stride, Begin]
    bool Guess;    ///< of unknown length
    bool Declared; ///< but declared to go on,
    bool Indexed;  ///< which it does, if this is set
    Loc Elem;      ///< where an element begins in the node of the elements
    unsigned Growth = 0; ///< how often End moved
    bool goesOn() const { return !Guess || (Declared && Indexed); }
  };
  /// Cells in [Begin, CellEnd) and tables that overlap [Begin, End) are the
  /// same at Other. A copy of unknown length has no End.
  struct Tie {
    int64_t Begin;
    int64_t CellEnd;
    int64_t End;
    Loc Other;
    int64_t length() const {
      return End == Unbounded ? Unbounded : End - Begin;
    }
    auto operator<=>(const Tie &) const = default;
  };
  struct Node {
    unsigned Parent = Loc::None; ///< union-find: None for a root
    int64_t Shift = 0;           ///< offset x here is x + Shift in Parent
    unsigned Conflicts = 0;      ///< cells that were in conflict from the start
    std::vector<Cell> Cells;     ///< by (Begin, Size)
    std::vector<Part> Parts;
    std::set<Tie> ShortTies; ///< of at most MaxCellSize bytes
    std::set<Tie> LongTies;
    llvm::SmallVector<unsigned, 1> Tables; ///< nodes that hold a part of these
  };
  struct Store {
    Loc At;
    int64_t Size;
    bool IsPointer;
    bool Words;
    auto operator<=>(const Store &) const = default;
  };
  /// A fact that its ties have not seen yet.
  struct Event {
    Loc At;
    int64_t Size; ///< of the cell, or the stride of the part
    bool IsPart;
  };

  // Building, in TypeAnalysisGraph.cpp and, from merge on,
  // TypeAnalysisSpread.cpp.
  static std::vector<Cell>::const_iterator firstCellFrom(const Node &N,
                                                         int64_t Begin);
  static constexpr unsigned LostNode = 0;
  bool isLost(unsigned Id) const { return find({Id, 0}).Node == LostNode; }
  bool makeRoom(unsigned Id);
  void giveUp(unsigned Id);
  void taint(Loc L, int64_t Size);
  void markCell(Loc L, unsigned Size, const Evidence &Ev, Loc Pointee);
  void checkOverlap(unsigned Id, int64_t Begin, unsigned Size);
  bool absorbedByTable(const Node &N, const Cell &C);
  void compact(unsigned N);
  bool implies(const Part &Q, const Part &P) const;
  void addPart(unsigned N, Part P);
  void joinNestedParts(const Node &N, const Part &P);
  void addTie(unsigned N, const Tie &T);
  void merge(Loc A, Loc B);
  void overlapWithItself(unsigned N, int64_t A, int64_t B,
                         int64_t Bytes = Unbounded);
  void spread(const Event &E);
  void spreadOver(unsigned N, const Tie &T);
  bool spreadsOverItself(unsigned N, const Tie &T, Loc Other);
  void spreadCell(unsigned N, const Cell &C, const Tie &T);
  bool hasInteger(unsigned N, int64_t Begin, int64_t End) const;
  void spreadPart(unsigned N, const Part &P, const Tie &T);

  // Queries, in TypeAnalysisLookup.cpp. A modulus of 0 is an exact offset,
  // else all bytes congruent to it are meant.
  Found local(unsigned N, int64_t Y, int64_t Mod, unsigned Depth) const;
  Found cellFound(const Cell &C, int64_t Begin) const;
  Found cellsAt(unsigned N, int64_t Y, int64_t Mod) const;
  Found guessAt(unsigned N, int64_t Y, int64_t Mod, unsigned Depth) const;
  Found elementAt(const Part &P, int64_t Y, int64_t Mod, unsigned Depth) const;
  Found constantElements(unsigned N, int64_t Y) const;
  Found throughTables(unsigned N, int64_t Y, unsigned Depth) const;
  Found neighbours(unsigned Table, const Part &P, int64_t Y,
                   unsigned Depth) const;
  int64_t boundAt(unsigned N, int64_t Y) const;
  Evidence anythingAt(Loc L) const;
  int64_t endOfPointers(Loc L) const;

  mutable std::deque<Node> Nodes;
  std::vector<std::pair<Loc, Loc>> Unifications;
  std::deque<Event> Events;
  std::deque<std::pair<unsigned, Tie>> NewTies;
  std::set<Store> Stores;
  bool Incomplete = false;
  uint64_t Steps = 0;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TYPEANALYSISGRAPH_H
