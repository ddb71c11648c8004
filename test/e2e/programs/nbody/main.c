//===- main.c - Gravitating bodies ----------------------------------------===//
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
#include "nbody.h"

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

enum { Inputs = Bodies + 3 };

int main(void) {
  double x[Inputs], g[Inputs] = {0}, direction[Inputs];
  for (int i = 0; i < Inputs; ++i) {
    x[i] = i < Bodies ? 0.3 + 0.05 * i : 1;
    direction[i] = i % 3 - 0.8;
  }
  x[Bodies] = 0.05;
  __enzyme_autodiff((void *)program, enzyme_dup, x, g);
  double forward = __enzyme_fwddiff((void *)program, enzyme_dup, x, direction);
  checkGradient("nbody", program, x, g, Inputs, direction, forward, 1e-5, 1e-6);
  return 0;
}
