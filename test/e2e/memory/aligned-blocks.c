// aligned_alloc, memalign, posix_memalign, valloc and malloc, each with its free,
// chosen by a flag or held in one struct; one block given back before the other.
// RUN: %check %s %t

#define _GNU_SOURCE
#include "../Inputs/check.h"
#include <malloc.h>
#include <stdint.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static double *make(int how, int n) {
  size_t bytes = (n * sizeof(double) + 63) / 64 * 64;
  void *p = 0;
  switch (how) {
  case 0:
    return malloc(bytes);
  case 1:
    return aligned_alloc(64, bytes);
  case 2:
    return memalign(32, bytes);
  case 3:
    return posix_memalign(&p, 128, bytes) ? 0 : p;
  default:
    return valloc(bytes);
  }
}
void blocks(const double *x, double *y) {
  double *all[5];
  for (int k = 0; k < 5; ++k) {
    all[k] = make(k, 4);
    for (int i = 0; i < 4; ++i)
      all[k][i] = x[i] * (k + 1) + (k ? all[k - 1][i] * x[k - 1] : 1);
  }
  for (int k = 0; k < 5; ++k) {
    y[k] = all[k][1] * all[(k * 2) % 5][2];
  }
  for (int k = 4; k >= 0; --k)
    free(all[k]);
}
MAP(blocks, 4, 5)

// Freed long before the end: the reverse sweep needs what was there.
double early(const double *x) {
  double s = x[0];
  for (int k = 0; k < 5; ++k) {
    double *p = make(k, 3);
    p[0] = s * x[1];
    p[1] = sin(p[0]) * x[2];
    p[2] = p[1] * p[0];
    s = tanh(p[2] + p[1] * s);
    free(p);
    double *q = make(4 - k, 3); // may be the same memory
    q[0] = s;
    q[1] = q[0] * q[0];
    s = 0.3 * q[1] + x[0];
    free(q);
  }
  return s;
}
FUNCTIONAL(early, 3)

struct grid {
  int rows, columns;
  float *cells; // aligned for vectors
  double *weights;
};
NOINLINE static struct grid *grid(int rows, int columns) {
  struct grid *g = malloc(sizeof *g);
  g->rows = rows, g->columns = columns;
  g->cells = aligned_alloc(32, 32 * ((rows * columns * sizeof(float) + 31) / 32));
  g->weights = calloc(rows, sizeof(double));
  return g;
}
NOINLINE static void drop(struct grid *g) {
  free(g->weights);
  free(g->cells);
  free(g);
}
double grids(const double *x) {
  struct grid *g = grid(3, 4);
  for (int i = 0; i < 12; ++i)
    g->cells[i] = x[i % 4] * (i + 1) * 0.25;
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 4; ++c)
      g->weights[r] += g->cells[r * 4 + c] * x[(r + c) % 4];
  double s = g->weights[0] * g->weights[2] - g->weights[1];
  drop(g);
  return s;
}
FUNCTIONAL(grids, 4, .step = 1e-3, .tolerance = 1e-4, .precision = 1e-6)
