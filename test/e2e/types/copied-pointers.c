// A number of pointers at the beginning of a struct is copied. The floats behind them
// are no other member of a union.
// RUN: %check %s %t --skip=-O0 --skip=-O3 --skip=valgrind --skip=sanitize
// RUN: %check %s %t -g --skip=-O0 --skip=-O3 --skip=valgrind --skip=sanitize

#include "../Inputs/check.h"
#include <string.h>

#define NOINLINE __attribute__((noinline))
#define FLOAT .step = 1e-2, .tolerance = 1e-2, .precision = 1e-4

NOINLINE static void copyLayers(float **to, float **from, long n) {
  if (**from > -90)
    memcpy(to, from, n * sizeof *to);
}

#define NET(NAME, SIZE)                                                        \
  struct NAME {                                                                \
    float *layers[3];                                                          \
    SIZE float rate, bias;                                                     \
  };                                                                           \
  NOINLINE static void init##NAME(struct NAME *n, float *l, double r) {        \
    for (int i = 0; i < 3; ++i)                                                \
      n->layers[i] = l + i;                                                    \
    n->rate = r;                                                               \
    n->bias = r * r;                                                           \
  }                                                                            \
  double trained##NAME(const double *x) {                                      \
    float l[3] = {x[0] * x[1], x[1] * x[2], x[2]};                             \
    struct NAME *a = malloc(sizeof *a), *b = malloc(sizeof *b);                \
    init##NAME(a, l, x[0]);                                                    \
    b->rate = 2 * x[1];                                                        \
    b->bias = x[2];                                                            \
    copyLayers(b->layers, a->layers, x[0] > -7 ? 3 : 2);                       \
    double r = *b->layers[0] * b->rate +                                       \
               *b->layers[1] * a->rate * *b->layers[2] + b->bias * a->bias;    \
    free(a);                                                                   \
    free(b);                                                                   \
    return r;                                                                  \
  }                                                                            \
  FUNCTIONAL(trained##NAME, 3, FLOAT)
NET(Floats, )
NET(Sized, long size;)
