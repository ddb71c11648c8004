// Two functions call each other, and one gives doubles to the other, which moves them
// as integers. Their first caller has integers there.
// RUN: %check %s %t -fno-strict-aliasing -g --skip=-O0 --skip=-O3 --skip=valgrind \
// RUN:   --skip=sanitize
// Unoptimised it is refused.
// RUN: not %clang -w -O0 -g -I%S/../Inputs -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: 'swapAndBlend' moves bytes as integers that are used as floats elsewhere

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

NOINLINE static void blend(double *c, int n);
NOINLINE static void swapAndBlend(long *a, long *b, double *c, int n) {
  if (n > 0)
    blend(c, n - 1);
  long t = *a;
  *a = *b;
  *b = t;
}
NOINLINE static void blend(double *c, int n) {
  double s[2] = {c[0] * c[1], c[1] * 2};
  double r[2] = {s[0], 3};
  swapAndBlend((long *)s, (long *)(s + 1), r, n - 1);
  c[0] = s[0] * r[0];
  c[1] = s[1] * 3;
}
void blended(const double *x, double *y) {
  long p = 1, q = 2;
  y[0] = x[0] * x[1];
  y[1] = x[1] * x[2];
  swapAndBlend(&p, &q, y, 4);
}
MAP(blended, 3, 2)
