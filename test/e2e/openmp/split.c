// Split reverse mode: the tapes of threads live between the sweeps, and can be
// read twice; a derivative that each thread of a region asks for itself.
// RUN: %check %s %t -fopenmp

#define ROUNDING 1e-12
#define OWN_CHECKS
#include "../Inputs/check.h"

extern int enzyme_tape, enzyme_nofree;
void *__enzyme_augmentfwd(void *, ...);
void __enzyme_reverse(void *, ...);

enum { N = 9 };

__attribute__((noinline)) static void map(const double *x, double *y) {
  double s = x[0], p = 1;
#pragma omp parallel for firstprivate(s) schedule(dynamic)
  for (int i = 0; i < N; ++i) {
    double *q = (double *)malloc(sizeof *q);
    *q = x[i] * s;
    for (int k = 0; k < i; ++k)
      *q = sin(*q) + x[k];
    y[i] = *q;
#pragma omp critical
    p *= 1 + .1 * *q;
    free(q);
  }
  y[N] = p;
}

static void twice(void) {
  double *x = randomArray(N, .5, 1.5), *y = randomArray(N + 1, 0, 1);
  double *seed = randomArray(N + 1, -1, 1), dx[3][N] = {0}, dy[N + 1];
  memcpy(dy, seed, sizeof dy);
  __enzyme_autodiff((void *)map, enzyme_dup, x, dx[0], enzyme_dup, y, dy);
  void *tape = __enzyme_augmentfwd((void *)map, enzyme_dup, x, dx[1],
                                   enzyme_dup, y, dy);
  for (int i = 0; i < N; ++i)
    x[i] = y[i] = 17;
  memcpy(dy, seed, sizeof dy);
  __enzyme_reverse((void *)map, enzyme_nofree, enzyme_dup, x, dx[1], enzyme_dup,
                   y, dy, enzyme_tape, tape);
  for (int i = 0; i < N; ++i)
    EXPECT(dx[1][i], dx[0][i]);
  memcpy(dy, seed, sizeof dy);
  __enzyme_reverse((void *)map, enzyme_dup, x, dx[1], enzyme_dup, y, dy,
                   enzyme_tape, tape);
  for (int i = 0; i < N; ++i)
    EXPECT(dx[1][i], 2 * dx[0][i]);
  free(x), free(y), free(seed);
}

static double serial(const double *x, double by) {
  double s = 1;
  for (int i = 0; i < 3; ++i) {
#pragma omp critical
    s *= x[i] * by + x[(i + 1) % 3];
  }
  return s;
}

static void inside(void) {
  double x[3] = {.3, .5, .7}, dx[8][3] = {0};
#pragma omp parallel for schedule(dynamic)
  for (int k = 0; k < 8; ++k)
    __enzyme_autodiff((void *)serial, enzyme_dup, x, dx[k], (double)k);
  for (int k = 0; k < 8; ++k)
    for (int i = 0; i < 3; ++i) {
      double up[3] = {.3, .5, .7}, down[3] = {.3, .5, .7}, h = 1e-5;
      up[i] += h, down[i] -= h;
      EXPECT_NEAR(dx[k][i], (serial(up, k) - serial(down, k)) / (2 * h), 1e-8);
    }
}

static void ownChecks(void) {
  twice();
  inside();
}
