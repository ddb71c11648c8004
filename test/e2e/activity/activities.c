// Markers and defaults: out, dup, dupnoneed, const, primal_return; in both
// modes; several requests for one function, in several functions.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

extern int enzyme_noret;
double __enzyme_autodiff_d(void *, ...);
float __enzyme_autodiff_f(void *, ...);
double __enzyme_fwddiff_d(void *, ...);
float __enzyme_fwddiff_f(void *, ...);
typedef struct { double a, b; } Two;
typedef struct { double a, b, c; } Three;
Two __enzyme_autodiff_two(void *, ...);
Three __enzyme_autodiff_three(void *, ...);
Two __enzyme_fwddiff_two(void *, ...);

double f(double a, double b, int n) {
  double s = a;
  for (int i = 0; i < n; ++i)
    s *= b;
  return s; // a b^n
}

static void scalars(void) {
  Two g = __enzyme_autodiff_two((void *)f, 3.0, 2.0, 4);
  EXPECT(g.a, 16), EXPECT(g.b, 96);
  g = __enzyme_autodiff_two((void *)f, enzyme_out, 3.0, enzyme_out, 2.0, enzyme_const, 4);
  EXPECT(g.a, 16), EXPECT(g.b, 96);
  EXPECT(__enzyme_autodiff_d((void *)f, enzyme_const, 3.0, 2.0, 4), 96);
  EXPECT(__enzyme_autodiff_d((void *)f, 3.0, enzyme_const, 2.0, 4), 16);
  Three p = __enzyme_autodiff_three((void *)f, enzyme_primal_return, 3.0, 2.0, 4);
  EXPECT(p.a, 48), EXPECT(p.b, 16), EXPECT(p.c, 96);
  EXPECT(__enzyme_fwddiff_d((void *)f, 3.0, 1.0, 2.0, 0.5, 4), 16 + 48);
  EXPECT(__enzyme_fwddiff_d((void *)f, enzyme_dup, 3.0, 2.0, enzyme_const, 2.0, 4), 32);
  EXPECT(__enzyme_fwddiff_d((void *)f, enzyme_const, 3.0, enzyme_dup, 2.0, 1.0, 4), 96);
  Two t = __enzyme_fwddiff_two((void *)f, enzyme_primal_return, 3.0, 1.0, 2.0, 1.0, 4);
  EXPECT(t.a, 48), EXPECT(t.b, 112);
  // No trips: b does not matter.
  g = __enzyme_autodiff_two((void *)f, 3.0, 2.0, 0);
  EXPECT(g.a, 1), EXPECT(g.b, 0);
}

double weighted(const double *p, double w, const double *q, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += p[i] * q[i] * w;
  return s;
}
static void mixtures(void) {
  double p[3] = {1, 2, 3}, dp[3] = {0}, q[3] = {4, 5, 6}, dq[3] = {0};
  EXPECT(__enzyme_autodiff_d((void *)weighted, enzyme_dup, p, dp, 0.5, enzyme_const, q, 3), 32);
  EXPECT(dp[0], 2), EXPECT(dp[1], 2.5), EXPECT(dp[2], 3);
  __enzyme_autodiff((void *)weighted, enzyme_const, p, enzyme_const, 0.5, q, dq, 3);
  EXPECT(dq[0], 0.5), EXPECT(dq[1], 1), EXPECT(dq[2], 1.5);
  // The same array for both.
  dp[0] = dp[1] = dp[2] = 0;
  EXPECT(__enzyme_autodiff_d((void *)weighted, p, dp, 2.0, p, dp, 3), 14);
  EXPECT(dp[0], 4), EXPECT(dp[1], 8), EXPECT(dp[2], 12);
  double one[3] = {1, 1, 1};
  EXPECT(__enzyme_fwddiff_d((void *)weighted, enzyme_const, p, enzyme_const, 0.5, q, one, 3), 3);
  EXPECT(__enzyme_fwddiff_d((void *)weighted, p, one, 0.5, 1.0, enzyme_const, q, 3), 7.5 + 32);
}

void squares(const double *x, double *y, double *scratch, int n) {
  for (int i = 0; i < n; ++i)
    scratch[i] = x[i] * x[i];
  for (int i = 0; i < n; ++i)
    y[i] = scratch[i] * scratch[n - 1 - i];
}
static void notNeeded(void) {
  double x[2] = {2, 3}, dx[2] = {0}, y[2] = {0}, dy[2] = {1, 0}, s[2] = {0}, ds[2] = {0};
  __enzyme_autodiff((void *)squares, enzyme_dup, x, dx, enzyme_dupnoneed, y, dy,
                    enzyme_dupnoneed, s, ds, 2);
  EXPECT(dx[0], 36), EXPECT(dx[1], 24);
  EXPECT(dy[0], 0), EXPECT(dy[1], 0), EXPECT(ds[0], 0), EXPECT(ds[1], 0);
  double tx[2] = {1, 0}, ty[2] = {9, 9}, ts[2] = {9, 9};
  __enzyme_fwddiff((void *)squares, enzyme_dup, x, tx, enzyme_dupnoneed, y, ty,
                   enzyme_dup, s, ts, 2);
  EXPECT(ty[0], 36), EXPECT(ty[1], 36), EXPECT(ts[0], 4), EXPECT(ts[1], 0);
  EXPECT(y[0], 36), EXPECT(s[1], 9);
}

float single(float a, const float *p) { return a * p[0] * p[1] + p[0]; }
static void floats(void) {
  float p[2] = {2, 3}, dp[2] = {0, 0};
  EXPECT_NEAR(__enzyme_autodiff_f((void *)single, 5.0f, p, dp), 6, 1e-6);
  EXPECT_NEAR(dp[0], 16, 1e-6), EXPECT_NEAR(dp[1], 10, 1e-6);
  float tp[2] = {1, -1};
  EXPECT_NEAR(__enzyme_fwddiff_f((void *)single, 5.0f, 1.0f, p, tp), 6 + 16 - 10, 1e-6);
}

// The result does not depend on anything active: zero, not an error.
double constant(double a, int n) { return n * 2.5; }
double partly(double a, double b) { return a * 3; }
static void independent(void) {
  EXPECT(__enzyme_autodiff_d((void *)constant, 2.0, 4), 0);
  EXPECT(__enzyme_fwddiff_d((void *)constant, 2.0, 1.0, 4), 0);
  Two g = __enzyme_autodiff_two((void *)partly, 2.0, 4.0);
  EXPECT(g.a, 3), EXPECT(g.b, 0);
}

// Two requests in a loop, one of them taken rarely.
static void requestsInLoop(void) {
  double sum = 0;
  for (int i = 0; i < 5; ++i) {
    if (i == 3)
      sum += __enzyme_fwddiff_d((void *)f, 1.0 + i, 1.0, 2.0, 0.0, i);
    else
      sum += __enzyme_autodiff_d((void *)f, 1.0 + i, enzyme_const, 2.0, i);
  }
  EXPECT(sum, 31);
}

static void ownChecks(void) {
  scalars();
  mixtures();
  notNeeded();
  floats();
  independent();
  requestsInLoop();
}
