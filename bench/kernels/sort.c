//===- sort.c - What it costs to sort -------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// Sorts a copy of \p X by exchanging neighbours. Each exchange costs the
/// square of the difference; the sorted values are weighted by their rank.
static double sortingCost(const double *restrict X, int N) {
  double *A = malloc(sizeof(double) * N);
  memcpy(A, X, sizeof(double) * N);
  double Cost = 0;
  for (int End = N - 1; End > 0; --End)
    for (int I = 0; I < End; ++I)
      if (A[I] > A[I + 1]) {
        double Left = A[I], Right = A[I + 1];
        Cost += (Left - Right) * (Left - Right);
        A[I] = Right;
        A[I + 1] = Left;
      }
  for (int I = 0; I < N; ++I)
    Cost += I * A[I] * A[I];
  free(A);
  return Cost;
}

/// Exchanges are undone on the way back, so one bit for each comparison is
/// all that must be remembered.
static void sortingCostAdjoint(const double *restrict X, double *restrict DX,
                               int N) {
  double *A = malloc(sizeof(double) * N), *DA = malloc(sizeof(double) * N);
  unsigned char *Exchanged = malloc((size_t)N * N / 2), *Next = Exchanged;
  memcpy(A, X, sizeof(double) * N);
  for (int End = N - 1; End > 0; --End)
    for (int I = 0; I < End; ++I) {
      double Left = A[I], Right = A[I + 1];
      bool Exchange = Left > Right;
      A[I] = Exchange ? Right : Left;
      A[I + 1] = Exchange ? Left : Right;
      *Next++ = Exchange;
    }
  for (int I = 0; I < N; ++I)
    DA[I] = 2 * I * A[I];
  for (int End = 1; End < N; ++End)
    for (int I = End - 1; I >= 0; --I) {
      bool Exchange = *--Next;
      double Low = A[I], High = A[I + 1], DLow = DA[I], DHigh = DA[I + 1];
      double G = 2 * (High - Low);
      A[I] = Exchange ? High : Low;
      A[I + 1] = Exchange ? Low : High;
      DA[I] = Exchange ? DHigh + G : DLow;
      DA[I + 1] = Exchange ? DLow - G : DHigh;
    }
  for (int I = 0; I < N; ++I)
    DX[I] += DA[I];
  free(A);
  free(DA);
  free(Exchanged);
}

double sort_primal(const struct Problem *P) { return sortingCost(P->X, P->N); }

void sort_hand(const struct Problem *P, double *DX) {
  sortingCostAdjoint(P->X, DX, P->N);
}

void sort_linkgrad(const struct Problem *P, double *DX) {
  __enzyme_autodiff((void *)sortingCost, enzyme_dup, P->X, DX, enzyme_const,
                    P->N);
}
