//===- horner.c - Horner's rule, as many terms as the argument needs ------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <math.h>

enum { MaxDegree = 64 };

/// How many powers of \p X count in double precision.
static int degreeFor(double X, int N) {
  int Degree = 0;
  for (double Power = 1; Degree < N && Power > 1e-17; ++Degree)
    Power *= fabs(X);
  return Degree;
}

/// Sum of squares of a power series with N + 1 <= MaxDegree + 1 coefficients
/// at M points.
static double horner(const double *restrict C, int N, const double *restrict X,
                     int M) {
  double Sum = 0;
  for (int I = 0; I < M; ++I) {
    int K = degreeFor(X[I], N);
    double R = C[K];
    while (K-- > 0)
      R = R * X[I] + C[K];
    Sum += R * R;
  }
  return Sum;
}

static void hornerAdjoint(const double *restrict C, double *restrict DC, int N,
                          const double *restrict X, double *restrict DX,
                          int M) {
  for (int I = 0; I < M; ++I) {
    double R[MaxDegree + 1];
    int Degree = degreeFor(X[I], N);
    R[Degree] = C[Degree];
    for (int K = Degree - 1; K >= 0; --K)
      R[K] = R[K + 1] * X[I] + C[K];
    double G = 2 * R[0], GX = 0;
    for (int K = 0; K < Degree; ++K) {
      DC[K] += G;
      GX += G * R[K + 1];
      G *= X[I];
    }
    DC[Degree] += G;
    DX[I] += GX;
  }
}

double horner_primal(const struct Problem *P) {
  return horner(P->X, P->N, P->X + P->N + 1, P->M);
}

void horner_hand(const struct Problem *P, double *DX) {
  hornerAdjoint(P->X, DX, P->N, P->X + P->N + 1, DX + P->N + 1, P->M);
}

void horner_linkgrad(const struct Problem *P, double *DX) {
  __enzyme_autodiff((void *)horner, enzyme_dup, P->X, DX, enzyme_const, P->N,
                    enzyme_dup, P->X + P->N + 1, DX + P->N + 1, enzyme_const,
                    P->M);
}
