// Memory that is active for a while: overwritten by constants, by other active
// values, partly, in loops; buffers that are used twice, swapped, cleared.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

// One scratch array for three stages.
NOINLINE static double stage(double *scratch, const double *x, int n, int kind) {
  for (int i = 0; i < n; ++i)
    scratch[i] = kind == 0 ? x[i] * x[i] : kind == 1 ? 3.0 + i : x[n - 1 - i] + scratch[i];
  double s = 0;
  for (int i = 0; i + 1 < n; ++i)
    s += scratch[i] * scratch[i + 1];
  return s;
}
void stages(const double *x, double *y) {
  double scratch[5];
  y[0] = stage(scratch, x, 5, 0);
  y[1] = stage(scratch, x, 5, 1);
  y[2] = stage(scratch, x, 5, 2) * y[0];
  memset(scratch, 0, sizeof scratch);
  y[3] += scratch[2] * x[0] + x[1];
}
MAP(stages, 5, 4)

// Two buffers that are swapped at each step; half of the border is constant.
void diffusion(double *u) {
  double other[8], *now = u, *next = other;
  for (int t = 0; t < 5; ++t) {
    next[0] = 1;
    next[7] = now[6];
    for (int i = 1; i < 7; ++i)
      next[i] = now[i] + 0.2 * (now[i - 1] - 2 * now[i] + now[i + 1]) * u[3];
    double *swap = now;
    now = next, next = swap;
  }
  if (now != u)
    memcpy(u, now, sizeof other);
}
INPLACE(diffusion, 8)

// Cleared where a data-dependent condition says so.
void thresholds(double *x) {
  for (int i = 0; i < 6; ++i)
    x[i] = x[i] * x[(i + 1) % 6];
  for (int i = 0; i < 6; ++i)
    if (x[i] < 0.8)
      x[i] = 0;
    else if (x[i] > 1.5)
      x[i] = x[0];
}
INPLACE(thresholds, 6)

// An accumulator that starts again in each row.
double rows(const double *x) {
  double sum, product = 1, best = 0;
  for (int i = 0; i < 3; ++i) {
    sum = 0;
    for (int j = 0; j < 3; ++j)
      sum += x[3 * i + j] * (j + 1);
    product *= sum;
    best = sum > best ? sum : best;
  }
  sum = 4;
  return product * best / sum;
}
FUNCTIONAL(rows, 9)
