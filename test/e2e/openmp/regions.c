// Regions: in a loop, in branches, in a recursion, with a number of threads,
// with a condition, inside of one another; in functions of several files.
// RUN: %check %s %t -fopenmp

#define ROUNDING 1e-12
#if PART == 2
#include <math.h>
// What a loop in PART 3 calls, and where critical sections are in a callee.
double inner(const double *x, int i) { return sin(x[i]) * x[(i + 1) % 6]; }
void collect(double *into, double v) {
#pragma omp critical
  *into = *into * .5 * v;
}
#elif PART == 3
double inner(const double *x, int i);
void collect(double *into, double v);
void loop(const double *x, double *y, int n, double scale) {
#pragma omp parallel for schedule(static, 1)
  for (int i = 0; i < n; ++i) {
    y[i] += scale * inner(x, i);
    collect(y + n, 1 + x[i]);
  }
}
#else
#include "../Inputs/check.h"
#include <omp.h>
#if PART == 1
double inner(const double *x, int i);
void collect(double *into, double v);
void loop(const double *x, double *y, int n, double scale);
#else
__attribute__((noinline)) double inner(const double *x, int i) {
  return sin(x[i]) * x[(i + 1) % 6];
}
__attribute__((noinline)) void collect(double *into, double v) {
#pragma omp critical
  *into = *into * .5 * v;
}
__attribute__((noinline)) void loop(const double *x, double *y, int n,
                                    double scale) {
#pragma omp parallel for schedule(static, 1)
  for (int i = 0; i < n; ++i) {
    y[i] += scale * inner(x, i);
    collect(y + n, 1 + x[i]);
  }
}
#endif

void modules(const double *x, double *y) { loop(x, y, 6, x[0] * x[1]); }
MAP(modules, 6, 7)

// As many tapes as rounds; the length changes.
void rounds(double *x) {
  for (int k = 1; k < 5; ++k) {
#pragma omp parallel for
    for (int i = 0; i < k + 1; ++i)
      x[i] = x[i] * x[5] + .1 * sin(x[i]);
    x[5] = .9 * x[k];
  }
}
INPLACE(rounds, 6)

void numbers(const double *x, double *y) {
#pragma omp parallel num_threads(3)
  y[omp_get_thread_num()] += x[omp_get_thread_num()] * omp_get_num_threads();
#pragma omp parallel num_threads(2)
  y[omp_get_thread_num()] *= x[2] * omp_get_num_threads();
}
MAP(numbers, 3, 3, .tolerance = 1e-6)

void conditional(const double *x, double *y) {
  for (int k = 0; k < 2; ++k) {
    double s = 0;
#pragma omp parallel for if (x[k] > 1) reduction(+ : s) firstprivate(k)
    for (int i = 0; i < 5; ++i) {
      y[i] += x[i] * x[k];
      s += y[i] * y[i];
    }
#pragma omp parallel if (k)
    {
#pragma omp critical
      s *= x[4];
#pragma omp barrier
#pragma omp single
      s += x[3];
    }
    y[k] = s * (k ? 1 : .1);
  }
}
MAP(conditional, 5, 5)

static double tree(const double *x, int n) {
  if (n == 1)
    return x[0] * x[0];
  double a = 0, b = 0;
#pragma omp parallel sections
  {
#pragma omp section
    a = tree(x, n / 2);
#pragma omp section
    b = tree(x + n / 2, n - n / 2);
  }
  return a * b + a;
}
double recursion(const double *x) { return tree(x, 5); }
FUNCTIONAL(recursion, 5)

double teams(const double *x) {
  double s = 0;
  omp_set_max_active_levels(2);
#pragma omp parallel for num_threads(2) reduction(+ : s)
  for (int i = 0; i < 3; ++i) {
    double t = x[i];
#pragma omp parallel for num_threads(2) reduction(+ : t)
    for (int k = 0; k < 4; ++k)
      t += x[i] * x[k] * x[k];
    s += t * t;
#pragma omp parallel num_threads(2)
#pragma omp single
    {
#pragma omp critical
      s *= 1 + .1 * x[3];
    }
  }
  return s;
}
FUNCTIONAL(teams, 4)

void inactive(const double *x, double *y) {
  int n[4];
#pragma omp parallel for
  for (int i = 0; i < 4; ++i)
    n[i] = (i * 3) % 4;
  for (int i = 0; i < 4; ++i)
    y[i] = x[n[i]] * x[i];
}
MAP(inactive, 4, 4)
#endif
