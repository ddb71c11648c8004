// The derivative of parallel code is that of the same code without OpenMP.
// DEFINE: %{part} = %clang -O2 -w -fpass-plugin=%plugin -c %s
// RUN: %{part} -fopenmp -DNAME=parallel -o %t.parallel.o
// RUN: %{part} -DNAME=serial -o %t.serial.o
// RUN: %clang -fopenmp %s -DMAIN %t.parallel.o %t.serial.o -o %t -lm
// RUN: env OMP_NUM_THREADS=1 %t
// RUN: env OMP_NUM_THREADS=3 %t
// RUN: env OMP_NUM_THREADS=4 %t
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 40 };

#ifdef MAIN
int threads_parallel(void), threads_serial(void);
void reverse_parallel(double *, double *, double *, double *);
void reverse_serial(double *, double *, double *, double *);
void forward_parallel(double *, double *, double *, double *);
void forward_serial(double *, double *, double *, double *);

static int differ(const char *what, const double *a, const double *b) {
  for (int i = 0; i < N; ++i)
    if (!(fabs(a[i] - b[i]) <= 1e-12 * fmax(1, fabs(b[i]))))
      return printf("%s %d: %.17g instead of %.17g\n", what, i, a[i], b[i]);
  return 0;
}

int main(void) {
  double x[N], seed[N], y[2][N], dx[2][N], dy[2][N];
  for (int i = 0; i < N; ++i) {
    x[i] = 0.5 + (i * 37 % 41) / 41.0;
    seed[i] = (i * 17 % 23) / 11.0 - 1;
    dx[0][i] = dx[1][i] = y[0][i] = y[1][i] = 0;
    dy[0][i] = dy[1][i] = seed[i];
  }
  if (threads_serial() != 1 || threads_parallel() != atoi(getenv("OMP_NUM_THREADS")))
    return printf("the parts are not what they should be\n");
  reverse_parallel(x, dx[0], y[0], dy[0]);
  reverse_serial(x, dx[1], y[1], dy[1]);
  if (differ("result", y[0], y[1]) || differ("gradient", dx[0], dx[1]))
    return 1;
  forward_parallel(x, seed, y[0], dy[0]);
  forward_serial(x, seed, y[1], dy[1]);
  return differ("tangent", dy[0], dy[1]) != 0;
}
#else
extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);
void __enzyme_fwddiff(void *, ...);

#define GLUE(A, B) A##_##B
#define NAMED(A, B) GLUE(A, B)

// A map, a stencil with its halo, a reduction that the next loop reads, and a
// histogram.
static void f(const double *x, double *y) {
  double a[N], norm = 0, bins[4] = {0};
#pragma omp parallel for schedule(static, 3)
  for (int i = 0; i < N; ++i) {
    double u = x[i];
    for (int k = 0; k < i % 5; ++k)
      u = sin(u) * x[(i + k) % N] + 0.5;
    a[i] = u;
  }
#pragma omp parallel for reduction(+ : norm) schedule(dynamic)
  for (int i = 0; i < N; ++i)
    norm += a[i] * a[(i + 1) % N];
#pragma omp parallel
  {
#pragma omp for nowait
    for (int i = 0; i < N; ++i)
      y[i] = a[i] / norm + a[(i + N - 1) % N] * x[0];
#pragma omp for
    for (int i = 0; i < N; ++i) {
#pragma omp atomic
      bins[i % 4] += a[i] * x[i];
    }
#pragma omp single
    y[0] += bins[0] * bins[1] + bins[2] * bins[3];
  }
}

void NAMED(reverse, NAME)(double *x, double *dx, double *y, double *dy) {
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx, enzyme_dup, y, dy);
}
void NAMED(forward, NAME)(double *x, double *dx, double *y, double *dy) {
  __enzyme_fwddiff((void *)f, enzyme_dup, x, dx, enzyme_dup, y, dy);
}
int NAMED(threads, NAME)(void) {
  int n = 0;
#pragma omp parallel reduction(+ : n)
  n += 1;
  return n;
}
#endif
