// Matrices: all transposes, sides, triangles and diagonals, with leading
// dimensions that are larger than the matrices, overwritten inputs, and numbers
// that are active.
// RUN: %check %s %t -lblas -DPART_A
// RUN: %check %s %t --skip=valgrind -lblas -DPART_B
// RUN: %check %s %t --skip=valgrind -lblas -DPART_C

#include "../Inputs/check.h"
#include "blas.h"

// x: alpha, beta, and three matrices of 3 columns with leading dimension 4.
enum { Ld = 4, Size = 12, Inputs = 2 + 3 * Size };
static const int ld = Ld;

// The letters come from a table, so that they are no constants in the calls.
#define VARIANT(name, body, ...)                                               \
  static void name(double *x) {                                                \
    static const char *volatile letters = #__VA_ARGS__;                        \
    char l[4];                                                                 \
    for (int i = 0; i < 4 && letters[i]; ++i)                                  \
      l[i] = letters[i];                                                       \
    body(x, l);                                                                \
  }                                                                            \
  INPLACE(name, Inputs, .precision = 1e-10)

static void gemm(double *x, const char *l) {
  double *a = x + 2, *b = a + Size, *c = b + Size;
  int m = 2, n = 3, k = l[0] == 'N' ? 3 : 2;
  if (l[1] != 'N' && l[0] == 'N')
    m = 3;
  dgemm_(l, l + 1, &m, &n, &k, x, a, &ld, b, &ld, x + 1, c, &ld);
  a[1] *= c[0];
  dgemm_(l, l + 1, &m, &n, &k, &(double){.5}, a, &ld, b, &ld, &(double){0}, c,
         &ld);
  x[0] = b[2] = 0;
}
static void gemv(double *x, const char *l) {
  double *a = x + 2, *b = a + Size, *c = b + Size;
  int m = 3, n = 2;
  dgemv_(l, &m, &n, x, a, &ld, b, &(int){2}, x + 1, c, &(int){-3});
  a[1] *= c[0];
  dgemv_(l, &m, &n, &(double){.5}, a, &ld, b, &(int){-1}, &(double){0}, c,
         &(int){1});
  dger_(&m, &n, x, b, &(int){-2}, c, &(int){3}, a, &ld);
  b[0] = 0;
}
static void symm(double *x, const char *l) {
  double *a = x + 2, *b = a + Size, *c = b + Size;
  int m = 3, n = 2;
  if (l[0] == 'R')
    m = 2, n = 3;
  dsymm_(l, l + 1, &m, &n, x, a, &ld, b, &ld, x + 1, c, &ld);
  b[0] *= a[1] * c[0];
}
static void syrk(double *x, const char *l) {
  double *a = x + 2, *c = a + 2 * Size;
  int n = 3, k = 2;
  dsyrk_(l, l + 1, &n, &k, x, a, &ld, x + 1, c, &ld);
  a[0] *= c[0];
}
static void trmm(double *x, const char *l) {
  double *a = x + 2, *b = a + Size;
  int m = 3, n = 2;
  if (l[0] == 'R')
    m = 2, n = 3;
  dtrmm_(l, l + 1, l + 2, l + 3, &m, &n, x, a, &ld, b, &ld);
  a[1] *= b[0];
}
static void trsm(double *x, const char *l) {
  double *a = x + 2, *b = a + Size;
  int m = 3, n = 2;
  if (l[0] == 'R')
    m = 2, n = 3;
  dtrsm_(l, l + 1, l + 2, l + 3, &m, &n, x, a, &ld, b, &ld);
  a[1] *= b[0];
}

#ifdef PART_A
VARIANT(gemm_nn, gemm, NN)
VARIANT(gemm_nt, gemm, Nt)
VARIANT(gemm_tn, gemm, TN)
VARIANT(gemm_tt, gemm, tC)
VARIANT(gemv_n, gemv, N)
VARIANT(gemv_t, gemv, T)
VARIANT(symm_lu, symm, LU)
VARIANT(symm_ll, symm, Ll)
VARIANT(symm_ru, symm, RU)
VARIANT(symm_rl, symm, RL)
VARIANT(syrk_un, syrk, UN)
VARIANT(syrk_ut, syrk, UT)
VARIANT(syrk_ln, syrk, LN)
VARIANT(syrk_lt, syrk, LT)
#endif
#define TRIANGULAR(op)                                                         \
  VARIANT(op##_lunn, op, LUNN)                                                 \
  VARIANT(op##_lunu, op, LUNU)                                                 \
  VARIANT(op##_lutn, op, LUTN)                                                 \
  VARIANT(op##_lutu, op, LUTU)                                                 \
  VARIANT(op##_llnn, op, LLNN)                                                 \
  VARIANT(op##_llnu, op, LLNU)                                                 \
  VARIANT(op##_lltn, op, LLTN)                                                 \
  VARIANT(op##_lltu, op, LLTU)                                                 \
  VARIANT(op##_runn, op, RUNN)                                                 \
  VARIANT(op##_runu, op, RUNU)                                                 \
  VARIANT(op##_rutn, op, RUTN)                                                 \
  VARIANT(op##_rutu, op, RUTU)                                                 \
  VARIANT(op##_rlnn, op, RLNN)                                                 \
  VARIANT(op##_rlnu, op, RLNU)                                                 \
  VARIANT(op##_rltn, op, RLTN)                                                 \
  VARIANT(op##_rltu, op, RLTU)
#ifdef PART_B
TRIANGULAR(trmm)
#endif
#ifdef PART_C
TRIANGULAR(trsm)
#endif
