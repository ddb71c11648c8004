// Arguments that are declared constant, although they are floats or point to some:
// data of a fit, options, random numbers, one of two arrays.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

double __enzyme_autodiff_d(void *, ...);
double __enzyme_fwddiff_d(void *, ...);

struct data {
  const double *t, *y;
  int n;
  double noise;
};

NOINLINE static double curve(const double *p, double t) {
  return p[0] * exp(-p[1] * t) + p[2];
}
static double misfit(const double *p, const struct data *d) {
  double s = 0;
  for (int i = 0; i < d->n; ++i) {
    double r = (curve(p, d->t[i]) - d->y[i]) / d->noise;
    s += r * r;
  }
  return s;
}

// The gradient of a least squares fit with the analytic one.
static void fit(void) {
  double t[5] = {0, 0.5, 1, 1.5, 2}, y[5] = {2, 1.4, 1, 0.8, 0.7};
  struct data d = {t, y, 5, 0.1};
  double p[3] = {1.8, 1.1, 0.4}, g[3] = {0, 0, 0}, s[3] = {0, 0, 0};
  for (int i = 0; i < 5; ++i) {
    double e = exp(-p[1] * t[i]), r = 2 * (p[0] * e + p[2] - y[i]) / 0.01;
    s[0] += r * e, s[1] -= r * p[0] * t[i] * e, s[2] += r;
  }
  __enzyme_autodiff((void *)misfit, enzyme_dup, p, g, enzyme_const, &d);
  for (int i = 0; i < 3; ++i) {
    EXPECT(g[i], s[i]);
    double dp[3] = {0, 0, 0};
    dp[i] = 1;
    EXPECT(__enzyme_fwddiff_d((void *)misfit, enzyme_dup, p, dp, enzyme_const, &d), s[i]);
  }
}

// A constant array that the function scales in place: its values are constants, and
// the loop that changes it needs no shadow.
static double inPlace(const double *x, double *scratch, int n) {
  for (int i = 0; i < n; ++i)
    scratch[i] = scratch[i] * 2 + 1;
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += scratch[i] * x[i] * x[i];
  return s;
}
static void scratch(void) {
  double x[3] = {1, 2, 3}, dx[3] = {0, 0, 0}, w[3] = {1, 0, -1};
  __enzyme_autodiff((void *)inPlace, enzyme_dup, x, dx, enzyme_const, w, 3);
  EXPECT(dx[0], 6), EXPECT(dx[1], 4), EXPECT(dx[2], -6);
  EXPECT(w[0], 3), EXPECT(w[1], 1), EXPECT(w[2], -1);
}

// One argument in two requests: constant in one, active in the other.
static double bilinear(const double *a, const double *b, int n, double scale) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      s += a[i] * b[j] * (i + 2 * j + 1) * scale;
  return s;
}
static void either(void) {
  double a[2] = {1, 2}, b[2] = {3, 5}, da[2] = {0, 0}, db[2] = {0, 0};
  __enzyme_autodiff((void *)bilinear, enzyme_dup, a, da, enzyme_const, b, 2, enzyme_const, 0.5);
  EXPECT(da[0], 0.5 * (3 + 15)), EXPECT(da[1], 0.5 * (6 + 20));
  __enzyme_autodiff((void *)bilinear, enzyme_const, a, enzyme_dup, b, db, 2, enzyme_const, 2.0);
  EXPECT(db[0], 2 * (1 + 4)), EXPECT(db[1], 2 * (3 + 8));
  EXPECT(__enzyme_autodiff_d((void *)bilinear, enzyme_const, a, enzyme_const, b, 2, 1.0), 5 * 3 + 11 * 5);
}

static void ownChecks(void) {
  fit();
  scratch();
  either();
}
