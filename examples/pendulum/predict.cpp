//===- predict.cpp - What the model says ----------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "predict.h"
#include "integrate.h"
#include "loss.h"

std::vector<double> predict(const Parameters &P,
                            const std::vector<double> &Times) {
  State S{P.Angle, P.Speed};
  double Time = 0;
  std::vector<double> Angles;
  for (double Next : Times) {
    integrate(Pendulum{&P}, ClassicalRungeKutta, Time, Next, MaxStep, &S);
    Time = Next;
    Angles.push_back(S.Angle);
  }
  return Angles;
}
