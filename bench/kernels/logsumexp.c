//===- logsumexp.c - Logarithm of a sum of exponentials -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <math.h>
#include <stdlib.h>

static double logsumexp(const double *restrict X, int N) {
  double Max = X[0], Sum = 0;
  for (int I = 1; I < N; ++I)
    if (X[I] > Max)
      Max = X[I];
  for (int I = 0; I < N; ++I)
    Sum += exp(X[I] - Max);
  return Max + log(Sum);
}

/// The maximum cancels out of the derivative.
static void logsumexpAdjoint(const double *restrict X, double *restrict DX,
                             int N) {
  double Max = X[0], Sum = 0, *E = malloc(sizeof(double) * N);
  for (int I = 1; I < N; ++I)
    if (X[I] > Max)
      Max = X[I];
  for (int I = 0; I < N; ++I)
    Sum += E[I] = exp(X[I] - Max);
  for (int I = 0; I < N; ++I)
    DX[I] += E[I] / Sum;
  free(E);
}

double logsumexp_primal(const struct Problem *P) {
  return logsumexp(P->X, P->N);
}

void logsumexp_hand(const struct Problem *P, double *DX) {
  logsumexpAdjoint(P->X, DX, P->N);
}

void logsumexp_linkgrad(const struct Problem *P, double *DX) {
  __enzyme_autodiff((void *)logsumexp, enzyme_dup, P->X, DX, enzyme_const,
                    P->N);
}
