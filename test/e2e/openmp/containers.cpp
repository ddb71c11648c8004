// C++ in parallel regions: vectors, lambdas, objects that are copied for each
// thread.
// RUN: %check %s %t -fopenmp --skip=-O0
//
// (At -O0 nothing in the function itself tells what a vector's copy copies.)

#define ROUNDING 1e-12
#include "../Inputs/check.h"
#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <vector>

static void vectors(const double *x, double *y) {
  std::vector<double> in(x, x + 6), out(6);
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < 6; ++i) {
    std::vector<double> own;
    for (int k = 0; k <= i; ++k)
      own.push_back(in[k] * in[i]);
    out[i] = std::accumulate(own.begin(), own.end(), in[0]);
  }
  for (int i = 0; i < 6; ++i)
    y[i] = out[i];
}
MAP(vectors, 6, 6)

template <class F> static double sumOver(int n, F f) {
  double s = 0;
#pragma omp parallel for reduction(+ : s)
  for (int i = 0; i < n; ++i)
    s += f(i);
  return s;
}
static double lambdas(const double *x) {
  double scale = x[0] * x[1];
  return sumOver(5, [&](int i) { return scale * x[i]; }) *
         sumOver(4, [=](int i) { return scale + x[i] * x[4]; });
}
FUNCTIONAL(lambdas, 5)

struct Counter {
  double weight, sum = 0;
  explicit Counter(double w) : weight(w) {}
  Counter(const Counter &o) : weight(o.weight) {}
  void add(double v) { sum += weight * v; }
};
static double objects(const double *x) {
  double total = 0;
  Counter c(x[0] * x[0]);
#pragma omp parallel firstprivate(c)
  {
#pragma omp for
    for (int i = 0; i < 5; ++i)
      c.add(x[i]);
#pragma omp critical
    total += c.sum;
  }
  return total;
}
FUNCTIONAL(objects, 5)
