//===- MinCut.h - Minimum vertex cut ----------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_MINCUT_H
#define LINKGRAD_TRANSFORM_MINCUT_H

#include <cstdint>
#include <vector>

namespace linkgrad {

/// The cheapest set of vertices that separates all sources from all sinks of
/// a directed graph. Sources and sinks may be cut themselves, so a cut always
/// exists. Dinic's algorithm on the graph with each vertex split into an entry
/// and an exit. Of several minimum cuts the one nearest to the sources is
/// returned, so the result does not depend on the order of edges.
class MinCut {
public:
  MinCut();
  /// \returns the vertex's number, counted from 0.
  unsigned addNode(uint64_t Weight);
  void addEdge(unsigned From, unsigned To);
  void addSource(unsigned Node);
  void addSink(unsigned Node);
  void solve();
  /// After solve(): true if \p Node is in the cut.
  bool isCut(unsigned Node) const;

private:
  struct Arc {
    unsigned To;
    uint64_t Capacity;
    unsigned Reverse;
  };
  void addArc(unsigned From, unsigned To, uint64_t Capacity);
  bool computeLevels();
  uint64_t augmentFrom(unsigned Vertex, uint64_t Limit);

  static constexpr unsigned S = 0, T = 1;
  static constexpr uint64_t Infinite = ~0ull >> 1;
  static unsigned entry(unsigned Node) { return 2 + 2 * Node; }
  static unsigned exit(unsigned Node) { return 3 + 2 * Node; }

  std::vector<std::vector<Arc>> Arcs;
  std::vector<int> Level;
  std::vector<unsigned> Next;
};

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_MINCUT_H
