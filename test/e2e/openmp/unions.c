// Unions of a float and a pointer that a parallel region uses as one of them, and the
// functions around it as the other. Where the region stores the pointers, that is
// refused.
// RUN: %clang -O0 -fopenmp -fpass-plugin=%plugin %s -o %t.0 && %t.0
// RUN: %clang -O2 -fopenmp -fpass-plugin=%plugin %s -o %t.2 && %t.2
// RUN: not %clang -O1 -DREFUSED -fopenmp -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: a pointer is stored where a float may be at other times, in a parallel region
#include <math.h>
#include <stdlib.h>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

typedef union {
  float number;
  float *place;
} Value;

static void numbersInside(float *x, float *y) { // y[i] = x[i] * (x[0] + x[1])
  Value *v = malloc(2 * sizeof *v);
  for (int i = 0; i < 2; i++)
    v[i].place = &x[i];
  float s = *v[0].place + *v[1].place;
#pragma omp parallel for
  for (int i = 0; i < 2; i++)
    v[i].number = x[i] * s;
#pragma omp parallel for
  for (int i = 0; i < 2; i++)
    y[i] += v[i].number;
  free(v);
}

#ifdef REFUSED
static void placesInside(float *x, Value *out) {
#pragma omp parallel for
  for (int i = 0; i < 2; i++)
    out[i].place = &x[i];
  out[0].number = (*out[0].place + *out[1].place) * x[1];
}
void gradient(float *x, float *dx, Value *out, Value *dout) {
  __enzyme_autodiff((void *)placesInside, enzyme_dup, x, dx, enzyme_dup, out, dout);
}
#endif

int main(void) {
  for (int i = 0; i < 20; ++i) { // The bits of an address are not always a great number.
    float x[2] = {1, 2}, dx[2] = {0}, y[2] = {0}, dy[2] = {1, 3};
    void *other = malloc(i * 1000);
    __enzyme_autodiff((void *)numbersInside, enzyme_dup, x, dx, enzyme_dup, y, dy);
    free(other);
    if (!(fabs(dx[0] - 10) < 1e-5 && fabs(dx[1] - 16) < 1e-5))
      return 1;
  }
  return 0;
}
