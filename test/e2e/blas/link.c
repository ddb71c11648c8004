// As ThinLTO program of several files: the derivative calls functions of BLAS
// that the program does not.
// RUN: %clang -O2 -flto=thin -DPART=1 -c %s -o %t1.o
// RUN: %clang -O2 -flto=thin -DPART=2 -c %s -o %t2.o
// RUN: %clang -O2 -flto=thin --ld-path=%ld_linkgrad %t1.o %t2.o -o %t \
// RUN:   -lblas -lm
// RUN: %t | FileCheck %s
// CHECK: 0 failures

#if PART == 1
void dgemv_(const char *, const int *, const int *, const double *,
            const double *, const int *, const double *, const int *,
            const double *, double *, const int *);
void product(double *a, double *x, double *y) {
  int n = 2, one = 1;
  double alpha = 1, beta = 0;
  dgemv_("N", &n, &n, &alpha, a, &n, x, &one, &beta, y, &one);
}
#else
#include "../Inputs/check.h"
void product(double *a, double *x, double *y);
static double norm(const double *x) {
  double y[2];
  product((double *)x, (double *)x + 4, y);
  return y[0] * y[0] + 3 * y[1];
}
FUNCTIONAL(norm, 6)
#endif
