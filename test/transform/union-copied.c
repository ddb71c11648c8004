// A function copies a number of unions of a float and a pointer as pointers. Its caller
// has floats there, too: the derivative by them was 0.
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -g -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// The same if nobody sees both in one place: only others than the first are floats.
// RUN: not %clang -O1 -DONE -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DONE -g -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// CHECK: error: {{.*}} is used as Float@float and as Pointer
// CHECK-SAME: [unknown-type]
#include <stdlib.h>
#include <string.h>

double __enzyme_autodiff(void *, double);

typedef union {
  float number;
  float *place;
} Value;
#define NOINLINE __attribute__((noinline))
NOINLINE static void setNumber(Value *v, float x) { v->number = x; }
NOINLINE static float getNumber(Value *v) { return v->number; }
NOINLINE static void setPlace(Value *v, float *p) { v->place = p; }
NOINLINE static float getPlace(Value *v) { return *v->place; }

NOINLINE static float copy(float **to, float **from, int n) {
  float first = *from[0];
  memcpy(to, from, n * sizeof *to);
  return first;
}
static double f(double x) {
  Value *v = malloc(2 * sizeof *v), *w = malloc(2 * sizeof *w);
  float y = x * x, other = 1;
#ifndef ONE
  setPlace(&w[0], &other), setPlace(&w[1], &other);
#endif
  setPlace(&v[0], &y), setNumber(&v[1], y * x);
  float first = copy((float **)w, (float **)v, x > 100 ? 1 : 2);
  double r = getNumber(&w[1]) * x + getPlace(&w[0]) + first;
  free(v), free(w);
  return r;
}
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
