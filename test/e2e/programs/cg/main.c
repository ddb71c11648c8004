//===- main.c - Sparse matrices -------------------------------------------===//
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
#include "sparse.h"

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

int main(void) {
  double x[Inputs], g[Inputs] = {0}, direction[Inputs];
  for (int i = 0; i < Inputs; ++i) {
    x[i] = 0.8 + 0.05 * (i * 7 % 11);
    direction[i] = i % 4 - 1.2;
  }
  x[Unknowns + 1] = 0.4;
  x[Unknowns + 2] = 0.2;
  __enzyme_autodiff((void *)program, enzyme_dup, x, g);
  double forward = __enzyme_fwddiff((void *)program, enzyme_dup, x, direction);
  checkGradient("cg", program, x, g, Inputs, direction, forward, 1e-5, 1e-6);
  return 0;
}
