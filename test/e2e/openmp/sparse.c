// A sparse system by conjugate gradients: the matrix in rows of different lengths, the
// products and sums of one iteration by orphaned loops, an early exit for all threads,
// and a residual with the matrix's own entries as inputs.
// RUN: %check %s %t -fopenmp

#define ROUNDING 1e-12
#include "../Inputs/check.h"

typedef struct {
  int rows, *begin, *column;
  double *value;
} Sparse;

// A chain with a few further links; x gives the stiffnesses.
static Sparse assemble(int n, const double *x) {
  Sparse m = {n, malloc((n + 1) * sizeof(int)), malloc(5 * n * sizeof(int)),
              malloc(5 * n * sizeof(double))};
  int k = 0;
  for (int i = 0; i < n; ++i) {
    m.begin[i] = k;
    for (int j = 0; j < n; ++j) {
      int distance = abs(i - j);
      if (distance > 1 && (distance != 3 || (i + j) % 5 != 1))
        continue;
      m.column[k] = j;
      m.value[k++] = distance ? -x[(i + j) % 4] / (1 + distance) : 3 + x[i % 4] * x[i % 4];
    }
  }
  m.begin[n] = k;
  return m;
}

static void product(const Sparse *m, const double *v, double *out) {
#pragma omp for schedule(guided)
  for (int i = 0; i < m->rows; ++i) {
    double sum = 0;
    for (int k = m->begin[i]; k < m->begin[i + 1]; ++k)
      sum += m->value[k] * v[m->column[k]];
    out[i] = sum;
  }
}

static double shared;
static double dot(int n, const double *a, const double *b) {
#pragma omp single
  shared = 0;
#pragma omp for reduction(+ : shared)
  for (int i = 0; i < n; ++i)
    shared += a[i] * b[i];
  double result = shared;
#pragma omp barrier
  return result;
}

// The vectors are members of one struct.
typedef struct {
  double *solution, *residual, *direction, *image;
} Vectors;

static void solve(const Sparse *m, Vectors *v, int iterations) {
  int n = m->rows;
#pragma omp parallel
  {
    double old = dot(n, v->residual, v->residual);
    for (int k = 0; k < iterations; ++k) {
      product(m, v->direction, v->image);
      double alpha = old / dot(n, v->direction, v->image);
#pragma omp for
      for (int i = 0; i < n; ++i) {
        v->solution[i] += alpha * v->direction[i];
        v->residual[i] -= alpha * v->image[i];
      }
      double now = dot(n, v->residual, v->residual);
      if (now < 1e-20)
        break;
#pragma omp for simd
      for (int i = 0; i < n; ++i)
        v->direction[i] = v->residual[i] + now / old * v->direction[i];
      old = now;
    }
  }
}

void conjugate(const double *x, double *y) {
  int n = 8;
  Sparse m = assemble(n, x);
  double *memory = calloc(4 * n, sizeof(double));
  Vectors v = {memory, memory + n, memory + 2 * n, memory + 3 * n};
  for (int i = 0; i < n; ++i)
    v.residual[i] = v.direction[i] = x[4 + i % 2] * (i + 1);
  solve(&m, &v, 5);
  for (int i = 0; i < 3; ++i)
    y[i] = v.solution[2 * i] * x[i];
  free(memory);
  free(m.begin);
  free(m.column);
  free(m.value);
}
MAP(conjugate, 6, 3, .precision = 1e-10)
