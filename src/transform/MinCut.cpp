//===- MinCut.cpp - Minimum vertex cut ------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/MinCut.h"
#include <algorithm>

namespace linkgrad {

MinCut::MinCut() : Arcs(2) {}

void MinCut::addArc(unsigned From, unsigned To, uint64_t Capacity) {
  Arcs[From].push_back({To, Capacity, unsigned(Arcs[To].size())});
  Arcs[To].push_back({From, 0, unsigned(Arcs[From].size() - 1)});
}

unsigned MinCut::addNode(uint64_t Weight) {
  unsigned Node = (Arcs.size() - 2) / 2;
  Arcs.resize(Arcs.size() + 2);
  addArc(entry(Node), exit(Node), Weight);
  return Node;
}

void MinCut::addEdge(unsigned From, unsigned To) {
  addArc(exit(From), entry(To), Infinite);
}

void MinCut::addSource(unsigned Node) { addArc(S, entry(Node), Infinite); }
void MinCut::addSink(unsigned Node) { addArc(exit(Node), T, Infinite); }

/// Breadth-first distances from S in the residual graph.
bool MinCut::computeLevels() {
  Level.assign(Arcs.size(), -1);
  std::vector<unsigned> Queue = {S};
  Level[S] = 0;
  for (size_t I = 0; I < Queue.size(); ++I)
    for (const Arc &A : Arcs[Queue[I]])
      if (A.Capacity && Level[A.To] < 0) {
        Level[A.To] = Level[Queue[I]] + 1;
        Queue.push_back(A.To);
      }
  return Level[T] >= 0;
}

/// Pushes one path's flow from \p Vertex to T along increasing levels. The
/// path is kept on an explicit stack: use chains can be tens of thousands of
/// values long.
uint64_t MinCut::augmentFrom(unsigned Vertex, uint64_t Limit) {
  std::vector<std::pair<unsigned, unsigned>> Path; // (vertex, arc taken)
  unsigned V = Vertex;
  while (V != T) {
    bool Advanced = false;
    for (unsigned &N = Next[V]; N < Arcs[V].size(); ++N) {
      const Arc &A = Arcs[V][N];
      if (A.Capacity && Level[A.To] == Level[V] + 1) {
        Path.push_back({V, N});
        V = A.To;
        Advanced = true;
        break;
      }
    }
    if (Advanced)
      continue;
    if (Path.empty())
      return 0;
    V = Path.back().first; // Dead end: retreat and try the next arc.
    ++Next[V];
    Path.pop_back();
  }
  uint64_t Flow = Limit;
  for (auto [U, N] : Path)
    Flow = std::min(Flow, Arcs[U][N].Capacity);
  for (auto [U, N] : Path) {
    Arc &A = Arcs[U][N];
    A.Capacity -= Flow;
    Arcs[A.To][A.Reverse].Capacity += Flow;
  }
  return Flow;
}

void MinCut::solve() {
  while (computeLevels()) {
    Next.assign(Arcs.size(), 0);
    while (augmentFrom(S, Infinite))
      ;
  }
}

bool MinCut::isCut(unsigned Node) const {
  // Level holds the last search: what S still reaches.
  return Level[entry(Node)] >= 0 && Level[exit(Node)] < 0;
}

} // namespace linkgrad
