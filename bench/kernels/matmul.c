//===- matmul.c - Naive product of square matrices ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <stdlib.h>

static void multiply(const double *restrict A, const double *restrict B,
                     double *restrict C, int N) {
  for (int I = 0; I < N; ++I)
    for (int J = 0; J < N; ++J) {
      double Sum = 0;
      for (int K = 0; K < N; ++K)
        Sum += A[I * N + K] * B[K * N + J];
      C[I * N + J] = Sum;
    }
}

/// Half the squared Frobenius norm of A B.
static double norm(const double *restrict A, const double *restrict B, int N) {
  double *C = malloc(sizeof(double) * N * N), Sum = 0;
  multiply(A, B, C, N);
  for (int P = 0; P < N * N; ++P)
    Sum += C[P] * C[P];
  free(C);
  return 0.5 * Sum;
}

/// C is its own adjoint: dA = C B^T, dB = A^T C, with the loops in the order
/// that goes along the rows of all matrices.
static void normAdjoint(const double *restrict A, double *restrict DA,
                        const double *restrict B, double *restrict DB, int N) {
  double *C = malloc(sizeof(double) * N * N);
  multiply(A, B, C, N);
  for (int I = 0; I < N; ++I)
    for (int K = 0; K < N; ++K) {
      double Sum = 0, AIK = A[I * N + K];
      for (int J = 0; J < N; ++J) {
        Sum += C[I * N + J] * B[K * N + J];
        DB[K * N + J] += AIK * C[I * N + J];
      }
      DA[I * N + K] += Sum;
    }
  free(C);
}

double matmul_primal(const struct Problem *P) {
  return norm(P->X, P->X + P->N * P->N, P->N);
}

void matmul_hand(const struct Problem *P, double *DX) {
  int Cells = P->N * P->N;
  normAdjoint(P->X, DX, P->X + Cells, DX + Cells, P->N);
}

void matmul_linkgrad(const struct Problem *P, double *DX) {
  int Cells = P->N * P->N;
  __enzyme_autodiff((void *)norm, enzyme_dup, P->X, DX, enzyme_dup,
                    P->X + Cells, DX + Cells, enzyme_const, P->N);
}
