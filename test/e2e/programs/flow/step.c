//===- step.c - Flow in a box ---------------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step in time, and the simulation. The inputs are the lid's speeds, the
// viscosity, the length of a step and the speed of a jet in the left wall.
//
//===----------------------------------------------------------------------===//

#include "flow.h"
#include <stdlib.h>

/// No slip at the walls, by speeds in the border; the lid moves.
static void setBorders(struct Flow *flow) {
  struct Field *u = flow->u, *v = flow->v;
  for (int k = 0; k <= Cells; ++k) {
    double lid = 0.5 * (flow->lid[k > 0 ? k - 1 : 0] +
                        flow->lid[k < Cells ? k : Cells - 1]);
    *cell(u, -1, k) = -*cell(u, 0, k);
    *cell(u, Cells, k) = 2 * lid - *cell(u, Cells - 1, k);
    *cell(v, k, -1) = -*cell(v, k, 0);
    *cell(v, k, Cells) = -*cell(v, k, Cells - 1);
  }
}

/// Upwind differences: where the flow comes from.
static double upwind(double speed, double before, double here, double after) {
  return speed > 0 ? speed * (here - before) / size
                   : speed * (after - here) / size;
}

static double diffusion(const struct Field *f, int i, int j) {
  return (*cell(f, i - 1, j) + *cell(f, i + 1, j) + *cell(f, i, j - 1) +
          *cell(f, i, j + 1) - 4 * *cell(f, i, j)) /
         (size * size);
}

static void advectAcross(struct Flow *flow, struct Field *next) {
  struct Field *u = flow->u, *v = flow->v;
  for (int i = 0; i < Cells; ++i)
    for (int j = 1; j < Cells; ++j) {
      double here = *cell(u, i, j);
      double up = 0.25 * (*cell(v, i, j - 1) + *cell(v, i, j) +
                          *cell(v, i + 1, j - 1) + *cell(v, i + 1, j));
      double carried = upwind(here, *cell(u, i, j - 1), here, *cell(u, i, j + 1)) +
                       upwind(up, *cell(u, i - 1, j), here, *cell(u, i + 1, j));
      *cell(next, i, j) =
          here + flow->time * (flow->viscosity * diffusion(u, i, j) - carried);
    }
}

static void advectUp(struct Flow *flow, struct Field *next) {
  struct Field *u = flow->u, *v = flow->v;
  for (int i = 1; i < Cells; ++i)
    for (int j = 0; j < Cells; ++j) {
      double here = *cell(v, i, j);
      double across = 0.25 * (*cell(u, i - 1, j) + *cell(u, i, j) +
                              *cell(u, i - 1, j + 1) + *cell(u, i, j + 1));
      double carried = upwind(across, *cell(v, i, j - 1), here, *cell(v, i, j + 1)) +
                       upwind(here, *cell(v, i - 1, j), here, *cell(v, i + 1, j));
      *cell(next, i, j) =
          here + flow->time * (flow->viscosity * diffusion(v, i, j) - carried);
    }
}

/// The new speeds go to new fields, which take the old ones' place.
void step(struct Flow *flow) {
  setBorders(flow);
  struct Field *u = newField(Cells, Cells + 1), *v = newField(Cells + 1, Cells);
  copyField(u, flow->u);
  copyField(v, flow->v);
  advectAcross(flow, u);
  advectUp(flow, v);
  freeField(flow->u);
  freeField(flow->v);
  flow->u = u;
  flow->v = v;
}

static double swirl(const struct Flow *flow) {
  double sum = 0;
  for (int i = 1; i < Cells; ++i)
    for (int j = 1; j < Cells; ++j) {
      double w = (*cell(flow->v, i, j) - *cell(flow->v, i, j - 1) -
                  *cell(flow->u, i, j) + *cell(flow->u, i - 1, j)) /
                 size;
      sum += w * w;
    }
  return sum * size * size;
}

double program(const double *x) {
  struct Flow flow = {newField(Cells, Cells + 1), newField(Cells + 1, Cells),
                      newField(Cells, Cells), x, x[Cells], x[Cells + 1]};
  double measure = 0;
  for (int k = 0; k < Steps; ++k) {
    /* A jet in, and the same out. */
    *cell(flow.u, 1, 0) = *cell(flow.u, 4, Cells) = x[Cells + 2];
    step(&flow);
    int sweeps = project(&flow, 1.4);
    measure += sweeps == 400 ? 100 : 0.1 * norm(flow.u) * norm(flow.v);
  }
  measure += swirl(&flow) + norm(flow.pressure);
  freeField(flow.u);
  freeField(flow.v);
  freeField(flow.pressure);
  return measure;
}
