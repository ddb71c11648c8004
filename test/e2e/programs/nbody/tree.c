//===- tree.c - Gravitating bodies ----------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The quadtree: built by insertion, summarised from the leaves up.
//
//===----------------------------------------------------------------------===//

#include "nbody.h"
#include <math.h>
#include <stdlib.h>

static struct Cell *newCell(double x, double y, double half) {
  struct Cell *c = calloc(1, sizeof *c);
  c->centre[0] = x;
  c->centre[1] = y;
  c->half = half;
  return c;
}

/// Which of the four squares of \p c a position lies in.
static int quadrant(const struct Cell *c, const double *position) {
  return (position[0] > c->centre[0]) + 2 * (position[1] > c->centre[1]);
}

static struct Cell *childFor(struct Cell *c, const double *position) {
  int q = quadrant(c, position);
  if (!c->child[q]) {
    double h = c->half / 2;
    c->child[q] = newCell(c->centre[0] + (q & 1 ? h : -h),
                          c->centre[1] + (q & 2 ? h : -h), h);
  }
  return c->child[q];
}

static void insert(struct Cell *c, struct Body *b, int depth) {
  c->bodies++;
  if (c->bodies == 1) {
    c->body = b;
    return;
  }
  /* Bodies that all but coincide share the last cell: see summarise(). */
  if (depth > 24)
    return;
  if (c->body) {
    struct Body *old = c->body;
    c->body = NULL;
    insert(childFor(c, old->position), old, depth + 1);
  }
  insert(childFor(c, b->position), b, depth + 1);
}

static void summarise(struct Cell *c) {
  if (c->body) {
    c->mass = c->body->mass;
    for (int k = 0; k < 2; ++k)
      c->moment[k] = c->body->mass * c->body->position[k];
    return;
  }
  for (int q = 0; q < 4; ++q) {
    struct Cell *child = c->child[q];
    if (!child)
      continue;
    summarise(child);
    c->mass += child->mass;
    for (int k = 0; k < 2; ++k)
      c->moment[k] += child->moment[k];
  }
}

struct Cell *buildTree(struct Body *bodies, int n) {
  /* The square is constant, so that it does not depend on the bodies. */
  double reach = 1;
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < 2; ++k)
      while (fabs(bodies[i].position[k]) > reach)
        reach *= 2;
  struct Cell *root = newCell(0, 0, reach);
  for (int i = 0; i < n; ++i)
    insert(root, &bodies[i], 0);
  summarise(root);
  return root;
}

void freeTree(struct Cell *cell) {
  if (!cell)
    return;
  for (int q = 0; q < 4; ++q)
    freeTree(cell->child[q]);
  free(cell);
}

double depthOf(const struct Cell *cell) {
  double deepest = 0;
  for (int q = 0; q < 4; ++q)
    if (cell->child[q]) {
      double d = depthOf(cell->child[q]);
      deepest = d > deepest ? d : deepest;
    }
  return deepest + 1;
}
