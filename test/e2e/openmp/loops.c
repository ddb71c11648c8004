// Parallel loops: static, chunked and dynamic schedules, an input that all
// threads read, nested loops, inner functions, private arrays.
// RUN: %check %s %t -fopenmp

#define ROUNDING 1e-13
#include "../Inputs/check.h"

void statically(const double *x, double *y) {
#pragma omp parallel for
  for (int i = 0; i < 6; ++i)
    y[i] = sin(x[i]) * x[0] + y[i] * x[5];
}
MAP(statically, 6, 6)

void chunked(const double *x, double *y) {
#pragma omp parallel for schedule(static, 2)
  for (int i = 0; i < 7; ++i)
    y[i] = x[i] * x[(i + 1) % 7];
}
MAP(chunked, 7, 7)

// Later iterations take longer.
void dynamically(const double *x, double *y) {
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < 8; ++i) {
    double v = x[i];
    for (int k = 0; k < i * i; ++k)
      v += .1 * sin(v * x[k % 8]);
    y[i] = v;
  }
}
MAP(dynamically, 8, 8)

void guided(const double *x, double *y) {
#pragma omp parallel for schedule(guided, 2)
  for (long i = 0; i < 9; ++i)
    y[8 - i] *= x[i] * x[4];
}
MAP(guided, 9, 9)

void nested(const double *x, double *y) {
#pragma omp parallel for collapse(2) schedule(dynamic, 2)
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      double s = 0;
      for (int k = 0; k < 3; ++k)
        s += x[i * 3 + k] * x[k * 3 + j];
      y[i * 3 + j] = s * s;
    }
}
MAP(nested, 9, 9)

static double polynomial(const double *c, double at) {
  double v = 0;
  for (int i = 3; i >= 0; --i)
    v = v * at + c[i];
  return v;
}
__attribute__((noinline)) static void step(const double *x, double *y, int i) {
  *y = polynomial(x, x[i]) / (1 + x[i] * x[i]);
}
void functions(const double *x, double *y) {
#pragma omp parallel for
  for (int i = 0; i < 6; ++i)
    step(x, y + i, i);
}
MAP(functions, 6, 6)

void privately(const double *x, double *y) {
  double buffer[4];
#pragma omp parallel for private(buffer)
  for (int i = 0; i < 5; ++i) {
    for (int k = 0; k < 4; ++k)
      buffer[k] = x[i] * x[k];
    memmove(buffer + 1, buffer, 2 * sizeof *buffer);
    y[i] = buffer[1] * buffer[2] + buffer[3];
  }
}
MAP(privately, 5, 5)

// Each iteration leaves its copy of the table as it was.
void firsts(const double *x, double *y) {
  double scale = x[0] * x[1], table[3] = {x[2], x[1] * x[2], 3};
  int shift = 1;
#pragma omp parallel for firstprivate(scale, table, shift)
  for (int i = 0; i < 4; ++i) {
    double kept = table[0];
    table[0] *= x[3];
    y[i] = scale * x[i] + table[i % 3] + (i >> shift);
    table[0] = kept;
  }
}
MAP(firsts, 4, 4)

void single(const double *x, double *y) {
  float scale = (float)x[0], half = 3;
#pragma omp parallel for firstprivate(scale, half)
  for (int i = 0; i < 4; ++i)
    y[i] = scale * x[i] * half;
}
MAP(single, 4, 4, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-6)

void last(const double *x, double *y) {
  double v = 0;
#pragma omp parallel for lastprivate(v)
  for (int i = 0; i < 5; ++i) {
    v = x[i] * x[0];
    y[i] = v;
  }
  y[0] += v * v;
}
MAP(last, 5, 5)
