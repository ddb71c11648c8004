//===- simulate.c - Gravitating bodies ------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The simulation: bodies on a disc, leapfrog steps, each with a new tree. The
// inputs are the masses, the rotation, the softening and the strength of gravity.
//
//===----------------------------------------------------------------------===//

#include "nbody.h"
#include <math.h>
#include <stdlib.h>

/// A disc of bodies in rotation, the same in every run.
static struct Body *makeDisc(const double *mass, double rotation) {
  struct Body *bodies = malloc(Bodies * sizeof *bodies);
  for (int i = 0; i < Bodies; ++i) {
    double angle = 2.4 * i, r = 0.15 + 0.07 * i;
    struct Body *b = &bodies[i];
    b->position[0] = r * cos(angle);
    b->position[1] = r * sin(angle) * 0.9;
    b->velocity[0] = -rotation * b->position[1];
    b->velocity[1] = rotation * b->position[0];
    b->mass = mass[i];
  }
  return bodies;
}

static void kick(struct Body *bodies, int n, const struct Settings *s,
                 double time) {
  struct Cell *tree = buildTree(bodies, n);
  for (int i = 0; i < n; ++i) {
    double a[2] = {0, 0};
    accelerate(tree, &bodies[i], s, a);
    for (int k = 0; k < 2; ++k)
      bodies[i].velocity[k] += time * a[k];
  }
  freeTree(tree);
}

static void drift(struct Body *bodies, int n, double time) {
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < 2; ++k)
      bodies[i].position[k] += time * bodies[i].velocity[k];
}

static double kinetic(const struct Body *bodies, int n) {
  double sum = 0;
  for (const struct Body *b = bodies; b != bodies + n; ++b)
    sum += 0.5 * b->mass *
           (b->velocity[0] * b->velocity[0] + b->velocity[1] * b->velocity[1]);
  return sum;
}

/// How the mass is spread, by quarters of the plane.
static double imbalance(struct Body *bodies, int n) {
  struct Cell *tree = buildTree(bodies, n);
  double sum = 0, mean = tree->mass / 4;
  for (int q = 0; q < 4; ++q)
    if (tree->child[q]) {
      double d = tree->child[q]->mass - mean;
      sum += d * d;
    }
  double moment = tree->moment[0] * tree->moment[0] +
                  tree->moment[1] * tree->moment[1];
  freeTree(tree);
  return sum + moment;
}

double program(const double *x) {
  struct Settings s = {0.6, 0.1 + x[Bodies], x[Bodies + 1]};
  struct Body *bodies = makeDisc(x, x[Bodies + 2]);
  double time = 0.02;
  for (int step = 0; step < Steps; ++step) {
    kick(bodies, Bodies, &s, time / 2);
    drift(bodies, Bodies, time);
    kick(bodies, Bodies, &s, time / 2);
  }
  double energy = kinetic(bodies, Bodies) + potential(bodies, Bodies, &s);
  double spread = imbalance(bodies, Bodies);
  free(bodies);
  return energy + 0.5 * spread;
}
