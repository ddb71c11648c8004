// CBLAS: rows and columns, numbers by value, and single precision.
// RUN: %check %s %t -lblas

#include "../Inputs/check.h"
#include <cblas.h>

enum { Ld = 4, Size = 12, Inputs = 2 + 3 * Size };

// Everything in one order; what one operation overwrites the next one reads.
static void level3(double *x, CBLAS_LAYOUT order) {
  double *a = x + 2, *b = a + Size, *c = b + Size;
  cblas_dgemm(order, CblasNoTrans, CblasTrans, 3, 2, 3, x[0], a, Ld, b, Ld,
              x[1], c, Ld);
  cblas_dgemm(order, CblasTrans, CblasNoTrans, 2, 3, 3, x[1], a, Ld, b, Ld, .5,
              c, Ld);
  cblas_dsymm(order, CblasLeft, CblasUpper, 3, 2, x[0], a, Ld, b, Ld, x[1], c,
              Ld);
  cblas_dsymm(order, CblasRight, CblasLower, 2, 3, .3, c, Ld, b, Ld, 1, a, Ld);
  cblas_dsyrk(order, CblasUpper, CblasNoTrans, 3, 2, x[0], a, Ld, x[1], c, Ld);
  cblas_dsyrk(order, CblasLower, CblasTrans, 3, 2, .2, b, Ld, .1, a, Ld);
  a[0] = 2 + x[1], a[Ld + 1] = 3 + b[1], a[2 * Ld + 2] = 4;
  cblas_dtrmm(order, CblasLeft, CblasUpper, CblasTrans, CblasNonUnit, 3, 2, .7,
              a, Ld, b, Ld);
  cblas_dtrsm(order, CblasRight, CblasLower, CblasNoTrans, CblasUnit, 2, 3,
              x[0], a, Ld, b, Ld);
  cblas_dtrsm(order, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, 3, 2,
              x[1], a, Ld, c, Ld);
}
static void rows3(double *x) { level3(x, CblasRowMajor); }
static void columns3(double *x) { level3(x, CblasColMajor); }
INPLACE(rows3, Inputs, .low = -1, .high = 1, .tolerance = 1e-5,
        .precision = 1e-9)
INPLACE(columns3, Inputs, .low = -1, .high = 1, .tolerance = 1e-5,
        .precision = 1e-9)

static void level2(double *x, CBLAS_LAYOUT order) {
  double *a = x + 2, *b = a + Size, *c = b + Size;
  cblas_dgemv(order, CblasNoTrans, 3, 2, x[0], a, Ld, b, 2, x[1], c, -1);
  cblas_dgemv(order, CblasTrans, 3, 2, x[1], a, Ld, c, -2, 0, b, 1);
  cblas_dger(order, 2, 3, x[0], b, -1, c, 2, a, Ld);
  x[0] = cblas_ddot(3, a, 1, b, 2) + cblas_dnrm2(4, c, 1);
  cblas_dscal(5, x[1], c, 2);
  cblas_daxpy(5, x[0], a, -2, c, 1);
  cblas_dcopy(3, c, 1, a, 2);
  cblas_dswap(3, b, 1, c, 1);
  x[1] = cblas_dasum(3, c, 1);
}
static void rows2(double *x) { level2(x, CblasRowMajor); }
static void columns2(double *x) { level2(x, CblasColMajor); }
INPLACE(rows2, Inputs, .tolerance = 1e-5, .precision = 1e-10)
INPLACE(columns2, Inputs, .tolerance = 1e-5, .precision = 1e-10)

static double single(const double *x) {
  float a[9], b[9], c[9] = {0}, y[3] = {1, 2, 3};
  for (int i = 0; i < 9; ++i)
    a[i] = x[i], b[i] = x[8 - i] * x[i];
  cblas_sgemm(CblasColMajor, CblasTrans, CblasNoTrans, 3, 3, 3, x[0], a, 3, b,
              3, 0, c, 3);
  cblas_sgemv(CblasRowMajor, CblasNoTrans, 3, 3, 1, c, 3, a, 1, x[1], y, 1);
  cblas_strsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit,
              3, 1, 1, a, 3, y, 3);
  return cblas_sdot(3, y, 1, b, 1) + cblas_snrm2(3, y, 1) +
         cblas_sasum(3, c, 1);
}
FUNCTIONAL(single, 9, .low = 1, .high = 2, .step = 1e-2, .tolerance = 1e-2,
           .precision = 1e-4)
