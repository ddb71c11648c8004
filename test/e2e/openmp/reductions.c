// Reductions: sums, several at once, products, extrema, arrays, in a loop of
// their own; of numbers that were there before.
// RUN: %check %s %t -fopenmp

#define ROUNDING 1e-13
#include "../Inputs/check.h"

double sum(const double *x) {
  double s = 0;
#pragma omp parallel for reduction(+ : s)
  for (int i = 0; i < 9; ++i)
    s += sin(x[i]) * x[0];
  return s * s;
}
FUNCTIONAL(sum, 9)

double several(const double *x) {
  double a = x[0], b = x[1];
  int count = 0;
#pragma omp parallel for reduction(+ : a, count) reduction(- : b) schedule(dynamic)
  for (int i = 0; i < 7; ++i) {
    a += x[i] * x[i];
    b -= cos(x[i]);
    count += i & 1;
  }
  return a * b * count;
}
FUNCTIONAL(several, 7)

double product(const double *x) {
  double p = x[1];
#pragma omp parallel for reduction(* : p)
  for (int i = 0; i < 6; ++i)
    p *= x[i] + .1;
  return p;
}
FUNCTIONAL(product, 6)

double extrema(const double *x) {
  double low = 100, high = x[3] * .01;
#pragma omp parallel for reduction(min : low) reduction(max : high)
  for (int i = 0; i < 6; ++i) {
    low = fmin(low, x[i] * x[i]);
    high = x[i] > high ? x[i] : high;
  }
  return low * 10 + high;
}
FUNCTIONAL(extrema, 6)

void arrays(const double *x, double *y) {
#pragma omp parallel for reduction(+ : y[ : 3])
  for (int i = 0; i < 9; ++i)
    y[i % 3] += x[i] * x[(i + 1) % 9];
}
MAP(arrays, 9, 3)

// The reduction of a loop inside a region ends with a barrier.
double inside(const double *x) {
  double s = 0, r = 0;
#pragma omp parallel
  {
#pragma omp for reduction(+ : s)
    for (int i = 0; i < 8; ++i)
      s += x[i] * x[i];
#pragma omp for reduction(+ : r)
    for (int i = 0; i < 8; ++i)
      r += s * sin(x[i]);
  }
  return r;
}
FUNCTIONAL(inside, 8)

struct Vector {
  double a, b;
};
#pragma omp declare reduction(add : struct Vector : omp_out.a += omp_in.a,     \
                                  omp_out.b *= omp_in.b)                       \
    initializer(omp_priv = (struct Vector){0, 1})
double own(const double *x) {
  struct Vector v = {x[0], x[1]};
#pragma omp parallel for reduction(add : v)
  for (int i = 0; i < 5; ++i) {
    v.a += x[i] * x[2];
    v.b *= x[i];
  }
  return v.a * v.b;
}
FUNCTIONAL(own, 5)
