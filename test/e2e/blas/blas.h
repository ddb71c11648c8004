//===- blas.h - BLAS by the names of Fortran, CBLAS, or both ----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TEST_BLAS_H
#define LINKGRAD_TEST_BLAS_H

#define CC const char *
#define CI const int *
#define CR const double *
void dscal_(CI, CR, double *, CI);
void daxpy_(CI, CR, CR, CI, double *, CI);
double ddot_(CI, CR, CI, CR, CI);
double dnrm2_(CI, CR, CI);
double dasum_(CI, CR, CI);
void dcopy_(CI, CR, CI, double *, CI);
void dswap_(CI, double *, CI, double *, CI);
void dgemv_(CC, CI, CI, CR, CR, CI, CR, CI, CR, double *, CI);
void dger_(CI, CI, CR, CR, CI, CR, CI, double *, CI);
void dgemm_(CC, CC, CI, CI, CI, CR, CR, CI, CR, CI, CR, double *, CI);
void dsymm_(CC, CC, CI, CI, CR, CR, CI, CR, CI, CR, double *, CI);
void dsyrk_(CC, CC, CI, CI, CR, CR, CI, CR, double *, CI);
void dtrmm_(CC, CC, CC, CC, CI, CI, CR, CR, CI, double *, CI);
void dtrsm_(CC, CC, CC, CC, CI, CI, CR, CR, CI, double *, CI);
#undef CC
#undef CI
#undef CR

#endif // LINKGRAD_TEST_BLAS_H
