//===- pressure.c - Flow in a box -----------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pressure that makes the flow free of divergence.
//
//===----------------------------------------------------------------------===//

#include "flow.h"
#include <math.h>

double divergence(const struct Flow *flow, int row, int column) {
  return (*cell(flow->u, row, column + 1) - *cell(flow->u, row, column) +
          *cell(flow->v, row + 1, column) - *cell(flow->v, row, column)) /
         size;
}

static void mirror(struct Field *p) {
  for (int k = 0; k < Cells; ++k) {
    *cell(p, k, -1) = *cell(p, k, 0);
    *cell(p, k, Cells) = *cell(p, k, Cells - 1);
    *cell(p, -1, k) = *cell(p, 0, k);
    *cell(p, Cells, k) = *cell(p, Cells - 1, k);
  }
}

/// Successive over-relaxation, red cells and black cells in turn, until the
/// residual is small. \returns the number of sweeps.
static int solve(struct Flow *flow, double relaxation) {
  struct Field *p = flow->pressure;
  for (int sweep = 1;; ++sweep) {
    double residual = 0;
    for (int colour = 0; colour < 2; ++colour) {
      mirror(p);
      for (int i = 0; i < Cells; ++i)
        for (int j = (i + colour) % 2; j < Cells; j += 2) {
          double around = *cell(p, i - 1, j) + *cell(p, i + 1, j) +
                          *cell(p, i, j - 1) + *cell(p, i, j + 1);
          double wanted = (around - size * size * divergence(flow, i, j) /
                                        flow->time) /
                          4;
          double change = wanted - *cell(p, i, j);
          *cell(p, i, j) += relaxation * change;
          residual = fmax(residual, fabs(change));
        }
    }
    if (residual < 1e-11 || sweep == 400)
      return sweep;
  }
}

/// Subtracts the gradient of the pressure inside.
int project(struct Flow *flow, double relaxation) {
  int sweeps = solve(flow, relaxation);
  mirror(flow->pressure);
  for (int i = 0; i < Cells; ++i)
    for (int j = 0; j < Cells; ++j) {
      const struct Field *p = flow->pressure;
      if (j > 0)
        *cell(flow->u, i, j) -= flow->time / size *
                                (*cell(p, i, j) - *cell(p, i, j - 1));
      if (i > 0)
        *cell(flow->v, i, j) -= flow->time / size *
                                (*cell(p, i, j) - *cell(p, i - 1, j));
    }
  return sweeps;
}
