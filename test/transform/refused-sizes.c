// Copies of a number of bytes, of which nothing says what they are without -g.
// RUN: not %clang -O1 -DREALLOC -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=REALLOC %s
// RUN: %clang -O1 -DREALLOC -g -c -fpass-plugin=%plugin %s -o %t.o
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=BESIDE %s
// RUN: %clang -O1 -g -c -fpass-plugin=%plugin %s -o %t.o

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
// No loop runs over all that is copied: something else follows the pairs.
// BESIDE: error: byte 16 of the 96 bytes behind {{.*}} may be something else than the Float@double in other places of this memory, or is cut off [unknown-type]
struct Pair {
  double value;
  long id;
};
struct Both {
  struct Pair pairs[3];
  double rest[6];
};
double f(const double *x, size_t n) {
  struct Both *a = malloc(sizeof *a), *b = malloc(sizeof *b);
  for (int i = 0; i < 3; ++i)
    a->pairs[i] = (struct Pair){x[i], i};
  for (int i = 0; i < 6; ++i)
    a->rest[i] = x[i % 3] * x[0];
  memcpy(b, a, sizeof *a);
  double sum = b->pairs[n].value * b->pairs[n].id + b->rest[n];
  free(a);
  free(b);
  return sum;
}
#endif

void d(double *x, double *dx, size_t n) { __enzyme_autodiff((void *)f, x, dx, n); }
