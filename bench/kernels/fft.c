//===- fft.c - Weighted power spectrum by a recursive FFT -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <stdlib.h>
#include <string.h>

/// Transforms the \p N complex numbers at \p X, with as much \p Scratch;
/// \p Roots holds the roots of unity of order N * Stride.
static void fft(double *restrict X, double *restrict Scratch, int N, int Stride,
                const double *restrict Roots) {
  if (N == 1)
    return;
  double *Even = Scratch, *Odd = Scratch + N;
  for (int K = 0; K < N / 2; ++K) {
    Even[2 * K] = X[4 * K];
    Even[2 * K + 1] = X[4 * K + 1];
    Odd[2 * K] = X[4 * K + 2];
    Odd[2 * K + 1] = X[4 * K + 3];
  }
  fft(Even, X, N / 2, 2 * Stride, Roots);
  fft(Odd, X + N, N / 2, 2 * Stride, Roots);
  for (int K = 0; K < N / 2; ++K) {
    const double *W = Roots + 2 * Stride * K;
    double Re = W[0] * Odd[2 * K] - W[1] * Odd[2 * K + 1];
    double Im = W[0] * Odd[2 * K + 1] + W[1] * Odd[2 * K];
    X[2 * K] = Even[2 * K] + Re;
    X[2 * K + 1] = Even[2 * K + 1] + Im;
    X[N + 2 * K] = Even[2 * K] - Re;
    X[N + 2 * K + 1] = Even[2 * K + 1] - Im;
  }
}

static double spectrum(const double *restrict Signal, int N,
                       const double *restrict Roots) {
  size_t Bytes = sizeof(double) * 2 * N;
  double *X = malloc(Bytes), *Scratch = malloc(Bytes);
  memcpy(X, Signal, Bytes);
  fft(X, Scratch, N, 1, Roots);
  double Sum = 0;
  for (int K = 0; K < N; ++K)
    Sum += (X[2 * K] * X[2 * K] + X[2 * K + 1] * X[2 * K + 1]) / (K + 1);
  free(X);
  free(Scratch);
  return Sum;
}

/// The transform is linear: its transpose runs the same butterflies backwards
/// and needs no tape. \p DX is replaced by the adjoint of the input.
static void fftAdjoint(double *restrict DX, double *restrict Scratch, int N,
                       int Stride, const double *restrict Roots) {
  if (N == 1)
    return;
  double *DEven = Scratch, *DOdd = Scratch + N;
  for (int K = 0; K < N / 2; ++K) {
    const double *W = Roots + 2 * Stride * K;
    double Re = DX[2 * K] - DX[N + 2 * K];
    double Im = DX[2 * K + 1] - DX[N + 2 * K + 1];
    DEven[2 * K] = DX[2 * K] + DX[N + 2 * K];
    DEven[2 * K + 1] = DX[2 * K + 1] + DX[N + 2 * K + 1];
    DOdd[2 * K] = W[0] * Re + W[1] * Im;
    DOdd[2 * K + 1] = W[0] * Im - W[1] * Re;
  }
  fftAdjoint(DEven, DX, N / 2, 2 * Stride, Roots);
  fftAdjoint(DOdd, DX + N, N / 2, 2 * Stride, Roots);
  for (int K = 0; K < N / 2; ++K) {
    DX[4 * K] = DEven[2 * K];
    DX[4 * K + 1] = DEven[2 * K + 1];
    DX[4 * K + 2] = DOdd[2 * K];
    DX[4 * K + 3] = DOdd[2 * K + 1];
  }
}

static void spectrumAdjoint(const double *restrict Signal,
                            double *restrict DSignal, int N,
                            const double *restrict Roots) {
  size_t Bytes = sizeof(double) * 2 * N;
  double *X = malloc(Bytes), *Scratch = malloc(Bytes);
  memcpy(X, Signal, Bytes);
  fft(X, Scratch, N, 1, Roots);
  for (int K = 0; K < N; ++K) {
    X[2 * K] *= 2.0 / (K + 1);
    X[2 * K + 1] *= 2.0 / (K + 1);
  }
  fftAdjoint(X, Scratch, N, 1, Roots);
  for (int K = 0; K < 2 * N; ++K)
    DSignal[K] += X[K];
  free(X);
  free(Scratch);
}

double fft_primal(const struct Problem *P) {
  return spectrum(P->X, P->N, P->Data);
}

void fft_hand(const struct Problem *P, double *DX) {
  spectrumAdjoint(P->X, DX, P->N, P->Data);
}

void fft_linkgrad(const struct Problem *P, double *DX) {
  __enzyme_autodiff((void *)spectrum, enzyme_dup, P->X, DX, enzyme_const, P->N,
                    enzyme_const, P->Data);
}
