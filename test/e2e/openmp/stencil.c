// Heat in a plate: sweeps over a grid in one parallel region, with two grids that
// change places, a coefficient per cell, boundaries by sections, and the number of
// sweeps depending on a residual that all threads agree on.
// RUN: %check %s %t -fopenmp

#define ROUNDING 1e-13
#include "../Inputs/check.h"

enum { N = 6 };
#define AT(i, j) ((i) * N + (j))

static double conductivity(double t, const double *c) {
  return c[0] + c[1] * cos(t) + c[2] / (1 + t * t);
}

__attribute__((noinline)) static void row(const double *from, double *to,
                                          const double *c, int i) {
  for (int j = 1; j < N - 1; ++j) {
    double t = from[AT(i, j)], k = .05 * conductivity(t, c);
    to[AT(i, j)] = t + k * (from[AT(i - 1, j)] + from[AT(i + 1, j)] +
                            from[AT(i, j - 1)] + from[AT(i, j + 1)] - 4 * t);
  }
}

static void boundaries(double *g, const double *x) {
#pragma omp sections
  {
#pragma omp section
    for (int j = 0; j < N; ++j)
      g[AT(0, j)] = x[0] * j;
#pragma omp section
    for (int j = 0; j < N; ++j)
      g[AT(N - 1, j)] = x[1] * sin(j);
#pragma omp section
    for (int i = 1; i < N - 1; ++i)
      g[AT(i, 0)] = g[AT(i, N - 1)] = x[2];
  }
}

// x: three boundary values, three coefficients, the temperature inside.
double plate(const double *x) {
  double a[N * N], b[N * N], *from = a, *to = b;
  double residual = 0;
  int sweeps = 0, done = 0;
#pragma omp parallel shared(residual, sweeps, done, from, to)
  {
    boundaries(a, x);
    boundaries(b, x);
#pragma omp for collapse(2)
    for (int i = 1; i < N - 1; ++i)
      for (int j = 1; j < N - 1; ++j)
        a[AT(i, j)] = x[6] * i + x[0] * j;
    while (!done) {
#pragma omp for schedule(static, 1)
      for (int i = 1; i < N - 1; ++i)
        row(from, to, x + 3, i);
#pragma omp single
      residual = 0;
#pragma omp for reduction(+ : residual)
      for (int i = 0; i < N * N; ++i)
        residual += (to[i] - from[i]) * (to[i] - from[i]);
#pragma omp single
      {
        double *t = from;
        from = to;
        to = t;
        done = ++sweeps >= 8 || residual < 1e-3;
      }
    }
  }
  double sum = residual;
#pragma omp parallel for reduction(+ : sum)
  for (int i = 0; i < N * N; ++i)
    sum += from[i] * from[i] / (1 + i);
  return sum;
}
FUNCTIONAL(plate, 7)

// The same on the heap, with the loops in functions that find their own team, and
// rows as an array of pointers.
static void relax(double **from, double **to, double w, int n) {
#pragma omp for nowait
  for (int i = 1; i < n - 1; ++i)
    for (int j = 1; j < n - 1; ++j)
      to[i][j] = (1 - w) * from[i][j] +
                 w / 4 * (from[i - 1][j] + from[i + 1][j] + from[i][j - 1] + from[i][j + 1]);
#pragma omp barrier
}

static double **allocate(int n, const double *x) {
  double **rows = malloc(n * sizeof *rows);
#pragma omp parallel for
  for (int i = 0; i < n; ++i) {
    rows[i] = malloc(n * sizeof **rows);
    for (int j = 0; j < n; ++j)
      rows[i][j] = x[(i + j) % 4] * (i + 1);
  }
  return rows;
}

static void release(double **rows, int n) {
  for (int i = 0; i < n; ++i)
    free(rows[i]);
  free(rows);
}

void rows(const double *x, double *y) {
  int n = 5;
  double **a = allocate(n, x), **b = allocate(n, x);
#pragma omp parallel
  for (int k = 0; k < 3; ++k) {
    relax(a, b, x[3], n);
    relax(b, a, x[3] * .5, n);
  }
  for (int i = 0; i < 3; ++i)
    y[i] += a[i + 1][2] * b[2][i + 1];
  release(a, n);
  release(b, n);
}
MAP(rows, 4, 3)
