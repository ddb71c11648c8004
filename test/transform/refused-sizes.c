// Copies of a number of bytes, of which nothing says what they are without -g.
// RUN: not %clang -O1 -DREALLOC -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=REALLOC %s
// RUN: %clang -O1 -DREALLOC -g -c -fpass-plugin=%plugin %s -o %t.o
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=EXTENDED %s
// RUN: %clang -O1 -g -c -fpass-plugin=%plugin %s -o %t.o
// RUN: %clang -O2 -c -fpass-plugin=%plugin %s -o %t.o

#include <stdlib.h>
#include <string.h>
void __enzyme_autodiff(void *, ...);

#ifdef REALLOC
// REALLOC: error: byte 0 behind {{.*}} may be a float, a pointer or an integer: nothing tells [unknown-type]
double f(const double *x, size_t bytes) {
  double *p = malloc(16);
  p[0] = x[0];
  p[1] = x[1];
  p = realloc(p, bytes);
  double product = p[0] * p[1];
  free(p);
  return product;
}
#else
// EXTENDED: error: byte 16 of the 64 bytes behind {{.*}} may be something else than the Float@fp80 in other places of this memory, or is cut off [unknown-type]
double f(const double *x, size_t n) {
  long double *a = malloc(4 * sizeof *a), *b = malloc(4 * sizeof *a), sum = 0;
  for (int i = 0; i < 4; ++i)
    a[i] = x[i];
  memcpy(b, a, 4 * sizeof *a);
  for (int i = 0; i < 4; ++i)
    sum += b[i] * b[i];
  free(a);
  free(b);
  return sum;
}
#endif

void d(double *x, double *dx, size_t n) { __enzyme_autodiff((void *)f, x, dx, n); }
