// A library function that is given a function which reads active global variables:
// what it decides may follow from them, nothing active comes of it.
// RUN: %check %s %t

#include "../Inputs/check.h"

enum { N = 5 };
static double keys[N], places[N];

static int byKey(const void *a, const void *b) {
  double l = keys[*(const int *)a], r = keys[*(const int *)b];
  return (l > r) - (l < r);
}

double sorted(const double *x) {
  int order[N];
  for (int i = 0; i < N; ++i)
    keys[i] = sin(3 * x[i]) + i % 2, order[i] = i;
  qsort(order, N, sizeof *order, byKey);
  for (int i = 0; i < N; ++i)
    places[i] = keys[order[i]] * (i + 1);
  double s = 0;
  for (int i = 0; i < N; ++i)
    s += places[i] * x[order[i]];
  return s;
}
FUNCTIONAL(sorted, N, .low = 0.1, .high = 0.9)
