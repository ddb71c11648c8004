//===- main.c - Flow in a box ---------------------------------------------===//
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
#include "flow.h"

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

int main(void) {
  double x[Inputs], g[Inputs] = {0}, direction[Inputs];
  for (int i = 0; i < Inputs; ++i) {
    x[i] = 1 + 0.1 * (i * 5 % 7);
    direction[i] = i % 3 - 0.7;
  }
  x[Cells] = 0.05;
  x[Cells + 1] = 0.02;
  x[Cells + 2] = 0.3;
  __enzyme_autodiff((void *)program, enzyme_dup, x, g);
  double forward = __enzyme_fwddiff((void *)program, enzyme_dup, x, direction);
  checkGradient("flow", program, x, g, Inputs, direction, forward, 1e-6, 1e-5);
  return 0;
}
