// What a function without a body does with an active global variable, in a
// function that it is given, has no derivative.
// RUN: not %clang -O0 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s

#include <search.h>

double __enzyme_autodiff(void *, ...);

static double factor, sum;
static int count(const void *a, const void *b) {
  sum += factor * *(const int *)a;
  return *(const int *)a - *(const int *)b;
}
double f(double x) {
  int numbers[3] = {2, 1}, key = 3;
  size_t n = 2;
  factor = x, sum = 0;
  lsearch(&key, numbers, &n, sizeof key, count);
  return sum;
}
// CHECK: error: no derivative of 'lsearch'
// CHECK-SAME: [missing-body]
double df(double x) { return __enzyme_autodiff((void *)f, x); }
