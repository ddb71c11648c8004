// Copies behind doubles over which a function runs an index that nobody bounds: they
// need not be copies of doubles. What lies there the callers know.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))
#define FLOAT .step = 1e-2, .tolerance = 1e-2, .precision = 1e-4

typedef struct {
  double number[2];
  float pair[2];
  long n;
} Pairs;
NOINLINE static double copyPair(Pairs *p, Pairs *q, int i) {
  q[i].number[i] *= 2;
  double s = p[i].number[i];
  p->number[0] = s;
  memcpy(p[i].pair, q[1].pair, sizeof p->pair);
  memcpy(p[i + 1].pair, q[1].pair, sizeof p->pair);
  return s + q[i].number[i];
}
static double pairs(const double *x) {
  Pairs p[2] = {{{x[0], x[1]}}}, q[2] = {{{x[0], x[1]}, {1, 1}}, {{1, 1}, {x[0] * x[1], 5 * x[0]}}};
  double s = copyPair(p, q, x[0] > 100);
  return p[0].pair[0] * p[0].pair[1] + 3 * p[1].pair[0] * p[1].pair[1] + s;
}
FUNCTIONAL(pairs, 2, FLOAT)

typedef struct {
  double number[3], *rows[3];
} Rows;
NOINLINE static double copyRows(Rows *to, Rows *from, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) {
    to->number[i] *= 2;
    sum += to->number[i];
  }
  memmove(to->rows, from->rows, n * sizeof *to->rows);
  return sum;
}
static double rows(const double *x) {
  double y = x[0] * x[1], z = 1;
  Rows a = {{x[0], x[1], x[0]}, {&z, &z, &z}}, b = {{1, 1, 1}, {&y, &y, &z}};
  double sum = copyRows(&a, &b, x[0] > 100 ? 2 : 3) * x[0];
  return sum + *a.rows[1] * *a.rows[0];
}
FUNCTIONAL(rows, 2)
