// Rules use only operations that have rules, so a derivative can be
// differentiated: forward over reverse against the closed second derivative.

// The gradients are made in one compilation and differentiated in the next.
// RUN: %clang -O2 -fno-math-errno -DINNER -fpass-plugin=%plugin -emit-llvm \
// RUN:   -c %s -o %t.inner.bc
// RUN: %clang -O1 -emit-llvm -c %s -o %t.outer.bc
// RUN: llvm-link %t.inner.bc %t.outer.bc -o %t.bc
// RUN: %clang -O2 -fpass-plugin=%plugin %t.bc -lm -o %t
// RUN: %t | FileCheck %s

#include <math.h>
#include <stdio.h>

extern double __enzyme_autodiff(void *, double);
extern double __enzyme_fwddiff(void *, double, double);

#ifdef INNER
#define SECOND(NAME, FORMULA)                                                  \
  static double NAME(double x) { return FORMULA; }                             \
  double NAME##_gradient(double x) {                                           \
    return __enzyme_autodiff((void *)NAME, x);                                 \
  }
#else
#define SECOND(NAME, FORMULA)                                                  \
  double NAME##_gradient(double x);                                            \
  static double NAME##_second(double x) {                                      \
    return __enzyme_fwddiff((void *)NAME##_gradient, x, 1.0);                  \
  }
#endif

SECOND(cube, x * x * x)
SECOND(quotient, 1 / (1 + x * x))
SECOND(wave, sin(x) * exp(-x))
SECOND(power, pow(x, 2.5))
SECOND(angle, atan2(x, 2))
SECOND(norm, hypot(x, 3))
SECOND(error, erf(x))
SECOND(gamma_log, lgamma(x))
// The adjoint of the root is zero at the minimum, its derivative is not.
SECOND(residual, (sqrt(x) - 1) * (sqrt(x) - 1))

// CHECK: cube 12.0000000
// CHECK-NEXT: quotient 0.1760000
// CHECK-NEXT: wave 0.1126387
// CHECK-NEXT: power 5.3033009
// CHECK-NEXT: angle -0.1250000
// CHECK-NEXT: norm 0.1920116
// CHECK-NEXT: error -0.0826679
// CHECK-NEXT: gamma_log 0.6449341
// CHECK-NEXT: residual 0.5000000
#ifndef INNER
int main(void) {
#define SHOW(NAME, X) printf(#NAME " %.7f\n", NAME##_second(X));
  SHOW(cube, 2)
  SHOW(quotient, 2)
  SHOW(wave, 2)
  SHOW(power, 2)
  SHOW(angle, 2)
  SHOW(norm, 2)
  SHOW(error, 2)
  SHOW(gamma_log, 2)
  SHOW(residual, 1)
}
#endif
