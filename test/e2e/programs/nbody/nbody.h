//===- nbody.h - Gravitating bodies -----------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gravitating bodies in the plane; forces by a quadtree (Barnes and Hut).
//
//===----------------------------------------------------------------------===//

#ifndef NBODY_H
#define NBODY_H

enum { Bodies = 12, Steps = 6 };

struct Body {
  double position[2], velocity[2], mass;
};

/// A square of the plane: a leaf with at most one body, or four children.
struct Cell {
  double centre[2], half;
  double mass, moment[2]; /* sum of mass, of mass times position */
  int bodies;
  struct Body *body;
  struct Cell *child[4];
};

/* tree.c */
struct Cell *buildTree(struct Body *bodies, int n);
void freeTree(struct Cell *cell);
double depthOf(const struct Cell *cell);

/* force.c */
struct Settings {
  double opening, softening, gravity;
};
void accelerate(const struct Cell *tree, const struct Body *body,
                const struct Settings *s, double acceleration[2]);
double potential(const struct Body *bodies, int n, const struct Settings *s);

/* simulate.c */
double program(const double *x);

#endif
