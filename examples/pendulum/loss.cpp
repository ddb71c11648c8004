//===- loss.cpp - How well parameters explain the observations ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "loss.h"
#include "integrate.h"

double loss(const Parameters *P, const Observations *Data) {
  const Pendulum System{P};
  State S{P->Angle, P->Speed};
  double Time = 0, Sum = 0;
  for (int I = 0; I < Data->Count; ++I) {
    integrate(System, ClassicalRungeKutta, Time, Data->Times[I], MaxStep, &S);
    Time = Data->Times[I];
    const double Residual = S.Angle - Data->Angles[I];
    Sum += 0.5 * Residual * Residual;
  }
  return Sum;
}
