//===- mlp.c - Training loss of a small multi-layer perceptron ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <math.h>

enum { Inputs = 16, MaxHidden = 64 };

/// Out = tanh(W In + B); the biases B follow the weights W.
static void layer(const double *restrict W, const double *restrict In, int NIn,
                  double *restrict Out, int NOut) {
  const double *B = W + NIn * NOut;
  for (int O = 0; O < NOut; ++O) {
    double Sum = B[O];
    for (int I = 0; I < NIn; ++I)
      Sum += W[O * NIn + I] * In[I];
    Out[O] = tanh(Sum);
  }
}

/// Mean squared error over \p Samples samples of a network with two hidden
/// layers of \p H neurons. A sample is its inputs and the target.
static double mlp(const double *restrict W, const double *restrict Samples,
                  int N, int H) {
  const double *W2 = W + (Inputs + 1) * H, *W3 = W2 + (H + 1) * H;
  double Loss = 0;
  for (int S = 0; S < N; ++S) {
    const double *In = Samples + S * (Inputs + 1);
    double A[MaxHidden], B[MaxHidden];
    layer(W, In, Inputs, A, H);
    layer(W2, A, H, B, H);
    double Out = W3[H];
    for (int I = 0; I < H; ++I)
      Out += W3[I] * B[I];
    double Error = Out - In[Inputs];
    Loss += Error * Error;
  }
  return Loss / N;
}

/// \p DOut is the adjoint of Out; \p DIn is added to, unless it is null.
static void layerAdjoint(const double *restrict W, double *restrict DW,
                         const double *restrict In, double *restrict DIn,
                         int NIn, const double *restrict Out,
                         const double *restrict DOut, int NOut) {
  double *DB = DW + NIn * NOut;
  for (int O = 0; O < NOut; ++O) {
    double G = DOut[O] * (1 - Out[O] * Out[O]);
    DB[O] += G;
    for (int I = 0; I < NIn; ++I)
      DW[O * NIn + I] += G * In[I];
    if (DIn)
      for (int I = 0; I < NIn; ++I)
        DIn[I] += G * W[O * NIn + I];
  }
}

static void mlpAdjoint(const double *restrict W, double *restrict DW,
                       const double *restrict Samples, int N, int H) {
  int Second = (Inputs + 1) * H, Third = Second + (H + 1) * H;
  const double *W2 = W + Second, *W3 = W + Third;
  double *DW2 = DW + Second, *DW3 = DW + Third;
  for (int S = 0; S < N; ++S) {
    const double *In = Samples + S * (Inputs + 1);
    double A[MaxHidden], B[MaxHidden], DA[MaxHidden] = {0}, DB[MaxHidden];
    layer(W, In, Inputs, A, H);
    layer(W2, A, H, B, H);
    double Out = W3[H];
    for (int I = 0; I < H; ++I)
      Out += W3[I] * B[I];
    double G = 2 * (Out - In[Inputs]) / N;
    DW3[H] += G;
    for (int I = 0; I < H; ++I) {
      DW3[I] += G * B[I];
      DB[I] = G * W3[I];
    }
    layerAdjoint(W2, DW2, A, DA, H, B, DB, H);
    layerAdjoint(W, DW, In, 0, Inputs, A, DA, H);
  }
}

double mlp_primal(const struct Problem *P) {
  return mlp(P->X, P->Data, P->N, P->M);
}

void mlp_hand(const struct Problem *P, double *DX) {
  mlpAdjoint(P->X, DX, P->Data, P->N, P->M);
}

void mlp_linkgrad(const struct Problem *P, double *DX) {
  __enzyme_autodiff((void *)mlp, enzyme_dup, P->X, DX, enzyme_const, P->Data,
                    enzyme_const, P->N, enzyme_const, P->M);
}
