// Hessians three ways: forward over reverse column by column, reverse over forward
// row by row, differences of gradients; of functions with loops, memory and calls.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

double __enzyme_fwddiff_d(void *, ...);
double __enzyme_autodiff_d(void *, ...);
template <class... T> double __enzyme_fwddiff_t(void *, T...);

enum { N = 3 };
__attribute__((noinline)) static double pair(double a, double b) { return exp(-a * b) + a * a / b; }
static double energy(const double *x) {
  double e = 0;
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < i; ++j)
      e += pair(x[i], x[j]);
  return e * x[0];
}
// With a buffer and a loop that depends on the data.
static double series(const double *x) {
  double *terms = (double *)malloc(8 * sizeof *terms), s = 0;
  int n = 0;
  for (double t = x[0]; n < 8 && t > 0.05; t *= x[1] * 0.6)
    terms[n++] = t * x[2];
  for (int i = 0; i < n; ++i)
    s += terms[i] * terms[n - 1 - i];
  free(terms);
  return s;
}

typedef double (*Function)(const double *);
template <Function F> static void gradient(const double *x, double *g) {
  for (int i = 0; i < N; ++i)
    g[i] = 0;
  __enzyme_autodiff((void *)F, enzyme_dup, x, g);
}
template <Function F> static double slope(const double *x, const double *v) {
  return __enzyme_fwddiff_d((void *)F, enzyme_dup, x, v);
}
template <Function F> static void columns(const double *x, double h[N][N]) {
  for (int j = 0; j < N; ++j) {
    double v[N] = {0}, g[N];
    v[j] = 1;
    __enzyme_fwddiff((void *)gradient<F>, enzyme_dup, x, v, enzyme_dupnoneed, g, h[j]);
  }
}
template <Function F> static void rows(const double *x, double h[N][N]) {
  for (int i = 0; i < N; ++i) {
    double v[N] = {0};
    v[i] = 1;
    for (int j = 0; j < N; ++j)
      h[i][j] = 0;
    __enzyme_autodiff((void *)slope<F>, enzyme_dup, x, h[i], enzyme_const, v);
  }
}
template <Function F> static void compare() {
  double x[N] = {0.9, 1.3, 0.8}, a[N][N], b[N][N];
  columns<F>(x, a);
  rows<F>(x, b);
  for (int j = 0; j < N; ++j) {
    double up[N], down[N], gu[N], gd[N], h = 1e-5;
    for (int i = 0; i < N; ++i)
      up[i] = x[i] + h * (i == j), down[i] = x[i] - h * (i == j);
    gradient<F>(up, gu), gradient<F>(down, gd);
    for (int i = 0; i < N; ++i) {
      EXPECT_NEAR(a[j][i], (gu[i] - gd[i]) / (2 * h), 1e-8);
      EXPECT(a[j][i], b[i][j]);
      EXPECT(a[j][i], a[i][j]);
    }
  }
}
static void ownChecks() {
  compare<energy>();
  compare<series>();
}
