//===- TypeAnalysisGraph.cpp - What is known about memory -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Building the graph: nodes, cells and tables. How facts spread is in
// TypeAnalysisSpread.cpp, the queries are in TypeAnalysisLookup.cpp.
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAnalysisGraph.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Type.h"
#include <tuple>

using namespace llvm;

namespace linkgrad {

//===----------------------------------------------------------------------===//
// Nodes and cells
//===----------------------------------------------------------------------===//

Loc TypeGraph::newNode() {
  Nodes.emplace_back();
  return {static_cast<unsigned>(Nodes.size() - 1), 0};
}

Loc TypeGraph::find(Loc L) const {
  if (!L)
    return L;
  unsigned Root = L.Node;
  int64_t Shift = 0;
  for (; Nodes[Root].Parent != Loc::None; Root = Nodes[Root].Parent)
    Shift += Nodes[Root].Shift;
  // Path compression.
  int64_t Rest = Shift;
  for (unsigned N = L.Node; N != Root;) {
    Node &X = Nodes[N];
    N = X.Parent;
    int64_t Step = X.Shift;
    X.Parent = Root;
    X.Shift = Rest;
    Rest -= Step;
  }
  return {Root, L.Offset + Shift};
}

std::vector<TypeGraph::Cell>::const_iterator
TypeGraph::firstCellFrom(const Node &N, int64_t Begin) {
  return llvm::lower_bound(
      N.Cells, Begin, [](const Cell &C, int64_t B) { return C.Begin < B; });
}

void TypeGraph::mark(Loc L, unsigned Size, Evidence Ev) {
  if (L && Size)
    markCell(L, Size, Ev, {});
}

Loc TypeGraph::pointee(Loc L, unsigned Size) {
  if (!L)
    return {};
  L = find(L);
  if (L.Node == LostNode)
    return {LostNode, 0};
  const Node &N = Nodes[L.Node];
  for (auto C = firstCellFrom(N, L.Offset);
       C != N.Cells.end() && C->Begin == L.Offset; ++C)
    if (C->Size == Size && C->Pointee)
      return find(C->Pointee);
  Loc Target = newNode();
  markCell(L, Size, Evidence::pointer(), Target);
  return Target;
}

void TypeGraph::markCell(Loc L, unsigned Size, const Evidence &Ev,
                         Loc Pointee) {
  ++Steps;
  L = find(L);
  if (L.Node == LostNode)
    return unify(Pointee, {LostNode, 0});
  Node &N = Nodes[L.Node];
  Cell New{L.Offset, Size, Ev, Pointee};
  auto Before = [](const Cell &A, const Cell &B) {
    return std::tie(A.Begin, A.Size) < std::tie(B.Begin, B.Size);
  };
  auto It = llvm::lower_bound(N.Cells, New, Before);
  bool Changed = true;
  if (It != N.Cells.end() && It->Begin == New.Begin && It->Size == Size) {
    Changed = It->Ev.join(Ev);
    if (It->Pointee) {
      if (Pointee)
        unify(It->Pointee, Pointee);
    } else if (Pointee) {
      It->Pointee = Pointee;
      Changed = true;
    }
  } else {
    if (absorbedByTable(N, New))
      return;
    N.Conflicts += Ev.Mixed;
    if (!makeRoom(L.Node))
      return unify(Pointee, {LostNode, 0});
    N.Cells.insert(llvm::lower_bound(N.Cells, New, Before), New);
  }
  if (!Changed)
    return;
  checkOverlap(L.Node, L.Offset, Size);
  Events.push_back({L, Size, /*IsPart=*/false});
}

/// \returns false if the node was given up instead.
bool TypeGraph::makeRoom(unsigned Id) {
  Node &N = Nodes[Id];
  bool Full = N.Cells.size() >= MaxCells;
  if (Full)
    compact(Id);
  // Too little room for compacting again soon to be worth it.
  Full &= N.Cells.size() > MaxCells / 4 * 3;
  if (!isLost(Id) && (Full || N.Conflicts > MaxConflicts))
    giveUp(Id);
  return !isLost(Id);
}

void TypeGraph::giveUp(unsigned Id) {
  if (isLost(Id))
    return;
  Node Old = std::move(Nodes[Id]);
  Nodes[Id] = Node();
  Nodes[Id].Parent = LostNode;
  for (const Cell &C : Old.Cells)
    unify(C.Pointee, {LostNode, 0});
  for (const Part &P : Old.Parts)
    unify(P.Elem, {LostNode, 0});
  for (const Tie &T : Old.ShortTies)
    taint(T.Other, T.End - T.Begin);
  for (const Tie &T : Old.LongTies)
    taint(T.Other, T.End == Unbounded ? Unbounded : T.End - T.Begin);
}

/// What is at \p L was copied from or to the lost node.
void TypeGraph::taint(Loc L, int64_t Size) {
  if (Size <= MaxCellSize) {
    mark(L, Size, Evidence::mixed());
  } else {
    Loc E = element(L, 1, Size, /*Guess=*/false);
    mark(E, 1, Evidence::mixed());
  }
}

/// A float or a pointer that shares bytes with something else is in conflict
/// as a whole. Weak integers give way instead.
void TypeGraph::checkOverlap(unsigned Id, int64_t Begin, unsigned Size) {
  Node &N = Nodes[Id];
  auto IsAtom = [](const Cell &C) { return C.Ev.Float || C.Ev.Pointer; };
  SmallVector<Cell *, 4> Strong;
  Cell *New = nullptr;
  size_t I = firstCellFrom(N, Begin - MaxCellSize) - N.Cells.begin();
  for (; I < N.Cells.size() && N.Cells[I].Begin < Begin + Size; ++I) {
    Cell &C = N.Cells[I];
    if (C.end() <= Begin || !(IsAtom(C) || C.Ev.Integer))
      continue;
    if (C.Begin == Begin && C.Size == Size)
      New = &C;
    else
      Strong.push_back(&C);
  }
  if (!New || Strong.empty())
    return;
  Strong.push_back(New);
  for (Cell *C : Strong)
    if (IsAtom(*C) && !C->Ev.Mixed) {
      C->Ev.Mixed = true;
      Events.push_back({{Id, C->Begin}, C->Size, /*IsPart=*/false});
    }
}

/// Once a node is full, a cell that only repeats what a table says is not
/// stored.
bool TypeGraph::absorbedByTable(const Node &N, const Cell &C) {
  if (N.Cells.size() < MaxCells / 8)
    return false;
  for (const Part &P : N.Parts) {
    if (P.Guess || C.Size != P.Stride || C.Begin < P.Begin || C.end() > P.End ||
        (C.Begin - P.Align) % P.Stride)
      continue;
    Loc E = find(P.Elem);
    const auto &Cells = Nodes[E.Node].Cells;
    if (Cells.size() != 1 || Cells[0].Begin != E.Offset ||
        Cells[0].Size != C.Size || !(Cells[0].Ev == C.Ev))
      continue;
    if (C.Pointee)
      markCell(E, C.Size, C.Ev, C.Pointee);
    return true;
  }
  return false;
}

/// Turns runs of like neighbours into tables, so that straight-line code over
/// a long array needs few facts.
void TypeGraph::compact(unsigned Id) {
  constexpr size_t MinRun = 8;
  Node &N = Nodes[Id];
  std::vector<Cell> Old = std::move(N.Cells);
  N.Cells.clear();
  for (size_t I = 0, J; I < Old.size(); I = J) {
    for (J = I + 1; J < Old.size() && Old[J].Begin == Old[J - 1].end() &&
                    Old[J].Size == Old[I].Size && Old[J].Ev == Old[I].Ev;)
      ++J;
    Steps += J - I;
    if (J - I < MinRun) {
      N.Cells.insert(N.Cells.end(), Old.begin() + I, Old.begin() + J);
      continue;
    }
    Loc E = newNode();
    for (size_t K = I; K < J; ++K)
      if (K == I || Old[K].Pointee)
        markCell(E, Old[I].Size, Old[I].Ev, Old[K].Pointee);
    // Continue the table that an earlier run has left, if there is one.
    for (const Part &P : N.Parts)
      if (!P.Guess && P.Stride == Old[I].Size && P.End == Old[I].Begin &&
          (P.End - P.Align) % P.Stride == 0 &&
          local(find(P.Elem).Node, find(P.Elem).Offset, 0, 0).Ev == Old[I].Ev) {
        unify(E, P.Elem);
        E = P.Elem;
        break;
      }
    addPart(Id, {Old[I].Begin, Old[J - 1].end(), Old[I].Size, Old[I].Begin,
                 /*Guess=*/false, /*Declared=*/false, /*Indexed=*/true, E});
  }
  if (isLost(Id))
    for (const Cell &C : Old)
      unify(C.Pointee, {LostNode, 0});
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

Loc TypeGraph::element(Loc L, uint64_t Stride, int64_t Bytes, bool Guess,
                       bool Declared, bool Indexed) {
  if (!L || Stride == 0 || Stride >= static_cast<uint64_t>(Unbounded))
    return {};
  L = find(L);
  if (L.Node == LostNode)
    return {LostNode, 0};
  int64_t S = Stride;
  // From element to element of the table that this is an element of.
  if (Guess && !Declared)
    for (unsigned T : Nodes[L.Node].Tables)
      for (const Part &P : Nodes[find({T, 0}).Node].Parts)
        if (find(P.Elem).Node == L.Node && S % P.Stride == 0)
          return L;
  Part New{L.Offset, Bytes >= Unbounded ? Unbounded : L.Offset + Bytes,
           S,        L.Offset,
           Guess,    Declared,
           Indexed,  {}};
  for (const Part &P : Nodes[L.Node].Parts)
    if (P.Begin == New.Begin && P.Stride == S && P.Align == New.Align)
      New.Elem = P.Elem;
  if (!New.Elem)
    New.Elem = newNode();
  addPart(L.Node, New);
  return find(New.Elem);
}

/// True if each element of \p P is one of \p Q.
bool TypeGraph::implies(const Part &Q, const Part &P) const {
  return P.Stride % Q.Stride == 0 && (P.Align - Q.Align) % Q.Stride == 0 &&
         Q.Begin <= P.Begin && P.End <= Q.End && P.Guess >= Q.Guess &&
         P.goesOn() <= Q.goesOn() && find(P.Elem) == find(Q.Elem);
}

void TypeGraph::addPart(unsigned Id, Part P) {
  ++Steps;
  if (isLost(Id))
    return unify(P.Elem, {LostNode, 0});
  Node &N = Nodes[Id];
  P.Align = P.Begin - positiveMod(P.Begin - P.Align, P.Stride);
  for (Part &Q : N.Parts) {
    bool Same = Q.Begin == P.Begin && Q.Align == P.Align;
    bool Continues =
        P.Begin >= Q.Begin && P.Begin <= Q.End && Q.Guess == P.Guess &&
        (P.Align - Q.Align) % Q.Stride == 0 && find(P.Elem) == find(Q.Elem);
    if (Q.Stride != P.Stride || !(Same || Continues))
      continue;
    unify(Q.Elem, P.Elem);
    if (Q.Growth > MaxGrowth)
      return;
    int64_t OldEnd = Q.End;
    bool OldGuess = Q.Guess, WentOn = Q.goesOn();
    if (Q.Guess && !P.Guess)
      Q.End = P.End;
    else if (Q.Guess == P.Guess)
      Q.End = std::max(Q.End, P.End);
    Q.Guess &= P.Guess;
    Q.Declared |= P.Declared;
    Q.Indexed |= P.Indexed;
    // Copied to its own end again and again, by a length that is not known.
    if (Q.End > OldEnd && ++Q.Growth > MaxGrowth) {
      Q.End = Unbounded;
      Q.Guess = true;
      Q.Declared = false;
    }
    if (Q.End != OldEnd || Q.Guess != OldGuess || Q.goesOn() != WentOn) {
      Events.push_back({{Id, Q.Begin}, Q.Stride, /*IsPart=*/true});
      joinNestedParts(N, Part(Q));
    }
    return;
  }
  if (any_of(N.Parts, [&](const Part &Q) { return implies(Q, P); }))
    return;
  if (N.Parts.size() >= MaxParts) {
    giveUp(Id);
    return unify(P.Elem, {LostNode, 0});
  }
  N.Parts.push_back(P);
  auto &Tables = Nodes[find(P.Elem).Node].Tables;
  if (Tables.size() < 8 && !is_contained(Tables, Id))
    Tables.push_back(Id);
  Events.push_back({{Id, P.Begin}, P.Stride, /*IsPart=*/true});
  joinNestedParts(N, P);
}

/// An index that starts inside of a table of the same stride runs over that
/// table's elements.
void TypeGraph::joinNestedParts(const Node &N, const Part &P) {
  for (const Part &Q : N.Parts) {
    if (Q.Stride != P.Stride || Q.Guess == P.Guess ||
        (Q.Align - P.Align) % P.Stride)
      continue;
    const Part &Outer = Q.Guess ? P : Q, &Inner = Q.Guess ? Q : P;
    if (Outer.Begin <= Inner.Begin && Inner.Begin < Outer.End)
      unify(Outer.Elem, Inner.Elem);
  }
}

//===----------------------------------------------------------------------===//
// Whole graphs
//===----------------------------------------------------------------------===//

Loc TypeGraph::import(const TypeGraph &From, Loc L,
                      DenseMap<unsigned, unsigned> &Map, bool OnlyFloats) {
  constexpr size_t MaxNodes = 2000;
  SmallVector<unsigned, 16> Worklist;
  auto Copy = [&](Loc Old) -> Loc {
    Old = From.find(Old);
    if (!Old)
      return {};
    bool IsLost = Old.Node == LostNode;
    if (IsLost && OnlyFloats)
      return {};
    auto [It, New] = Map.try_emplace(Old.Node, LostNode);
    if (IsLost)
      return {LostNode, 0};
    if (New) {
      It->second = newNode().Node;
      Worklist.push_back(Old.Node);
    }
    return {It->second, Old.Offset};
  };

  Loc Result = Copy(L);
  while (!Worklist.empty() && Map.size() < MaxNodes) {
    unsigned Old = Worklist.pop_back_val();
    const Node &Source = From.Nodes[Old];
    unsigned New = Map.lookup(Old);
    for (const Cell &C : Source.Cells)
      if (!OnlyFloats)
        markCell({New, C.Begin}, C.Size, C.Ev, Copy(C.Pointee));
      else if (!C.Ev.conflict() && C.Ev.Float)
        markCell({New, C.Begin}, C.Size, Evidence::floating(C.Ev.Float), {});
      else if (Loc To = C.Ev.conflict() ? Loc() : Copy(C.Pointee))
        markCell({New, C.Begin}, C.Size, {}, To);
    for (Part P : Source.Parts) {
      P.Elem = Copy(P.Elem);
      if (P.Elem)
        addPart(New, P);
    }
    auto CopyTie = [&](Tie T) {
      T.Other = Copy(T.Other);
      addTie(New, T);
    };
    if (OnlyFloats)
      continue;
    for (const Tie &T : Source.ShortTies)
      CopyTie(T);
    for (const Tie &T : Source.LongTies)
      CopyTie(T);
  }
  Incomplete |= From.Incomplete || !Worklist.empty();
  return Result;
}

void TypeGraph::noteStore(Loc L, int64_t Size, bool IsPointer, bool Words) {
  if (L)
    Stores.insert({find(L), Size, IsPointer, Words});
}

void TypeGraph::importStores(const TypeGraph &From,
                             const DenseMap<unsigned, unsigned> &Map) {
  for (Store S : From.Stores) {
    Loc Old = From.find(S.At);
    if (auto New = Map.find(Old.Node); New != Map.end())
      noteStore({New->second, Old.Offset}, S.Size, S.IsPointer, S.Words);
  }
}

size_t TypeGraph::maxFacts() const {
  size_t Max = 0;
  for (const Node &N : Nodes)
    Max = std::max(Max, N.Cells.size() + N.Parts.size());
  return Max;
}

} // namespace linkgrad
