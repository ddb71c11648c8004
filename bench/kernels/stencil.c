//===- stencil.c - Reaction and diffusion on a square grid ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <stdlib.h>
#include <string.h>

static const double Diffusion = 0.1, Growth = 0.05;

/// One explicit step; the boundary stays as it is.
static void step(const double *restrict U, double *restrict V, int N) {
  for (int I = 1; I < N - 1; ++I)
    for (int J = 1; J < N - 1; ++J) {
      int P = I * N + J;
      V[P] =
          U[P] +
          Diffusion * (U[P - N] + U[P + N] + U[P - 1] + U[P + 1] - 4 * U[P]) +
          Growth * U[P] * (1 - U[P]);
    }
}

/// Sum of squares after \p Steps steps from \p U0.
static double stencil(const double *restrict U0, int N, int Steps) {
  size_t Bytes = sizeof(double) * N * N;
  double *U = malloc(Bytes), *V = malloc(Bytes);
  memcpy(U, U0, Bytes);
  memcpy(V, U0, Bytes);
  for (int T = 0; T < Steps; ++T) {
    step(U, V, N);
    double *Swap = U;
    U = V;
    V = Swap;
  }
  double Sum = 0;
  for (int P = 0; P < N * N; ++P)
    Sum += U[P] * U[P];
  free(U);
  free(V);
  return Sum;
}

/// The adjoint of step, line by line. On return \p DU holds the adjoint of U;
/// what it held before is lost, except on the boundary.
static void stepAdjoint(const double *restrict U, double *restrict DU,
                        const double *restrict DV, int N) {
  for (int I = 1; I < N - 1; ++I)
    memset(DU + I * N + 1, 0, sizeof(double) * (N - 2));
  for (int I = 1; I < N - 1; ++I)
    for (int J = 1; J < N - 1; ++J) {
      int P = I * N + J;
      double G = DV[P], D = Diffusion * G;
      DU[P] += G - 4 * D + Growth * G * (1 - 2 * U[P]);
      DU[P - N] += D;
      DU[P + N] += D;
      DU[P - 1] += D;
      DU[P + 1] += D;
    }
}

/// All states are kept: the forward sweep writes them where they stay. The
/// boundary never changes, so its adjoint only collects.
static void stencilAdjoint(const double *restrict U0, double *restrict DU0,
                           int N, int Steps) {
  size_t Cells = (size_t)N * N, Bytes = sizeof(double) * Cells;
  double *States = malloc(Bytes * (Steps + 1));
  double *DU = malloc(Bytes), *DV = malloc(Bytes);
  memcpy(States, U0, Bytes);
  for (int T = 0; T < Steps; ++T) {
    double *Next = States + (T + 1) * Cells;
    for (int K = 0; K < N; ++K)
      Next[K] = U0[K], Next[(N - 1) * N + K] = U0[(N - 1) * N + K],
      Next[K * N] = U0[K * N], Next[K * N + N - 1] = U0[K * N + N - 1];
    step(States + T * Cells, Next, N);
  }
  for (size_t P = 0; P < Cells; ++P)
    DV[P] = 2 * States[Steps * Cells + P];
  memset(DU, 0, Bytes);
  for (int T = Steps - 1; T >= 0; --T) {
    stepAdjoint(States + T * Cells, DU, DV, N);
    double *Swap = DU;
    DU = DV;
    DV = Swap;
  }
  // After the swap DV is what collected last; on the boundary both did.
  for (size_t P = 0; P < Cells; ++P)
    DU0[P] += DV[P];
  for (int I = 0; I < N; ++I)
    for (int J = 0; J < N; J += I == 0 || I == N - 1 ? 1 : N - 1)
      DU0[I * N + J] += DU[I * N + J];
  free(States);
  free(DU);
  free(DV);
}

double stencil_primal(const struct Problem *P) {
  return stencil(P->X, P->N, P->M);
}

void stencil_hand(const struct Problem *P, double *DX) {
  stencilAdjoint(P->X, DX, P->N, P->M);
}

void stencil_linkgrad(const struct Problem *P, double *DX) {
  __enzyme_autodiff((void *)stencil, enzyme_dup, P->X, DX, enzyme_const, P->N,
                    enzyme_const, P->M);
}
