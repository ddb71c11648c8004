// Atomic sums in active memory, with and without the value that was there before;
// counters beside them.
// RUN: %check %s %t

#include "../Inputs/check.h"

static double add(double *p, double v) {
  return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST);
}
static double subtract(double *p, double v) {
  return __atomic_fetch_sub(p, v, __ATOMIC_RELAXED);
}

double sums(const double *x) {
  double total = x[2] * x[2];
  long count = 0;
  for (int i = 0; i < 3; ++i) {
    add(&total, x[i] * x[0]);
    __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
  }
  return total * total * count;
}
FUNCTIONAL(sums, 3)

double before(const double *x) {
  double cell = x[0], s = 0;
  for (int i = 1; i < 4; ++i)
    s += sin(add(&cell, x[i] * cell));
  return s * cell;
}
FUNCTIONAL(before, 4)

void scatter(const double *x, double *y) {
  for (int i = 0; i < 4; ++i)
    add(&y[i % 2], x[i] * x[(i + 1) % 4]);
}
MAP(scatter, 4, 2)

double lowered(const double *x) {
  double cell = 4, s = 0;
  for (int i = 0; i < 2; ++i)
    s += subtract(&cell, 0.5) * x[i];
  double left = x[0];
  __atomic_fetch_sub(&left, x[1] * x[1], __ATOMIC_RELAXED);
  return left * s * cell;
}
FUNCTIONAL(lowered, 2)

static double global;
double globals(const double *x) {
  global = 1;
  for (int i = 0; i < 2; ++i)
    add(&global, x[i] * global);
  return global;
}
FUNCTIONAL(globals, 2)

// C11's, which clang writes as loops that exchange bits.
double exchanged(const double *x) {
  _Atomic double total = x[0];
  _Atomic float small = x[1];
  double s = 0;
  for (int i = 0; i < 3; ++i) {
    s += total -= x[i] * x[i];
    total += s;
    small += 2;
  }
  return total * s * (small > 3);
}
FUNCTIONAL(exchanged, 3)
