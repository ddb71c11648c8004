// Vectors: all functions, strides of both signs, overwritten inputs.
// RUN: %check %s %t -lblas

#include "../Inputs/check.h"
#include "blas.h"

// x: alpha, then two vectors with room for strides.
static void work(double *x, int incx, int incy) {
  int n = 3;
  double *u = x + 1, *v = x + 8;
  daxpy_(&n, x, u, &incx, v, &incy);
  dscal_(&n, x, v, &(int){incy < 0 ? -incy : incy});
  u[0] *= v[1];
  dswap_(&n, u, &incx, v, &incy);
  daxpy_(&n, &(double){.3}, v, &incy, u, &incx);
  x[0] = ddot_(&n, u, &incx, v, &incy) + x[0] * dnrm2_(&n, v, &(int){2});
  u[1] += dasum_(&n, v, &(int){1});
  dcopy_(&n, u, &incx, v, &incy);
  dscal_(&n, &(double){.7}, u, &(int){1});
  x[7] = ddot_(&n, u, &incx, u, &incx);
}
static void forwards(double *x) { work(x, 2, 1); }
static void backwards(double *x) { work(x, -1, 2); }
static void both(double *x) { work(x, -2, -3); }
INPLACE(forwards, 15, .low = -1, .high = 1)
INPLACE(backwards, 15, .low = -1, .high = 1)
INPLACE(both, 15, .low = -1, .high = 1)

// The strides, the length and the factor change before the reverse sweep runs.
static double changing(const double *x) {
  double y[6] = {x[0], x[1], x[2], x[0], x[1], x[2]}, s = 0, alpha = x[3];
  for (int i = 1; i <= 3; ++i) {
    int n = i, inc = 4 - i > 2 ? 2 : 1;
    daxpy_(&n, &alpha, x, &inc, y, &(int){1});
    s += ddot_(&n, y, &inc, x, &(int){1});
    alpha = alpha * s * .1;
    n = 99, inc = 0;
  }
  return s;
}
FUNCTIONAL(changing, 6)

// Nothing to do, and the kinks.
static double empty(const double *x) {
  double zero[2] = {0, 0}, y[2] = {x[0], x[1]};
  int n = 0, two = 2, one = 1, minus = -1;
  dscal_(&n, x, y, &one);
  daxpy_(&n, x, x, &one, y, &one);
  dscal_(&two, x, y, &minus);
  double s = ddot_(&n, x, &one, y, &one) + dnrm2_(&n, x, &one);
  daxpy_(&two, zero, x, &one, zero, &one);
  return s + y[0] * y[1] + dasum_(&two, y, &minus);
}
FUNCTIONAL(empty, 2)

// Constants among the operands.
static double constant(const double *x) {
  static const double weights[3] = {.3, -.7, 1.1};
  double y[3];
  int n = 3, one = 1;
  dcopy_(&n, weights, &one, y, &one);
  daxpy_(&n, &(double){2}, x, &one, y, &one);
  return ddot_(&n, weights, &one, y, &one) * ddot_(&n, y, &one, weights, &one) +
         dnrm2_(&n, weights, &one);
}
FUNCTIONAL(constant, 3)
