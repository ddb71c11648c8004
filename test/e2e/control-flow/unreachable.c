// Ways that are never taken: builtin unreachable, abort and exit, assertions,
// functions that do not return, infinite loops behind a check.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <assert.h>

#define NOINLINE __attribute__((noinline))

__attribute__((noreturn)) NOINLINE static void fail(const char *what, double value) {
  fprintf(stderr, "%s: %g\n", what, value);
  exit(3);
}
enum Shape { CIRCLE, SQUARE, TRIANGLE };
static double area(enum Shape shape, double size) {
  switch (shape) {
  case CIRCLE:
    return M_PI * size * size;
  case SQUARE:
    return size * size;
  case TRIANGLE:
    return sqrt(3) / 4 * size * size;
  }
  __builtin_unreachable();
}
double areas(const double *x) {
  double sum = 0;
  for (int i = 0; i < 6; ++i)
    sum += area(i % 3, x[i % 4] + 0.1 * sum);
  return sum;
}
FUNCTIONAL(areas, 4)

static double checkedLog(double v) {
  if (v <= 0)
    fail("logarithm of", v);
  return log(v);
}
static double checkedAt(const double *v, int n, int i) {
  if (i < 0 || i >= n)
    abort();
  return v[i];
}
void checked(const double *x, double *y) {
  for (int i = 0; i < 4; ++i) {
    double v = checkedAt(x, 4, i) * checkedAt(x, 4, 3 - i);
    assert(v > 0 && "inputs are positive");
    y[i] = checkedLog(v) * checkedAt(x, 4, (i * 7) % 4);
    if (!(y[i] < 1e6))
      for (;;)
        fail("too large", y[i]);
  }
}
MAP(checked, 4, 4)

// The loop's condition can be wrong only if the check before it was.
double bounded(const double *x) {
  double v = x[0], w = x[1];
  for (int i = 0;; ++i) {
    __builtin_assume(i < 100);
    v = 0.5 * (v + w / v);
    if (fabs(v * v - w) < 1e-4)
      return v + i * w;
    if (i > 50)
      __builtin_trap();
  }
}
FUNCTIONAL(bounded, 2, .tolerance = 1e-5)

// A helper that only ever leaves in one way.
NOINLINE static double pick(const double *x, int kind) {
  double v;
  if (kind == 0)
    v = x[0] * x[1];
  else if (kind == 1)
    v = x[1] / x[2];
  else
    __builtin_unreachable();
  return v * v;
}
double picked(const double *x) { return pick(x, 0) * pick(x, 1) - pick(x, x[0] > 1); }
FUNCTIONAL(picked, 3)
