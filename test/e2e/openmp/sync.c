// Critical sections in the order in which they ran, atomic updates, barriers,
// single, master, sections.
// RUN: %check %s %t -fopenmp

#define ROUNDING 1e-12
#include "../Inputs/check.h"
#include <omp.h>

double summed(const double *x) {
  double s = 1;
#pragma omp parallel
  {
    double own = 0;
#pragma omp for nowait
    for (int i = 0; i < 8; ++i)
      own += x[i] * x[i];
#pragma omp critical
    s += own;
  }
  return s;
}
FUNCTIONAL(summed, 8)

// What a section does depends on the ones before it.
double multiplied(const double *x) {
  double p = 1, last = x[0];
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < 8; ++i) {
    double v = .5 + x[i] * x[1];
#pragma omp critical
    {
      p *= v;
      last = p * p;
    }
  }
  return p + last;
}
FUNCTIONAL(multiplied, 8)

double named(const double *x) {
  double a = x[0], b = 1;
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < 6; ++i) {
#pragma omp critical(one)
    {
      a = a * x[i];
#pragma omp critical(two)
      b = b * (1 + a * 0 + x[i]);
    }
#pragma omp critical(two)
    b *= x[i];
  }
  return a + b;
}
FUNCTIONAL(named, 6)

void atomically(const double *x, double *y) {
  int count = 0;
#pragma omp parallel for
  for (int i = 0; i < 10; ++i) {
#pragma omp atomic
    y[i % 3] += x[i] * x[0];
#pragma omp atomic
    y[2] -= sin(x[i]);
#pragma omp atomic
    ++count;
  }
  y[0] *= count;
}
MAP(atomically, 10, 3)

// Two phases, twice: what one phase writes the other reads.
void jacobi(double *x) {
  double next[8];
#pragma omp parallel
  for (int k = 0; k < 3; ++k) {
#pragma omp for
    for (int i = 0; i < 8; ++i)
      next[i] = .3 * (x[(i + 7) % 8] + x[(i + 1) % 8]) * x[i] + x[i];
#pragma omp for
    for (int i = 0; i < 8; ++i)
      x[i] = next[i] * next[i] * .5;
  }
}
INPLACE(jacobi, 8)

// By thread number: each thread reads what its neighbour wrote.
double ring(const double *x) {
  double cell[64], s = 0;
#pragma omp parallel reduction(+ : s)
  {
    int t = omp_get_thread_num(), n = omp_get_num_threads();
    cell[t] = x[t % 4] * x[(t + 1) % 4];
#pragma omp barrier
    double v = cell[(t + 1) % n];
#pragma omp barrier
    cell[t] = v * cell[t] * 0 + v;
#pragma omp barrier
    s += cell[(t + n - 1) % n] / n;
  }
  return s;
}
FUNCTIONAL(ring, 4)

double once(const double *x) {
  double shared = x[0], s = 0;
#pragma omp parallel reduction(+ : s)
  {
#pragma omp single
    shared = shared * x[1];
#pragma omp for
    for (int i = 0; i < 4; ++i)
      s += shared * x[i];
#pragma omp master
    shared = sin(shared);
#pragma omp barrier
#pragma omp for
    for (int i = 0; i < 4; ++i)
      s += shared * x[i] * x[i];
  }
  return s;
}
FUNCTIONAL(once, 4)

double parts(const double *x) {
  double a, b, c;
#pragma omp parallel sections
  {
#pragma omp section
    a = sin(x[0]) * x[1];
#pragma omp section
    b = cos(x[1]) * x[2];
#pragma omp section
    c = exp(x[2]) * x[0];
  }
  return a * b * c;
}
FUNCTIONAL(parts, 3)

// Memory of the threads': on the heap, freed in the region.
double heap(const double *x) {
  double s = 0;
#pragma omp parallel for reduction(+ : s)
  for (int i = 0; i < 6; ++i) {
    double *p = (double *)malloc((i + 1) * sizeof *p);
    for (int k = 0; k <= i; ++k)
      p[k] = x[k] * x[i];
    for (int k = 0; k <= i; ++k)
      s += p[k] * p[i - k];
    free(p);
  }
  return s;
}
FUNCTIONAL(heap, 6)

static double global;
double globals(const double *x) {
  global = x[0];
#pragma omp parallel for
  for (int i = 0; i < 4; ++i)
#pragma omp critical
    global = global * x[i];
  return global;
}
FUNCTIONAL(globals, 4)
