//===- TypeAnalysisSpread.cpp - How facts about memory spread -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Places that are the same are merged, and facts flow over ties, until nothing
// is new.
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAnalysisGraph.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace linkgrad {

//===----------------------------------------------------------------------===//
// Unification
//===----------------------------------------------------------------------===//

void TypeGraph::unify(Loc A, Loc B) {
  if (A && B && !(find(A) == find(B)))
    Unifications.push_back({A, B});
}

void TypeGraph::merge(Loc A, Loc B) {
  ++Steps;
  A = find(A);
  B = find(B);
  if (A.Node == B.Node) {
    if (A.Offset != B.Offset)
      overlapWithItself(A.Node, A.Offset, B.Offset);
    return;
  }
  if (A.Node == LostNode || B.Node == LostNode)
    return giveUp(A.Node == LostNode ? B.Node : A.Node);
  auto Facts = [&](Loc L) {
    const Node &N = Nodes[L.Node];
    return N.Cells.size() + N.Parts.size() + N.ShortTies.size() +
           N.LongTies.size();
  };
  if (Facts(A) > Facts(B))
    std::swap(A, B);

  Node Old = std::move(Nodes[A.Node]);
  int64_t Shift = B.Offset - A.Offset;
  Nodes[A.Node] = Node();
  Nodes[A.Node].Parent = B.Node;
  Nodes[A.Node].Shift = Shift;
  Nodes[B.Node].Conflicts += Old.Conflicts;
  for (unsigned T : Old.Tables)
    if (Nodes[B.Node].Tables.size() < 8 &&
        !is_contained(Nodes[B.Node].Tables, T))
      Nodes[B.Node].Tables.push_back(T);
  auto MoveTie = [&](const Tie &T) {
    addTie(B.Node, {T.Begin + Shift, T.CellEnd + Shift,
                    T.End == Unbounded ? Unbounded : T.End + Shift, T.Other});
  };
  for (const Tie &T : Old.ShortTies)
    MoveTie(T);
  for (const Tie &T : Old.LongTies)
    MoveTie(T);
  for (const Cell &C : Old.Cells)
    markCell({B.Node, C.Begin + Shift}, C.Size, C.Ev, C.Pointee);
  for (Part P : Old.Parts) {
    P.Begin += Shift;
    P.Align += Shift;
    if (P.End != Unbounded)
      P.End += Shift;
    addPart(B.Node, P);
  }
}

/// A pointer that walks through its own memory, or a copy of \p Bytes from one
/// place to another of the same memory that overlap: elements at that distance.
/// The copy, of which each element is the next one's source, says how many.
void TypeGraph::overlapWithItself(unsigned Id, int64_t A, int64_t B,
                                  int64_t Bytes) {
  Loc First{Id, std::min(A, B)};
  int64_t Stride = std::max(A, B) - First.Offset;
  Loc E = Bytes < Unbounded
              ? element(First, Stride, Bytes + Stride, /*Guess=*/false)
              : element(First, Stride);
  if (E && !(find(E).Node == Id))
    tie(First, E, Stride);
}

//===----------------------------------------------------------------------===//
// Ties
//===----------------------------------------------------------------------===//

void TypeGraph::tie(Loc A, Loc B, int64_t Size) {
  if (!A || !B || Size <= 0)
    return;
  A = find(A);
  B = find(B);
  if (A == B)
    return;
  addTie(A.Node, {A.Offset, A.Offset + Size, A.Offset + Size, B});
  addTie(B.Node, {B.Offset, B.Offset + Size, B.Offset + Size, A});
}

void TypeGraph::tieTable(Loc A, Loc B, int64_t Unit) {
  if (!A || !B)
    return;
  A = find(A);
  B = find(B);
  if (A == B)
    return;
  if (Unit > 0)
    unify(element(A, Unit), element(B, Unit));
  int64_t First = std::max<int64_t>(Unit, 1);
  addTie(A.Node, {A.Offset, A.Offset + First, Unbounded, B});
  addTie(B.Node, {B.Offset, B.Offset + First, Unbounded, A});
}

void TypeGraph::addTie(unsigned Id, const Tie &T) {
  ++Steps;
  if (isLost(Id))
    return taint(T.Other, T.End == Unbounded ? Unbounded : T.End - T.Begin);
  if (find(T.Other) == Loc{Id, T.Begin})
    return;
  bool Short = T.End - T.Begin <= MaxCellSize;
  auto &Ties = Short ? Nodes[Id].ShortTies : Nodes[Id].LongTies;
  if (Ties.insert(T).second)
    NewTies.push_back({Id, T});
}

void TypeGraph::run() {
  while (true) {
    if (!Unifications.empty()) {
      auto [A, B] = Unifications.back();
      Unifications.pop_back();
      merge(A, B);
    } else if (!NewTies.empty()) {
      auto [Id, T] = NewTies.front();
      NewTies.pop_front();
      spreadOver(Id, T);
    } else if (!Events.empty()) {
      Event E = Events.front();
      Events.pop_front();
      spread(E);
    } else {
      return;
    }
  }
}

/// What is there already flows over a new tie.
void TypeGraph::spreadOver(unsigned Id, const Tie &T) {
  const Node &N = Nodes[Id];
  if (N.Parent != Loc::None)
    return; // Its ties have moved, and are new there.
  SmallVector<Cell, 8> Cells;
  for (auto C = firstCellFrom(N, T.Begin - MaxCellSize);
       C != N.Cells.end() && C->Begin < T.CellEnd; ++C)
    Cells.push_back(*C);
  SmallVector<Part, 4> Parts(N.Parts.begin(), N.Parts.end());
  for (const Cell &C : Cells)
    spreadCell(Id, C, T);
  for (const Part &P : Parts)
    spreadPart(Id, P, T);
}

void TypeGraph::spread(const Event &E) {
  Loc At = find(E.At);
  if (At.Node == LostNode)
    return;
  const Node &N = Nodes[At.Node];
  // Copies: spreading can add facts and ties to this node, too.
  SmallVector<Tie, 8> Reached;
  SmallVector<Cell, 1> Cells;
  SmallVector<Part, 1> Parts;
  int64_t End = At.Offset + E.Size;
  if (E.IsPart) {
    for (const Part &P : N.Parts)
      if (P.Begin == At.Offset && P.Stride == E.Size) {
        Parts.push_back(P);
        End = std::max(End, P.End);
      }
  } else {
    for (const Cell &C : N.Cells)
      if (C.Begin == At.Offset && C.Size == E.Size)
        Cells.push_back(C);
  }
  Tie From{At.Offset - MaxCellSize, 0, 0, {}};
  for (auto T = N.ShortTies.lower_bound(From);
       T != N.ShortTies.end() && T->Begin < End; ++T)
    Reached.push_back(*T);
  append_range(Reached, N.LongTies);

  for (const Tie &T : Reached) {
    ++Steps;
    for (const Cell &C : Cells)
      spreadCell(At.Node, C, T);
    for (const Part &P : Parts)
      spreadPart(At.Node, P, T);
  }
}

/// True if a tie from \p Begin to \p Other of the same node connects ranges
/// that overlap. Spreading over it would go on and on.
static bool overlaps(int64_t Begin, int64_t End, int64_t Other) {
  int64_t Distance = std::abs(Other - Begin);
  return Distance < End - Begin;
}

/// True if \p T, from the node \p Id to \p Other, is such a tie: then it says
/// that there are elements.
bool TypeGraph::spreadsOverItself(unsigned Id, const Tie &T, Loc Other) {
  if (Other.Node != Id || !overlaps(T.Begin, T.End, Other.Offset))
    return false;
  if (Other.Offset != T.Begin)
    overlapWithItself(Id, T.Begin, Other.Offset, T.length());
  return true;
}

void TypeGraph::spreadCell(unsigned Id, const Cell &C, const Tie &T) {
  if (C.Begin >= T.CellEnd || C.end() <= T.Begin)
    return;
  Loc Other = find(T.Other);
  if (spreadsOverItself(Id, T, Other))
    return;
  int64_t Lo = std::max(C.Begin, T.Begin), Hi = std::min(C.end(), T.CellEnd);
  bool OpenEnd = T.End != T.CellEnd;
  if (C.Begin >= T.Begin && (OpenEnd || C.end() <= T.CellEnd))
    return markCell(Other + (C.Begin - T.Begin), C.Size, C.Ev, C.Pointee);
  // A fraction of an integer is an integer; of anything else, nothing that a
  // rule exists for.
  bool Fraction = !C.Ev.Float && !C.Ev.Pointer && !C.Ev.Mixed && !C.Ev.Tail &&
                  !C.Ev.Variant;
  markCell(Other + (Lo - T.Begin), Hi - Lo, Fraction ? C.Ev : Evidence::mixed(),
           {});
}

/// True if some of the bytes are those of an integer for certain.
bool TypeGraph::hasInteger(unsigned Id, int64_t Begin, int64_t End) const {
  const Node &N = Nodes[Id];
  auto C = firstCellFrom(N, Begin - MaxCellSize);
  for (; C != N.Cells.end() && C->Begin < End; ++C)
    if (C->end() > Begin && C->Ev.Integer && !C->Ev.Float && !C->Ev.Pointer)
      return true;
  return false;
}

void TypeGraph::spreadPart(unsigned Id, const Part &P, const Tie &T) {
  if (P.Begin >= T.End || P.End <= T.Begin)
    return;
  // Nobody says that an index goes as far as to where the copy begins.
  if (!P.goesOn() && T.Begin >= P.Begin + P.Stride)
    return;
  // Nothing says how far beyond its first unit an open-ended copy reaches.
  if (T.End == Unbounded && P.Begin >= T.Begin + P.Stride &&
      P.Begin >= T.CellEnd)
    return;
  Loc Other = find(T.Other);
  if (spreadsOverItself(Id, T, Other))
    return;
  // A few bytes of a table are bytes of an element, if they are in one for
  // certain. Tables of their own would only crowd the nodes.
  if (T.End - T.Begin <= MaxCellSize) {
    int64_t Size = T.End - T.Begin;
    int64_t R = positiveMod(T.Begin - P.Align, P.Stride);
    bool First = T.Begin >= P.Begin && T.Begin < P.Begin + P.Stride;
    // An index that counts from 1 may be written from the header before the
    // array on.
    bool Certain = !P.Guess || (First && !hasInteger(Id, T.Begin, T.End));
    if (T.Begin >= P.Begin && T.End <= P.End && R + Size <= P.Stride && Certain)
      return tie(Other, P.Elem + R, Size);
    if (P.Guess)
      return;
  }
  int64_t Shift = Other.Offset - T.Begin;
  Part Copy = P;
  Copy.Begin = std::max(P.Begin, T.Begin) + Shift;
  Copy.Align += Shift;
  int64_t End = std::min(P.End, T.End);
  Copy.End = End == Unbounded ? Unbounded : End + Shift;
  addPart(Other.Node, Copy);
}

} // namespace linkgrad
