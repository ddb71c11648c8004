//===- gradient.h - Checks of a program's gradient --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program is a function double program(const double *x), defined in modules of
// its own. checkGradient() is used where the requests are.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TEST_GRADIENT_H
#define LINKGRAD_TEST_GRADIENT_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/// Compares the gradient \p g of \p f at \p x with central differences in every
/// component, and with the forward derivative \p forward along \p direction.
/// Ends the program if one is wrong; prints the value and the gradient.
static void checkGradient(const char *name, double (*f)(const double *),
                          double *x, const double *g, int n,
                          const double *direction, double forward, double step,
                          double tolerance) {
  double scale = 1, along = 0, size = 1;
  for (int i = 0; i < n; ++i) {
    scale = fmax(scale, fabs(g[i]));
    along += g[i] * direction[i];
    size += fabs(g[i] * direction[i]);
  }
  if (!(fabs(along - forward) <= 1e-10 * size)) {
    printf("%s: forward %.17g, reverse %.17g\n", name, forward, along);
    exit(1);
  }
  printf("%s %.12g\n", name, f(x));
  for (int i = 0; i < n; ++i) {
    double at = x[i], h = step * fmax(1, fabs(at)), up, down;
    x[i] = at + h;
    up = f(x);
    x[i] = at - h;
    down = f(x);
    x[i] = at;
    double difference = (up - down) / (2 * h);
    if (!(fabs(g[i] - difference) <= tolerance * scale)) {
      printf("%s: component %d is %.17g, difference %.17g\n", name, i, g[i],
             difference);
      exit(1);
    }
    printf("gradient %.12g\n", g[i]);
  }
}

#endif // LINKGRAD_TEST_GRADIENT_H
