// Doubles that a function which is called through a pointer moves as integers.
// RUN: %check %s %t -fno-strict-aliasing -g --skip=-O3 --skip=valgrind --skip=sanitize

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

NOINLINE static void square(const double *x, void *v) {
  double *a = v;
  for (int i = 0; i < 3; ++i)
    a[i] = x[i] * x[i];
}
NOINLINE static double weigh(void *v) {
  double *a = v;
  return a[0] + 2 * a[1] + 3 * a[2];
}

NOINLINE static void reverse(void *v, int n) {
  long *a = v;
  for (int i = 0; i < n / 2; ++i) {
    long t = a[i];
    a[i] = a[n - 1 - i];
    a[n - 1 - i] = t;
  }
}
NOINLINE static void negate(void *v, int n) {
  double *a = v;
  for (int i = 0; i < n; ++i)
    a[i] = -a[i];
}
static void (*volatile moves)(void *, int) = reverse;
static void (*volatile changes)(void *, int) = negate;

// Recursive: its body stays its own.
NOINLINE static void apply(void *a, int n, int depth, void (*f)(void *, int)) {
  if (depth)
    apply(a, n, depth - 1, f);
  else
    f(a, n);
}

double called(const double *x) {
  double a[3];
  long order[3] = {0, 1, 2};
  for (int i = 0; i < 3; ++i)
    a[i] = x[i] * x[i];
  moves(a, 3);
  moves(order, 3);
  changes(a, 3);
  return a[order[0]] + 2 * a[1] * a[order[2]];
}
FUNCTIONAL(called, 3)

double passed(const double *x) {
  double a[3];
  long order[3] = {0, 1, 2};
  square(x, a);
  apply(a, 3, 2, changes);
  apply(a, 3, 2, moves);
  apply(order, 3, 2, moves);
  return weigh(a) * a[order[0]];
}
FUNCTIONAL(passed, 3)
