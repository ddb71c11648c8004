//===- brusselator.c - Right-hand side of the Brusselator in 2-D ----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <stdlib.h>
#include <string.h>

static const double A = 3.4, B = 1.0, Alpha = 10.0;

static int wrap(int I, int N) { return I < 0 ? N - 1 : I >= N ? 0 : I; }

/// The time derivatives \p RU and \p RV of the concentrations \p U and \p V on
/// a periodic grid with \p N points a side.
static void brusselator(const double *restrict U, const double *restrict V,
                        double *restrict RU, double *restrict RV, int N) {
  double Scale = Alpha * (N - 1) * (N - 1);
  for (int I = 0; I < N; ++I) {
    int Up = N * wrap(I - 1, N), Down = N * wrap(I + 1, N), Row = N * I;
    for (int J = 0; J < N; ++J) {
      int Left = wrap(J - 1, N), Right = wrap(J + 1, N);
      double UC = U[Row + J], VC = V[Row + J];
      RU[Row + J] = B + UC * UC * VC - (A + 1) * UC +
                    Scale * (U[Up + J] + U[Down + J] + U[Row + Left] +
                             U[Row + Right] - 4 * UC);
      RV[Row + J] = A * UC - UC * UC * VC +
                    Scale * (V[Up + J] + V[Down + J] + V[Row + Left] +
                             V[Row + Right] - 4 * VC);
    }
  }
}

/// The Laplacian of a periodic grid is its own transpose: it is applied to the
/// weights \p GU and \p GV.
static void brusselatorAdjoint(const double *restrict U, double *restrict DU,
                               const double *restrict V, double *restrict DV,
                               const double *restrict GU,
                               const double *restrict GV, int N) {
  double Scale = Alpha * (N - 1) * (N - 1);
  for (int I = 0; I < N; ++I) {
    int Up = N * wrap(I - 1, N), Down = N * wrap(I + 1, N), Row = N * I;
    for (int J = 0; J < N; ++J) {
      int Left = wrap(J - 1, N), Right = wrap(J + 1, N);
      double UC = U[Row + J], VC = V[Row + J];
      double G = GU[Row + J], H = GV[Row + J];
      DU[Row + J] += 2 * UC * VC * (G - H) - (A + 1) * G + A * H +
                     Scale * (GU[Up + J] + GU[Down + J] + GU[Row + Left] +
                              GU[Row + Right] - 4 * G);
      DV[Row + J] += UC * UC * (G - H) +
                     Scale * (GV[Up + J] + GV[Down + J] + GV[Row + Left] +
                              GV[Row + Right] - 4 * H);
    }
  }
}

/// The objective: the derivatives weighted with Data.
double brusselator_primal(const struct Problem *P) {
  int Cells = P->N * P->N;
  double *R = malloc(sizeof(double) * 2 * Cells);
  brusselator(P->X, P->X + Cells, R, R + Cells, P->N);
  double Sum = 0;
  for (int K = 0; K < 2 * Cells; ++K)
    Sum += P->Data[K] * R[K];
  free(R);
  return Sum;
}

void brusselator_hand(const struct Problem *P, double *DX) {
  int Cells = P->N * P->N;
  brusselatorAdjoint(P->X, DX, P->X + Cells, DX + Cells, P->Data,
                     P->Data + Cells, P->N);
}

/// LinkGrad's gradient takes the seeds and leaves zeros, so it gets a copy.
void brusselator_linkgrad(const struct Problem *P, double *DX) {
  int Cells = P->N * P->N;
  double *R = malloc(sizeof(double) * 4 * Cells), *DR = R + 2 * Cells;
  memcpy(DR, P->Data, sizeof(double) * 2 * Cells);
  __enzyme_autodiff((void *)brusselator, enzyme_dup, P->X, DX, enzyme_dup,
                    P->X + Cells, DX + Cells, enzyme_dupnoneed, R, DR,
                    enzyme_dupnoneed, R + Cells, DR + Cells, enzyme_const,
                    P->N);
  free(R);
}
