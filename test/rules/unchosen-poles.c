// Optimisers evaluate both sides of a conditional expression when they can.
// What is not chosen contributes nothing, even where its slope is infinite.

// RUN: %clang -O2 -fno-math-errno -fpass-plugin=%plugin %s -lm -o %t
// RUN: %t | FileCheck %s

#include <math.h>
#include <stdio.h>

extern double __enzyme_autodiff(void *, double);
extern double __enzyme_fwddiff(void *, double, double);

static double inverse(double x) { return x != 0 ? 1 / x : 0; }
static double root(double x) { return x > 0 ? sqrt(x) : 0; }
static double logarithm(double x) { return x > 0 ? log(x) : 0; }

// CHECK: inverse at 0: 0 0
// CHECK-NEXT: inverse at 2: -0.25 -0.25
// CHECK-NEXT: root at 0: 0 0
// CHECK-NEXT: root at -1: 0 0
// CHECK-NEXT: root at 4: 0.25 0.25
// CHECK-NEXT: logarithm at 0: 0 0
// CHECK-NEXT: logarithm at -1: 0 0
// CHECK-NEXT: logarithm at 2: 0.5 0.5
int main(void) {
#define SHOW(F, X)                                                             \
  printf(#F " at %g: %g %g\n", (double)(X), __enzyme_autodiff((void *)F, X),   \
         __enzyme_fwddiff((void *)F, X, 1));
  SHOW(inverse, 0)
  SHOW(inverse, 2)
  SHOW(root, 0)
  SHOW(root, -1)
  SHOW(root, 4)
  SHOW(logarithm, 0)
  SHOW(logarithm, -1)
  SHOW(logarithm, 2)
}
