//===- force.c - Gravitating bodies ---------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Forces: a cell that is far enough away counts as one body.
//
//===----------------------------------------------------------------------===//

#include "nbody.h"
#include <math.h>
#include <stddef.h>

static void attract(const double *at, const double *from, double mass,
                    const struct Settings *s, double acceleration[2]) {
  double dx = from[0] - at[0], dy = from[1] - at[1];
  double r2 = dx * dx + dy * dy + s->softening * s->softening;
  double f = s->gravity * mass / (r2 * sqrt(r2));
  acceleration[0] += f * dx;
  acceleration[1] += f * dy;
}

void accelerate(const struct Cell *tree, const struct Body *body,
                const struct Settings *s, double acceleration[2]) {
  if (!tree || tree->bodies == 0 || tree->body == body)
    return;
  double middle[2] = {tree->moment[0] / tree->mass,
                      tree->moment[1] / tree->mass};
  double dx = middle[0] - body->position[0], dy = middle[1] - body->position[1];
  double size = 2 * tree->half;
  int isFar = size * size < s->opening * s->opening * (dx * dx + dy * dy);
  if (tree->body || isFar) {
    attract(body->position, middle, tree->mass, s, acceleration);
    return;
  }
  for (int q = 0; q < 4; ++q)
    accelerate(tree->child[q], body, s, acceleration);
}

double potential(const struct Body *bodies, int n, const struct Settings *s) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < i; ++j) {
      double dx = bodies[i].position[0] - bodies[j].position[0];
      double dy = bodies[i].position[1] - bodies[j].position[1];
      double r = sqrt(dx * dx + dy * dy + s->softening * s->softening);
      sum -= s->gravity * bodies[i].mass * bodies[j].mass / r;
    }
  return sum;
}
