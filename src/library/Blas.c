//===- Blas.c - Derivatives of the functions of BLAS ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For each function of BLAS that rules/BlasFunctions.h lists, in each precision
// and style of name (dgemm_, dgemm, cblas_dgemm), three functions:
//
//   void *linkgrad_save_dgemm_(parameters, 0)      before the call: keeps what
//                                                  the gradient needs
//   void linkgrad_gradient_dgemm_(parameters, [adjoint of the result,] saved)
//   [tangent of the result] linkgrad_tangent_dgemm_(parameters, 0)
//                                                  before the call
//
// The parameters are those of the function, each number and array followed by
// the address of its shadow, null if it is inactive. None of these functions
// does what the function itself does. transform/BlasRules.h calls them.
//
// The rules are written once, for column-major matrices (BlasVectors.inc,
// BlasMatrices.inc); a row-major call is one with transposed matrices.
//
//===----------------------------------------------------------------------===//

#include <stdlib.h>

static char transposed(char t) { return t == 'N' ? 'T' : 'N'; }
static int atLeast0(int n) { return n > 0 ? n : 0; }
static int atLeast1(int n) { return n > 1 ? n : 1; }

/// Of a Fortran string. For real numbers 'C' is the same as 'T'.
static char upperCase(char c) {
  c = c >= 'a' ? (char)(c - 'a' + 'A') : c;
  return c == 'C' ? 'T' : c;
}

/// CBLAS has enumerators for the letters.
static char letter(int enumerator) {
  switch (enumerator) {
  case 111:
    return 'N';
  case 112:
  case 113:
    return 'T';
  case 121:
    return 'U';
  case 122:
    return 'L';
  case 131:
    return 'N';
  case 132:
    return 'U';
  case 141:
    return 'L';
  default:
    return 'R';
  }
}
enum { RowMajor = 101 };

// The parameters: order (of CBLAS), letters, integers, numbers, arrays that are
// read and arrays that are written.
#define scal(O, C, I, S, R, W) I(n) S(alpha) W(x) I(incx)
#define axpy(O, C, I, S, R, W) I(n) S(alpha) R(x) I(incx) W(y) I(incy)
#define dot(O, C, I, S, R, W) I(n) R(x) I(incx) R(y) I(incy)
#define nrm2(O, C, I, S, R, W) I(n) R(x) I(incx)
#define asum(O, C, I, S, R, W) I(n) R(x) I(incx)
#define copy(O, C, I, S, R, W) I(n) R(x) I(incx) W(y) I(incy)
#define swap(O, C, I, S, R, W) I(n) W(x) I(incx) W(y) I(incy)
#define gemv(O, C, I, S, R, W)                                                 \
  O(order) C(trans) I(m) I(n) S(alpha) R(a) I(lda) R(x) I(incx) S(beta) W(y)   \
  I(incy)
#define ger(O, C, I, S, R, W)                                                  \
  O(order) I(m) I(n) S(alpha) R(x) I(incx) R(y) I(incy) W(a) I(lda)
#define gemm(O, C, I, S, R, W)                                                 \
  O(order) C(trans) C(transb) I(m) I(n) I(k) S(alpha) R(a) I(lda) R(b) I(ldb)  \
  S(beta) W(c) I(ldc)
#define symm(O, C, I, S, R, W)                                                 \
  O(order) C(side) C(uplo) I(m) I(n) S(alpha) R(a) I(lda) R(b) I(ldb) S(beta)  \
  W(c) I(ldc)
#define syrk(O, C, I, S, R, W)                                                 \
  O(order) C(uplo) C(trans) I(n) I(k) S(alpha) R(a) I(lda) S(beta) W(c) I(ldc)
#define trmm(O, C, I, S, R, W)                                                 \
  O(order) C(side) C(uplo) C(trans) C(diag) I(m) I(n) S(alpha) R(a) I(lda)     \
  W(b) I(ldb)
#define trsm(O, C, I, S, R, W) trmm(O, C, I, S, R, W)

// How each is declared and read.
#define FORTRAN_ORDER(x)
#define FORTRAN_LETTER(x) const char *x,
#define FORTRAN_INTEGER(x) const int *x,
#define FORTRAN_NUMBER(x) const REAL *x, REAL *d##x,
#define READ_FORTRAN_ORDER(x)
#define READ_FORTRAN_LETTER(x) z.x = upperCase(*x);
#define READ_FORTRAN_INTEGER(x) z.x = *x;
#define READ_FORTRAN_NUMBER(x) z.x = *x, z.d##x = d##x;
#define CBLAS_ORDER(x) int x,
#define CBLAS_LETTER(x) int x,
#define CBLAS_INTEGER(x) int x,
#define CBLAS_NUMBER(x) REAL x, REAL *d##x,
#define READ_CBLAS_ORDER(x) z.x = x;
#define READ_CBLAS_LETTER(x) z.x = letter(x);
#define READ_CBLAS_INTEGER(x) z.x = x;
#define READ_CBLAS_NUMBER(x) z.x = x, z.d##x = d##x;
#define INPUT(x) const REAL *x, REAL *d##x,
#define OUTPUT(x) REAL *x, REAL *d##x,
#define READ_ARRAY(x) z.x = (REAL *)x, z.d##x = d##x;
// The gradient takes all but the shadows from what was saved: what the
// arguments point to may have changed.
#define READ_NOTHING(x)
#define READ_SHADOW(x) z.d##x = d##x;

#define NAME_(name, suffix) name##_##suffix
#define NAME__(name, suffix) NAME_(name, suffix)
#define NAME(name) NAME__(name, INSTANCE)

#define IS_CBLAS 0
#define REAL double
#define INSTANCE d_
#define BLAS(op) d##op##_
#define ENTRY(role, op) linkgrad_##role##_d##op##_
#include "BlasInstance.inc"
#define REAL float
#define INSTANCE s_
#define BLAS(op) s##op##_
#define ENTRY(role, op) linkgrad_##role##_s##op##_
#include "BlasInstance.inc"
#define REAL double
#define INSTANCE d
#define BLAS(op) d##op
#define ENTRY(role, op) linkgrad_##role##_d##op
#include "BlasInstance.inc"
#define REAL float
#define INSTANCE s
#define BLAS(op) s##op
#define ENTRY(role, op) linkgrad_##role##_s##op
#include "BlasInstance.inc"
#undef IS_CBLAS

#define IS_CBLAS 1
#define REAL double
#define INSTANCE cblas_d
#define BLAS(op) cblas_d##op
#define ENTRY(role, op) linkgrad_##role##_cblas_d##op
#include "BlasInstance.inc"
#define REAL float
#define INSTANCE cblas_s
#define BLAS(op) cblas_s##op
#define ENTRY(role, op) linkgrad_##role##_cblas_s##op
#include "BlasInstance.inc"
