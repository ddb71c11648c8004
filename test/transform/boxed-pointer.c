// A pointer among the bits of a float that is no number: it has no shadow.
// RUN: not %clang -O0 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// CHECK: error: {{.*}}these bits are a pointer and a floating-point value that may be active [unknown-type]
// CHECK: help: keep the two in different places
#include <math.h>
#include <stdint.h>
#include <string.h>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

static double box(double *p) {
  uint64_t b = 0x7ff8000000000000u | (uint64_t)p;
  double d;
  memcpy(&d, &b, 8);
  return d;
}
static double *unbox(double d) {
  uint64_t b;
  memcpy(&b, &d, 8);
  return (double *)(b & 0xffffffffffffu);
}
static double f(const double *x) {
  double stack[3], own = x[0] * x[1], sum = 0;
  stack[0] = x[0];
  stack[1] = box(&own);
  stack[2] = x[1];
  for (int i = 0; i < 3; i++)
    sum += isnan(stack[i]) ? *unbox(stack[i]) : stack[i];
  return sum * sum;
}
void gradient(double *x, double *dx) {
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx);
}
