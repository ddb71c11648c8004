//===- stencil.c - Reaction and diffusion on a square grid ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <stdbool.h>
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

/// The adjoint of step. A cell takes back what it gave to its neighbours; \p DV
/// is zero on the boundary, so all inner cells are alike. What the boundary
/// cells gave is added to \p DEdge.
static void stepAdjoint(const double *restrict U, double *restrict DU,
                        const double *restrict DV, double *restrict DEdge,
                        int N) {
  for (int I = 1; I < N - 1; ++I)
    for (int J = 1; J < N - 1; ++J) {
      int P = I * N + J;
      DU[P] = DV[P] +
              Diffusion *
                  (DV[P - N] + DV[P + N] + DV[P - 1] + DV[P + 1] - 4 * DV[P]) +
              Growth * DV[P] * (1 - 2 * U[P]);
    }
  for (int K = 1; K < N - 1; ++K) {
    int Last = N - 1, Left = K * N, Right = Left + Last, Bottom = Last * N + K;
    DEdge[K] += Diffusion * DV[K + N];
    DEdge[Bottom] += Diffusion * DV[Bottom - N];
    DEdge[Left] += Diffusion * DV[Left + 1];
    DEdge[Right] += Diffusion * DV[Right - 1];
  }
}

/// All states are kept: the forward sweep writes them where they stay.
static void stencilAdjoint(const double *restrict U0, double *restrict DU0,
                           int N, int Steps) {
  size_t Cells = (size_t)N * N, Bytes = sizeof(double) * Cells;
  double *States = malloc(Bytes * (Steps + 1));
  double *DU = calloc(Cells, sizeof(double));
  double *DV = calloc(Cells, sizeof(double));
  memcpy(States, U0, Bytes);
  for (int T = 0; T < Steps; ++T) {
    double *Next = States + (T + 1) * Cells;
    for (int K = 0; K < N; ++K) {
      Next[K] = U0[K];
      Next[(N - 1) * N + K] = U0[(N - 1) * N + K];
      Next[K * N] = U0[K * N];
      Next[K * N + N - 1] = U0[K * N + N - 1];
    }
    step(States + T * Cells, Next, N);
  }
  const double *Final = States + Steps * Cells;
  for (int I = 0; I < N; ++I)
    for (int J = 0; J < N; ++J) {
      int P = I * N + J;
      bool Inner = I > 0 && I < N - 1 && J > 0 && J < N - 1;
      (Inner ? DV : DU0)[P] += 2 * Final[P];
    }
  for (int T = Steps - 1; T >= 0; --T) {
    stepAdjoint(States + T * Cells, DU, DV, DU0, N);
    double *Swap = DU;
    DU = DV;
    DV = Swap;
  }
  for (size_t P = 0; P < Cells; ++P)
    DU0[P] += DV[P];
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
