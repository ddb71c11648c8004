//===- main.cpp - A chain of rigid links ----------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The requests.
//
//===----------------------------------------------------------------------===//

#include "chain.hpp"
#include "../gradient.h"

extern int enzyme_dup;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

int main() {
  double x[Inputs], g[Inputs] = {}, direction[Inputs];
  for (int i = 0; i < Inputs; ++i) {
    x[i] = i < Links ? 1 + 0.2 * i : 0.5 + 0.03 * i;
    direction[i] = i % 3 - 0.9;
  }
  const double parameters[] = {60, 1.5, 0.8, 9.8, 1.1};
  for (int i = 0; i < 5; ++i)
    x[2 * Links + i] = parameters[i];
  __enzyme_autodiff<void>((void *)program, enzyme_dup, &x[0], &g[0]);
  double forward = __enzyme_fwddiff<double>((void *)program, enzyme_dup, &x[0],
                                            &direction[0]);
  checkGradient("chain", program, x, g, Inputs, direction, forward, 1e-6, 1e-6);
}
