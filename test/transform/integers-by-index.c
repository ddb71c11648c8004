// Doubles that are written to fixed places, and calculated with as integers by an index
// that runs over them.
// RUN: not %clang -w -O0 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -w -O1 -fno-strict-aliasing -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: a float is made from integer arithmetic on the bits of an active float
//
// Where the first is an integer, so are the others.
// RUN: %clang -w -O1 -DINTEGERS -fpass-plugin=%plugin %s -o %t -lm && %t
#include <math.h>
#include <stdlib.h>

double __enzyme_autodiff(void *, double, int);
#define NOINLINE __attribute__((noinline))

#ifdef INTEGERS
typedef struct {
  long counts[3];
  double value;
} Memory;
NOINLINE static void put(Memory *m, double x) {
  m->counts[0] = m->counts[1] = m->counts[2] = 1;
  m->value = x * x;
}
NOINLINE static double get(const Memory *m) { return m->value * m->counts[2]; }
static double f(double x, int n) {
  Memory *m = malloc(sizeof *m);
  put(m, x);
  for (int i = 0; i < n; ++i)
    m->counts[i] += 2;
  double y = get(m);
  free(m);
  return y;
}
int main(void) { return fabs(__enzyme_autodiff((void *)f, 1.5, 3) - 9) > 1e-12; }
#else
NOINLINE static void put(double *a, double x) {
  a[0] = x * x;
  a[1] = 3 * x;
}
NOINLINE static double get(const double *a) { return a[0] * a[1]; }
static double f(double x, int n) {
  double *a = malloc(n * sizeof *a);
  put(a, x);
  for (int i = 0; i < n; ++i)
    ((long *)a)[i] += 1L << 52; // Twice the double.
  double y = get(a);
  free(a);
  return y;
}
double slope(double x) { return __enzyme_autodiff((void *)f, x, 2); }
#endif
