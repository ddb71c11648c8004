// std::function with small function objects: assigned, passed on, copied. Without
// optimisation, the first stops where LLVM merges a double and a pointer.
// RUN: %check %s %t --skip=-O0
// RUN: %check %s %t-calls --skip=-O0 -fno-inline
// RUN: %clangxx -std=c++20 -w -O0 -fpass-plugin=%plugin %s -o %t-stops -lm
// RUN: not --crash %t-stops 2>&1 | FileCheck %s
// CHECK: stopped in a derivative: error: a union of a pointer and a float is moved as the float [unknown-type]
// CHECK-NEXT: in function: assigned

#include "../Inputs/check.h"
#include <functional>

double assigned(const double *x) {
  double a = x[0];
  std::function<double(double)> f = [a](double b) { return a * b; };
  if (x[1] > 1)
    f = [&](double b) { return b * b * a; };
  return f(x[1]) + f(x[0]);
}
FUNCTIONAL(assigned, 2)

__attribute__((noinline)) static double
apply(const std::function<double(double)> &f, double v) {
  return f(v) * f(f(v));
}
double passedOn(const double *x) {
  double k = x[0];
  return apply([&k](double v) { return v * k; }, x[1]) +
         apply([x](double v) { return v * x[2]; }, x[1]) +
         apply([](double v) { return sin(v); }, x[0]);
}
FUNCTIONAL(passedOn, 3)
