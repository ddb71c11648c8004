//===- nbody.c - Energy of gravitating bodies -----------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <math.h>

static const double Softening = 1e-3;

/// Kinetic and potential energy of \p N bodies at \p X with velocities \p V.
static double energy(const double *restrict X, const double *restrict V,
                     const double *restrict Mass, int N) {
  double E = 0;
  for (int I = 0; I < N; ++I) {
    const double *A = X + 3 * I, *W = V + 3 * I;
    E += 0.5 * Mass[I] * (W[0] * W[0] + W[1] * W[1] + W[2] * W[2]);
    for (int J = I + 1; J < N; ++J) {
      const double *B = X + 3 * J;
      double D0 = A[0] - B[0], D1 = A[1] - B[1], D2 = A[2] - B[2];
      E -= Mass[I] * Mass[J] / sqrt(D0 * D0 + D1 * D1 + D2 * D2 + Softening);
    }
  }
  return E;
}

static void energyAdjoint(const double *restrict X, double *restrict DX,
                          const double *restrict V, double *restrict DV,
                          const double *restrict Mass, int N) {
  for (int I = 0; I < N; ++I) {
    const double *A = X + 3 * I;
    double G0 = 0, G1 = 0, G2 = 0;
    for (int J = I + 1; J < N; ++J) {
      const double *B = X + 3 * J;
      double *DB = DX + 3 * J;
      double D0 = A[0] - B[0], D1 = A[1] - B[1], D2 = A[2] - B[2];
      double R2 = D0 * D0 + D1 * D1 + D2 * D2 + Softening;
      double G = Mass[I] * Mass[J] / (R2 * sqrt(R2));
      G0 += G * D0;
      G1 += G * D1;
      G2 += G * D2;
      DB[0] -= G * D0;
      DB[1] -= G * D1;
      DB[2] -= G * D2;
    }
    DX[3 * I] += G0;
    DX[3 * I + 1] += G1;
    DX[3 * I + 2] += G2;
    for (int K = 0; K < 3; ++K)
      DV[3 * I + K] += Mass[I] * V[3 * I + K];
  }
}

double nbody_primal(const struct Problem *P) {
  return energy(P->X, P->X + 3 * P->N, P->Data, P->N);
}

void nbody_hand(const struct Problem *P, double *DX) {
  energyAdjoint(P->X, DX, P->X + 3 * P->N, DX + 3 * P->N, P->Data, P->N);
}

void nbody_linkgrad(const struct Problem *P, double *DX) {
  __enzyme_autodiff((void *)energy, enzyme_dup, P->X, DX, enzyme_dup,
                    P->X + 3 * P->N, DX + 3 * P->N, enzyme_const, P->Data,
                    enzyme_const, P->N);
}
