//===- problem.c - Sparse matrices ----------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Heat conduction on a square: the conductivity of each cell, a heat source and
// an exchange with the surroundings are the inputs, and a measure of the
// temperatures is the result.
//
//===----------------------------------------------------------------------===//

#include "sparse.h"
#include <math.h>
#include <stdlib.h>

static int number(int row, int column) { return row * Side + column; }

/// The harmonic mean, as two layers in series conduct.
static double between(double a, double b) { return 2 * a * b / (a + b); }

static void connect(struct Assembly *a, int i, int j, double conductance) {
  addEntry(a, i, i, conductance);
  addEntry(a, j, j, conductance);
  addEntry(a, i, j, -conductance);
  addEntry(a, j, i, -conductance);
}

static struct Matrix *conduction(const double *conductivity, double exchange) {
  struct Assembly *a = newAssembly(Unknowns);
  for (int row = 0; row < Side; ++row)
    for (int column = 0; column < Side; ++column) {
      int i = number(row, column);
      if (column + 1 < Side) {
        int right = number(row, column + 1);
        connect(a, i, right, between(conductivity[i], conductivity[right]));
      }
      if (row + 1 < Side) {
        int below = number(row + 1, column);
        connect(a, i, below, between(conductivity[i], conductivity[below]));
      }
      int edges = (row == 0) + (row == Side - 1) + (column == 0) +
                  (column == Side - 1);
      if (edges)
        addEntry(a, i, i, edges * exchange);
    }
  return finish(a);
}

/// The exchange grows with the temperature: a few rounds of a fixed point.
double program(const double *x) {
  const double *conductivity = x;
  double source = x[Unknowns], place = x[Unknowns + 1], radiation = x[Unknowns + 2];
  double *heat = malloc(Unknowns * sizeof *heat);
  for (int row = 0; row < Side; ++row)
    for (int column = 0; column < Side; ++column) {
      double dx = column - place * (Side - 1), dy = row - 1.5;
      heat[number(row, column)] = source * exp(-0.5 * (dx * dx + dy * dy));
    }
  static const enum Preconditioner kinds[] = {NONE, DIAGONAL, CHOLESKY};
  double *temperature = calloc(Unknowns, sizeof *temperature);
  double mean = 0, measure = 0;
  for (int round = 0; round < 3; ++round) {
    double exchange = 0.5 + radiation * (1 + mean * mean * mean);
    struct Matrix *m = conduction(conductivity, exchange);
    struct Report report =
        solve(m, heat, temperature, kinds[round], 1e-12, 4 * Unknowns);
    freeMatrix(m);
    if (report.iterations == 4 * Unknowns)
      return -1;
    mean = 0;
    for (int i = 0; i < Unknowns; ++i)
      mean += temperature[i] / Unknowns;
    measure += 0.25 * mean;
  }
  for (int i = 0; i < Unknowns; ++i)
    measure += (temperature[i] - mean) * (temperature[i] - mean);
  measure += temperature[number(Side / 2, Side / 2)] * temperature[0];
  free(temperature);
  free(heat);
  return measure;
}
