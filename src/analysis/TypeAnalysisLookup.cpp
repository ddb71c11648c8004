//===- TypeAnalysisLookup.cpp - Queries of the type graph -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is at a byte? In this order, the first that knows something:
//   1. cells at that offset, and tables whose bounds are known;
//   2. tables without bounds, the one that starts nearest before the byte
//      first: after an array member `int k[4]` follow other members, and the
//      index that runs over k does not say where k ends;
//   3. if the node is itself the element of a table, what other pointers into
//      that table have seen.
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeAnalysisGraph.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace linkgrad {

static constexpr unsigned MaxNesting = 3;
/// Longer periods are not searched for.
static constexpr int64_t MaxStride = 4096;

/// Joins what two sources say about the same byte. A guess never contradicts
/// what is known.
static void joinFound(Found &F, const Found &O) {
  // Where a pointer would lead, if there is one: see import().
  if (F.empty() && O.empty() && !F.Pointee)
    F = O;
  if (O.empty() || (!F.empty() && !F.Guess && O.Guess))
    return;
  if (F.empty() || (F.Guess && !O.Guess)) {
    F = O;
    return;
  }
  bool Atoms = (F.Ev.Float && O.Ev.Float) || (F.Ev.Pointer && O.Ev.Pointer);
  F.Ev.Mixed |= Atoms && F.Begin != O.Begin;
  auto IsInteger = [](const Evidence &Ev) {
    return !Ev.Float && !Ev.Pointer && !Ev.Variant;
  };
  bool FIsInteger = IsInteger(F.Ev), OIsInteger = IsInteger(O.Ev);
  F.Ev.join(O.Ev);
  F.RunEnd = std::min(F.RunEnd, O.RunEnd);
  if (!F.Pointee)
    F.Pointee = O.Pointee;
  if (FIsInteger && !OIsInteger) {
    F.Begin = O.Begin;
    F.End = O.End;
  } else if (FIsInteger) {
    F.End = std::min(F.End, O.End);
  }
}

static Found conflictAt(int64_t Y) {
  return {Evidence::mixed(), Y, Y + 1, Y + 1, {}};
}

static Found moved(Found F, int64_t D) {
  F.Begin += D;
  F.End += D;
  F.Table += D;
  if (F.RunEnd != TypeGraph::Unbounded)
    F.RunEnd += D;
  return F;
}

//===----------------------------------------------------------------------===//
// One node
//===----------------------------------------------------------------------===//

Found TypeGraph::cellFound(const Cell &C, int64_t Begin) const {
  return {C.Ev, Begin, Begin + C.Size, Begin + C.Size, find(C.Pointee)};
}

Found TypeGraph::cellsAt(unsigned Id, int64_t Y, int64_t Mod) const {
  const Node &N = Nodes[Id];
  Found F;
  auto First = Mod ? N.Cells.begin() : firstCellFrom(N, Y - MaxCellSize);
  for (auto C = First; C != N.Cells.end(); ++C) {
    if (!Mod && C->Begin > Y)
      break;
    int64_t D = Y - C->Begin;
    // Elements do not overlap, however small the step of the index.
    if (Mod)
      D = positiveMod(D, std::max<int64_t>(Mod, C->Size));
    if (D < 0 || D >= C->Size)
      continue;
    joinFound(F, cellFound(*C, Y - D));
  }
  return F;
}

Found TypeGraph::elementAt(const Part &P, int64_t Y, int64_t Mod,
                           unsigned Depth) const {
  // The representative of Y that lies in the table.
  int64_t Z = Mod ? P.Begin + positiveMod(Y - P.Begin, Mod) : Y;
  if (Z < P.Begin || Z >= P.End || Depth == 0)
    return {};
  Loc E = find(P.Elem);
  int64_t R = positiveMod(Z - P.Align, P.Stride);
  Found F = moved(local(E.Node, E.Offset + R, P.Stride, Depth - 1),
                  Z - (E.Offset + R));
  if (F.empty())
    return F;
  if (F.End - F.Begin == P.Stride)
    F.RunEnd = P.End;
  else
    F.RunEnd = std::min({F.RunEnd, P.End, Z - R + P.Stride});
  // Nobody says that an index goes beyond the first element.
  bool First = Z < P.Begin + P.Stride;
  F.Table = P.Begin;
  F.Guess |= !P.goesOn() && !First;
  if (P.Guess && First)
    F.RunEnd = std::min(F.RunEnd, P.Begin + P.Stride);
  return moved(F, Y - Z);
}

/// The end of the innermost table with known bounds that holds \p Y.
int64_t TypeGraph::boundAt(unsigned Id, int64_t Y) const {
  int64_t End = Unbounded;
  for (const Part &P : Nodes[Id].Parts)
    if (!P.Guess && P.Begin <= Y && Y < P.End)
      End = std::min(End, P.End);
  return End;
}

Found TypeGraph::guessAt(unsigned Id, int64_t Y, int64_t Mod,
                         unsigned Depth) const {
  SmallVector<std::pair<int64_t, size_t>, 4> Nearest;
  for (auto [Index, P] : enumerate(Nodes[Id].Parts)) {
    int64_t Distance = Mod ? positiveMod(Y - P.Begin, Mod) : Y - P.Begin;
    if (!P.Guess || Distance < 0)
      continue;
    // An index that starts in an array member does not leave it.
    int64_t Bound = boundAt(Id, P.Begin);
    bool Member = P.Stride < Bound - P.Begin;
    if (!(Member && P.Begin + Distance >= Bound))
      Nearest.push_back({Distance, Index});
  }
  llvm::sort(Nearest);

  Found F;
  int64_t At = 0;
  for (auto [Distance, Index] : Nearest) {
    if (!F.empty() && Distance != At)
      break;
    At = Distance;
    joinFound(F, elementAt(Nodes[Id].Parts[Index], Y, Mod, Depth));
  }
  // A member is accessed through an index that starts at the member; a
  // declaration of the whole may say that there are more of them.
  for (auto [Distance, Index] : Nearest) {
    const Part &P = Nodes[Id].Parts[Index];
    if (!F.Guess || !P.goesOn())
      continue;
    Found G = elementAt(P, Y, Mod, Depth);
    if (!G.Guess && G.Ev.type() == F.Ev.type())
      return G;
  }
  return F;
}

Found TypeGraph::local(unsigned Id, int64_t Y, int64_t Mod,
                       unsigned Depth) const {
  if (Id == LostNode)
    return conflictAt(Y);
  Found F = cellsAt(Id, Y, Mod);
  for (const Part &P : Nodes[Id].Parts)
    if (!P.Guess)
      joinFound(F, elementAt(P, Y, Mod, Depth));
  if (!F.empty())
    return F;
  Found Guess = guessAt(Id, Y, Mod, Depth);
  return Guess.empty() ? F : Guess;
}

//===----------------------------------------------------------------------===//
// Elements of tables
//===----------------------------------------------------------------------===//

/// What other pointers into the table \p P of node \p Table say about its
/// element at \p Y.
Found TypeGraph::neighbours(unsigned Table, const Part &P, int64_t Y,
                            unsigned Depth) const {
  Found F;
  for (const Part &Q : Nodes[Table].Parts) {
    if (Q.End <= P.Begin || P.End <= Q.Begin)
      continue;
    if (P.Stride % Q.Stride && Q.Stride % P.Stride)
      continue;
    if (!Q.Guess && Q.Stride < P.Stride && (Y < Q.Begin || Y >= Q.End))
      continue;
    if (Q.Guess && Q.Stride < P.Stride && Y < Q.Begin)
      continue;
    Loc E = find(Q.Elem);
    int64_t At = E.Offset + positiveMod(Y - Q.Align, Q.Stride);
    Found G =
        moved(local(E.Node, At, std::min(P.Stride, Q.Stride), Depth), Y - At);
    G.Guess |= !Q.goesOn() && Q.Stride < P.Stride;
    G.RunEnd = G.End;
    joinFound(F, G);
  }
  // Its first element through a constant offset. If that is an integer, it
  // may as well be a header before an array that counts from 1.
  Found First = cellsAt(Table, Y, 0);
  if (First.Ev.Float || First.Ev.Pointer)
    joinFound(F, First);
  return F;
}

Found TypeGraph::throughTables(unsigned Id, int64_t Y, unsigned Depth) const {
  Found F;
  if (Depth == 0)
    return F;
  for (unsigned T : Nodes[Id].Tables) {
    T = find({T, 0}).Node;
    for (const Part &P : Nodes[T].Parts) {
      Loc E = find(P.Elem);
      if (E.Node != Id || T == Id)
        continue;
      int64_t InTable = P.Align + (Y - E.Offset);
      Found G = neighbours(T, P, InTable, Depth);
      if (G.empty())
        G = throughTables(T, InTable, Depth - 1);
      // Nobody says that there is a next element.
      bool Next = Y < E.Offset || Y >= E.Offset + P.Stride;
      G.Guess |= Next && !P.goesOn();
      joinFound(F, moved(G, Y - InTable));
    }
  }
  return F;
}

/// What constant offsets in the tables that \p Id is an element of say about
/// its byte \p Y. If nobody says how far a table goes, only floats that fill no
/// element are no other member of a struct.
Found TypeGraph::constantElements(unsigned Id, int64_t Y) const {
  Found F;
  for (unsigned T : Nodes[Id].Tables) {
    const Node &Table = Nodes[find({T, 0}).Node];
    for (const Part &P : Table.Parts) {
      Loc E = find(P.Elem);
      if (E.Node != Id)
        continue;
      int64_t InTable = P.Align + (Y - E.Offset);
      for (const Cell &C : Table.Cells) {
        int64_t D = positiveMod(InTable - C.Begin, P.Stride);
        if (P.Guess && !(C.Ev.Float && C.Size < P.Stride))
          continue;
        if (C.Begin >= P.Begin && C.end() <= P.End && D < C.Size)
          joinFound(F, cellFound(C, Y - D));
      }
    }
  }
  return F;
}

Found TypeGraph::lookup(Loc L, bool AllTables) const {
  if (!L)
    return {};
  L = find(L);
  Found F = local(L.Node, L.Offset, 0, MaxNesting);
  if (AllTables) {
    joinFound(F, guessAt(L.Node, L.Offset, 0, MaxNesting));
    joinFound(F, constantElements(L.Node, L.Offset));
  }
  if (F.empty() || F.Guess || AllTables)
    joinFound(F, throughTables(L.Node, L.Offset, MaxNesting));
  return moved(F, -L.Offset);
}

/// All that may be at \p L, however far indices run.
Evidence TypeGraph::anythingAt(Loc L) const {
  L = find(L);
  Evidence Ev = cellsAt(L.Node, L.Offset, 0).Ev;
  for (const Part &P : Nodes[L.Node].Parts)
    Ev.join(elementAt(P, L.Offset, 0, MaxNesting).Ev);
  Ev.join(throughTables(L.Node, L.Offset, MaxNesting).Ev);
  for (unsigned T : Nodes[L.Node].Tables) {
    const Node &Table = Nodes[find({T, 0}).Node];
    for (const Part &P : Table.Parts) {
      Loc E = find(P.Elem);
      int64_t InTable = P.Align + (L.Offset - E.Offset);
      for (const Cell &C : Table.Cells)
        if (E.Node == L.Node && P.Begin <= C.Begin && C.end() <= P.End &&
            positiveMod(InTable - C.Begin, P.Stride) < C.Size)
          Ev.join(C.Ev);
    }
  }
  return Ev;
}

bool TypeGraph::storesPointersOverFloats() const {
  auto IsOver = [&](const Store &S, int64_t X) {
    Evidence Ev = anythingAt(S.At + X);
    return (Ev.Float || Ev.Mixed) && (Ev.Pointer || S.IsPointer);
  };
  return any_of(Stores, [&](const Store &S) {
    return isLost(S.At.Node) || IsOver(S, 0) ||
           (!S.IsPointer && any_of(knownOffsets(S.At), [&](int64_t X) {
             return X < S.Size && IsOver(S, X);
           }));
  });
}

/// Where what begins at \p L, an unknown number of pointers that are copied,
/// ends for certain.
int64_t TypeGraph::endOfPointers(Loc L) const {
  L = find(L);
  int64_t Bound = boundAt(L.Node, L.Offset);
  if (Bound != Unbounded)
    return Bound - L.Offset;
  for (int64_t X : knownOffsets(L))
    if (Found F = lookup(L + X);
        X > 0 && !F.Guess && F.Ev.type().K == ConcreteType::Integer)
      return X;
  return Unbounded;
}

Type *TypeGraph::floatAmongPointers(Loc L, int64_t Size) const {
  int64_t End = endOfPointers(L);
  for (int64_t X : knownOffsets(L)) {
    Found F = lookup(L + X, /*AllTables=*/true);
    if (X <= 0 || X >= End || X % Size != 0 || F.Guess || !F.Ev.Float ||
        F.End > Size)
      continue;
    // In a struct there is something behind it.
    Found Rest = F.End < Size ? lookup(L + (X + F.End)) : Found();
    if (Rest.empty() || Rest.Ev.Pointer || Rest.Ev.Union)
      return F.Ev.Float;
  }
  return nullptr;
}

bool TypeGraph::mixesPointers(function_ref<bool(Type *)> Counts,
                              bool Surely) const {
  auto IsMixed = [&](const Evidence &Ev) {
    return Ev.Pointer &&
           ((Ev.Mixed && !Surely) || (Ev.Float && Counts(Ev.Float)));
  };
  auto MayMix = [&](const Store &S) {
    Found First = S.Words ? lookup(S.At) : Found();
    Type *Float = First.Ev.Pointer && !First.Guess
                      ? floatAmongPointers(S.At, First.End)
                      : nullptr;
    return Float && Counts(Float);
  };
  if (!Surely && any_of(Stores, MayMix))
    return true;
  for (unsigned Id = LostNode + 1; Id < Nodes.size(); ++Id) {
    if (isLost(Id)) {
      if (Surely)
        continue;
      return true;
    }
    for (const Cell &C : Nodes[Id].Cells)
      for (int64_t Y = C.Begin; Y < C.end() && (C.Ev.Pointer || C.Ev.Float);
           ++Y)
        if (Found F = lookup({Id, Y}, /*AllTables=*/!Surely);
            IsMixed(F.Ev) && !(Surely && F.Guess))
          return true;
  }
  return false;
}

bool TypeGraph::mixesMembers() const {
  auto InUnion = [](const Cell &C) { return C.Ev.Union; };
  if (none_of(Nodes, [&](const Node &N) { return any_of(N.Cells, InUnion); }))
    return false;
  for (unsigned Id = LostNode + 1; Id < Nodes.size(); ++Id) {
    if (isLost(Id))
      return true;
    for (const Cell &C : Nodes[Id].Cells)
      for (int64_t Y = C.Begin; Y < C.end(); ++Y) {
        Evidence Ev = lookup({Id, Y}, /*AllTables=*/true).Ev;
        if (Ev.Union && Ev.conflict())
          return true;
      }
  }
  return false;
}

Type *TypeGraph::floatAt(Loc L) const {
  if (!L)
    return nullptr;
  L = find(L);
  Type *Float = nullptr;
  auto Says = [&](const Found &F) {
    return (Float = F.Guess ? nullptr : F.Ev.Float);
  };
  (void)(Says(lookup(L)) || Says(guessAt(L.Node, L.Offset, 0, MaxNesting)) ||
         Says(throughTables(L.Node, L.Offset, MaxNesting)));
  return Float;
}

bool TypeGraph::isTextAt(Loc L) const {
  if (!L)
    return false;
  auto Says = [](const Found &F) { return F.Ev.Text && F.Begin == 0; };
  Found Known = lookup(L = find(L));
  return (Known.empty() || Known.Ev.type().K == ConcreteType::Integer) &&
         (Says(Known) || Says(guessAt(L.Node, L.Offset, 0, MaxNesting)) ||
          Says(throughTables(L.Node, L.Offset, MaxNesting)));
}

Evidence TypeGraph::firstElement(Loc L, int64_t Size) const {
  Evidence First;
  if (!L)
    return First;
  L = find(L);
  for (unsigned T : Nodes[L.Node].Tables) {
    T = find({T, 0}).Node;
    for (const Part &P : Nodes[T].Parts) {
      Loc E = find(P.Elem);
      if (E.Node == L.Node && P.Stride <= Size)
        First.join(cellsAt(T, P.Align + (L.Offset - E.Offset), 0).Ev);
    }
  }
  return First;
}

/// The shortest ways, through the first elements of tables.
DenseMap<unsigned, TypeGraph::Way>
TypeGraph::waysFrom(ArrayRef<Loc> Roots) const {
  constexpr size_t MaxDerefs = 8;
  DenseMap<unsigned, Way> Ways;
  std::deque<unsigned> Work;
  auto Add = [&](Loc To, Way W) {
    if (!To)
      return;
    To = find(To);
    W.Shift -= To.Offset;
    if (To.Node != LostNode && Ways.try_emplace(To.Node, W).second)
      Work.push_back(To.Node);
  };
  for (auto [Index, L] : enumerate(Roots))
    Add(L, {unsigned(Index), {}, 0});
  for (; !Work.empty(); Work.pop_front()) {
    const Node &N = Nodes[Work.front()];
    Way Here = Ways.lookup(Work.front());
    for (const Part &P : N.Parts) {
      Way W = Here;
      W.Shift += P.Align < P.Begin ? P.Align + P.Stride : P.Align;
      W.Stride = P.Stride;
      Add(P.Elem, W);
    }
    for (const Cell &C : N.Cells) {
      if (!C.Pointee || Here.Derefs.size() == MaxDerefs)
        continue;
      Way W = Here;
      W.Derefs.push_back(C.Begin + Here.Shift);
      W.Shift = W.Stride = 0;
      Add(C.Pointee, W);
    }
  }
  return Ways;
}

bool TypeGraph::leadToFloats(ArrayRef<Loc> Roots) const {
  return any_of(waysFrom(Roots), [&](const auto &Way) {
    return any_of(Nodes[Way.first].Cells,
                  [](const Cell &C) { return C.Ev.Float != nullptr; });
  });
}

//===----------------------------------------------------------------------===//
// Periodic memory
//===----------------------------------------------------------------------===//

Found TypeGraph::lookupPeriodic(Loc L, int64_t Stride, int64_t R,
                                bool Counted) const {
  L = find(L);
  const Node &N = Nodes[L.Node];
  int64_t Y = L.Offset + R, Bound = boundAt(L.Node, L.Offset);
  if (L.Node == LostNode)
    return conflictAt(R);

  Found F;
  for (const Part &P : N.Parts) {
    // A table in longer steps says little about a member array of its elements.
    if (P.Begin >= std::min(Bound, L.Offset + Stride) || P.End <= L.Offset ||
        P.Stride > Stride)
      continue;
    // An index that starts elsewhere need not come here.
    if (!P.goesOn() && L.Offset >= P.Begin + P.Stride &&
        !(Counted && P.Stride == Stride))
      continue;
    // A member of what repeats begins at the same place in each period.
    Part Member = P;
    Member.Begin = std::max(P.Begin, L.Offset);
    Member.Guess &= P.Stride != Stride;
    Found G = elementAt(Member, Y, Stride, MaxNesting);
    // Where rows of other types may follow, only a float may be assumed: a
    // float that is taken for an integer loses its derivative in silence.
    if (G.Guess && !G.Ev.Float)
      continue;
    G.RunEnd = G.End;
    joinFound(F, G);
  }
  auto JoinCells = [&](int64_t Begin, int64_t End) {
    for (const Cell &C : N.Cells) {
      int64_t D = positiveMod(Y - C.Begin, Stride);
      if (C.Begin < Begin || C.Begin >= std::min(End, Bound) || D >= C.Size)
        continue;
      // Beyond the first period an integer may be what follows the table.
      bool Later = C.Begin >= L.Offset + Stride;
      if (Later && C.Ev.type().K == ConcreteType::Integer && F.Ev.Float)
        continue;
      joinFound(F, cellFound(C, Y - D));
    }
  };
  JoinCells(L.Offset, L.Offset + Stride);
  if (F.empty()) {
    F = moved(lookup(L + R), L.Offset + R);
    if (F.Guess && !F.Ev.Float)
      return {};
  }
  // What is somewhere behind is no evidence, but can contradict.
  if (!F.empty())
    JoinCells(L.Offset + Stride, Unbounded);
  return moved(F, -L.Offset);
}

SmallVector<int64_t, 4> TypeGraph::stridesAt(Loc L, bool Indexed) const {
  SmallVector<int64_t, 4> Strides;
  L = find(L);
  for (const Part &P : Nodes[L.Node].Parts)
    if (P.Begin <= L.Offset && L.Offset < P.End &&
        (L.Offset - P.Align) % P.Stride == 0 && (P.Indexed || !Indexed))
      Strides.push_back(P.Stride);
  for (unsigned T : Nodes[L.Node].Tables)
    for (const Part &P : Nodes[find({T, 0}).Node].Parts)
      if (find(P.Elem).Node == L.Node && (P.Indexed || !Indexed))
        Strides.push_back(P.Stride);
  erase_if(Strides, [](int64_t S) { return S > MaxStride; });
  llvm::sort(Strides, std::greater<>());
  Strides.erase(llvm::unique(Strides), Strides.end());
  return Strides;
}

bool TypeGraph::isDeclaredTable(Loc L, int64_t Stride, int64_t Bytes) const {
  L = find(L);
  auto Says = [&](const Part &P) {
    return Stride % P.Stride == 0 && P.goesOn();
  };
  for (const Part &P : Nodes[L.Node].Parts)
    if (Says(P) && P.Begin <= L.Offset && L.Offset < P.End &&
        (P.End == Unbounded || P.End - L.Offset >= Bytes) &&
        (L.Offset - P.Align) % P.Stride == 0)
      return true;
  // The element of a table whose length is known may be the last.
  for (unsigned T : Nodes[L.Node].Tables)
    for (const Part &P : Nodes[find({T, 0}).Node].Parts)
      if (Says(P) && P.End == Unbounded && find(P.Elem).Node == L.Node)
        return true;
  return false;
}

int64_t TypeGraph::uniformTableAt(Loc L) const {
  L = find(L);
  for (const Part &P : Nodes[L.Node].Parts) {
    if (P.Begin != L.Offset || P.Align != P.Begin)
      continue;
    Found F = elementAt(P, P.Begin, 0, MaxNesting);
    if (!F.empty() && F.Begin == P.Begin && F.End == P.Begin + P.Stride)
      return P.Stride;
  }
  return 0;
}

SmallVector<int64_t, 16> TypeGraph::knownOffsets(Loc L) const {
  SmallVector<int64_t, 16> Offsets;
  L = find(L);
  auto Add = [&](int64_t X) {
    if (X >= L.Offset && X < Unbounded)
      Offsets.push_back(X - L.Offset);
  };
  for (const Cell &C : Nodes[L.Node].Cells) {
    Add(C.Begin);
    Add(C.end());
  }
  for (const Part &P : Nodes[L.Node].Parts) {
    Add(P.Begin);
    Add(P.End);
    // What begins within the first element.
    Loc E = find(P.Elem);
    for (const Cell &C : Nodes[E.Node].Cells)
      Add(P.Align + positiveMod(C.Begin - E.Offset, P.Stride));
  }
  llvm::sort(Offsets);
  Offsets.erase(llvm::unique(Offsets), Offsets.end());
  return Offsets;
}

} // namespace linkgrad
