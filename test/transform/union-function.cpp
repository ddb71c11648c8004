// The place of a std::function for small function objects holds a float in one of
// them and a pointer in another. A function that only exchanges such places knows
// neither, and the type of its local variable, {i64, i64}, does not make it one of
// integers.
// RUN: not %clangxx -O2 -fno-inline -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clangxx -O2 -fno-inline -g -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: {{.*}}byte 0 of the 16 bytes behind {{.*}}[unknown-type]

#include <functional>

void __enzyme_autodiff(void *, ...);
extern int enzyme_dup;

static double f(const double *x) {
  double a = x[0];
  std::function<double(double)> g = [a](double b) { return a * b; };
  if (x[1] > 1)
    g = [&](double b) { return b * b * a; };
  return g(x[1]) + g(x[0]);
}
void gradient(double *x, double *dx) {
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx);
}
