//===- dot.c - Dot product ------------------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"

static double dot(const double *restrict X, const double *restrict Y, int N) {
  double Sum = 0;
  for (int I = 0; I < N; ++I)
    Sum += X[I] * Y[I];
  return Sum;
}

static void dotAdjoint(const double *restrict X, double *restrict DX,
                       const double *restrict Y, double *restrict DY, int N) {
  for (int I = 0; I < N; ++I) {
    DX[I] += Y[I];
    DY[I] += X[I];
  }
}

double dot_primal(const struct Problem *P) {
  return dot(P->X, P->X + P->N, P->N);
}

void dot_hand(const struct Problem *P, double *DX) {
  dotAdjoint(P->X, DX, P->X + P->N, DX + P->N, P->N);
}

void dot_linkgrad(const struct Problem *P, double *DX) {
  __enzyme_autodiff((void *)dot, enzyme_dup, P->X, DX, enzyme_dup, P->X + P->N,
                    DX + P->N, enzyme_const, P->N);
}
