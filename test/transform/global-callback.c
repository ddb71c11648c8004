// What a function without a body does with an active global variable, in a
// function that it is given, has no derivative.
// RUN: not %clang -O0 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s

#include <stdlib.h>

double __enzyme_autodiff(void *, ...);

static double factor, sum;
static int count(const void *a, const void *b) {
  sum += factor * *(const int *)a;
  return *(const int *)a - *(const int *)b;
}
double f(double x) {
  int order[] = {2, 1};
  factor = x, sum = 0;
  qsort(order, 2, sizeof *order, count);
  return sum;
}
// CHECK: error: no derivative of 'qsort'
// CHECK-SAME: [unsupported-call]
double df(double x) { return __enzyme_autodiff((void *)f, x); }
