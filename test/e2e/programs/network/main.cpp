//===- main.cpp - A neural network ----------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The requests.
//
//===----------------------------------------------------------------------===//

#include "../gradient.h"
#include "network.hpp"
#include <cmath>

extern int enzyme_dup;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

int main() {
  double x[ProgramInputs], g[ProgramInputs] = {}, direction[ProgramInputs];
  for (int i = 0; i < ProgramInputs; ++i) {
    x[i] = 0.7 * std::sin(1.7 * i + 0.3);
    direction[i] = i % 5 - 1.9;
  }
  x[Network::Weights] = 0.2;
  x[Network::Weights + 1] = 0.98;
  __enzyme_autodiff<void>((void *)program, enzyme_dup, &x[0], &g[0]);
  double forward = __enzyme_fwddiff<double>((void *)program, enzyme_dup, &x[0],
                                            &direction[0]);
  checkGradient("network", program, x, g, ProgramInputs, direction, forward,
                1e-6, 1e-6);
}
