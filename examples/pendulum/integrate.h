//===- integrate.h - Solves an ordinary differential equation -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PENDULUM_INTEGRATE_H
#define PENDULUM_INTEGRATE_H

#include "model.h"
#include "tableau.h"

/// S plus the weighted sum of the first Stages slopes.
template <int N>
void advance(const State *S, const State (&Slope)[N], const double *Weights,
             int Stages, double Step, State *Result) {
  *Result = *S;
  for (int J = 0; J < Stages; ++J) {
    Result->Angle += Step * Weights[J] * Slope[J].Angle;
    Result->Speed += Step * Weights[J] * Slope[J].Speed;
  }
}

/// Moves \p S from time \p From to \p To with steps of at most \p MaxStep.
template <class System, int N>
void integrate(const System &F, const Tableau<N> &Method, double From,
               double To, double MaxStep, State *S) {
  double Time = From;
  while (Time < To) {
    const double Rest = To - Time;
    // The last step must arrive: To exactly, not almost.
    const bool Last = Rest <= MaxStep;
    const double Step = Last ? Rest : MaxStep;
    State Slope[N];
    for (int I = 0; I < N; ++I) {
      State Inner;
      advance(S, Slope, Method.Stage[I], I, Step, &Inner);
      F(Time + Method.Node[I] * Step, &Inner, &Slope[I]);
    }
    State Next;
    advance(S, Slope, Method.Weight, N, Step, &Next);
    *S = Next;
    Time = Last ? To : Time + Step;
  }
}

#endif // PENDULUM_INTEGRATE_H
