// Derivatives of derivatives as programs use them: a Newton step on a gradient,
// a Hessian-vector product both ways, a physics loss with a second derivative in
// it, a Jacobian by rows inside a function, sensitivities of an optimum.
// RUN: %check %s %t --skip sanitize

#define OWN_CHECKS
#include "../Inputs/check.h"

template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

#define NOINLINE __attribute__((noinline))

// Closed forms up to the third order, in all combinations.
static double f(double x) { return exp(0.5 * x) * cos(x); }
static double f1(double x) { return exp(0.5 * x) * (0.5 * cos(x) - sin(x)); }
static double f2(double x) { return exp(0.5 * x) * (-0.75 * cos(x) - sin(x)); }
static double f3(double x) { return exp(0.5 * x) * (-1.375 * cos(x) + 0.25 * sin(x)); }
double forward(double x) { return __enzyme_fwddiff<double>((void *)f, x, 1.0); }
double reverse(double x) { return __enzyme_autodiff<double>((void *)f, x); }
double forwardForward(double x) { return __enzyme_fwddiff<double>((void *)forward, x, 1.0); }
double forwardReverse(double x) { return __enzyme_fwddiff<double>((void *)reverse, x, 1.0); }
double reverseForward(double x) { return __enzyme_autodiff<double>((void *)forward, x); }
double reverseReverse(double x) { return __enzyme_autodiff<double>((void *)reverse, x); }
double third(double x) { return __enzyme_fwddiff<double>((void *)forwardReverse, x, 1.0); }
static void closedForms() {
  for (double x = -1; x < 2; x += 0.4) {
    EXPECT(forward(x), f1(x)), EXPECT(reverse(x), f1(x));
    EXPECT(forwardForward(x), f2(x)), EXPECT(forwardReverse(x), f2(x));
    EXPECT(reverseForward(x), f2(x)), EXPECT(reverseReverse(x), f2(x));
    EXPECT(third(x), f3(x));
  }
}

// An energy over memory, with calls, a heap block and a data-dependent loop.
NOINLINE static double pair(double a, double b) {
  double d = a - b, r = d * d + 0.3;
  return 1 / r - 0.5 * log(r);
}
static double energy(const double *p) {
  double *partial = new double[4], e = 0;
  for (int i = 0; i < 4; ++i) {
    partial[i] = p[i] * p[i];
    for (int k = 0; k < i; ++k)
      partial[i] += pair(p[i], p[k]) * p[k];
  }
  for (int i = 0; i < 4; ++i) {
    double v = partial[i];
    while (v > 1.5)
      v = 0.6 * v + 0.1 * p[i];
    e += v * v;
  }
  delete[] partial;
  return e;
}
// One step of gradient descent: its derivative has the Hessian in it, forward
// and in reverse over reverse.
static void gradientOf(const double *p, double *g) {
  for (int i = 0; i < 4; ++i)
    g[i] = 0;
  __enzyme_autodiff<void>((void *)energy, enzyme_dup, p, g);
}
void descent(const double *x, double *y) {
  double p[4] = {x[0], x[1], x[2], x[3]}, g[4];
  for (int step = 0; step < 2; ++step) {
    gradientOf(p, g);
    for (int i = 0; i < 4; ++i)
      p[i] -= 0.05 * g[i];
  }
  for (int i = 0; i < 4; ++i)
    y[i] = p[i];
}
MAP(descent, 4, 4)

// Forward over forward and reverse over forward.
double slope(const double *p) {
  const double direction[4] = {1, -2, 0.5, 3};
  return __enzyme_fwddiff<double>((void *)energy, enzyme_dup, p, direction);
}
FUNCTIONAL(slope, 4)

// Hessian times vector: forward over reverse and reverse over forward agree, and
// with differences of the gradient.
static void hessianVector() {
  double p[4] = {0.9, 0.4, 1.3, 0.7}, v[4] = {0.3, -1, 0.6, 0.2}, g[4], hv[4] = {}, other[4] = {};
  __enzyme_fwddiff<void>((void *)gradientOf, enzyme_dup, p, v, enzyme_dup, g, hv);
  struct Along {
    static double at(const double *q, const double *d) {
      return __enzyme_fwddiff<double>((void *)energy, enzyme_dup, q, d);
    }
  };
  __enzyme_autodiff<void>((void *)Along::at, enzyme_dup, p, other, enzyme_const, v);
  double up[4], down[4], moved[4], h = 1e-5;
  for (int i = 0; i < 4; ++i)
    moved[i] = p[i] + h * v[i];
  gradientOf(moved, up);
  for (int i = 0; i < 4; ++i)
    moved[i] = p[i] - h * v[i];
  gradientOf(moved, down);
  for (int i = 0; i < 4; ++i) {
    EXPECT_NEAR(hv[i], (up[i] - down[i]) / (2 * h), 1e-7);
    EXPECT_NEAR(other[i], hv[i], 1e-11);
  }
}

// A curve with parameters, and a loss on its curvature: the second derivative
// with respect to time inside, the first with respect to parameters outside.
NOINLINE static double curve(double t, const double *w) { return w[0] * sin(w[1] * t) + w[2] * exp(-w[3] * t); }
static double velocity(double t, const double *w) {
  return __enzyme_fwddiff<double>((void *)curve, enzyme_dup, t, 1.0, enzyme_const, w);
}
static double acceleration(double t, const double *w) {
  return __enzyme_fwddiff<double>((void *)velocity, enzyme_dup, t, 1.0, enzyme_const, w);
}
double loss(const double *w) {
  double sum = 0;
  for (int i = 0; i < 5; ++i) {
    double t = 0.3 * i, r = acceleration(t, w) + 2 * curve(t, w) - 0.1 * velocity(t, w);
    sum += r * r;
  }
  return sum;
}
FUNCTIONAL(loss, 4, .tolerance = 1e-5)

// A root found by Newton's method with the engine's slopes.
static double residual(double v, const double *x) { return v * v * v + x[0] * v - x[1] * exp(-v); }
double newton(const double *x) {
  double v = 0.5;
  for (int i = 0; i < 6; ++i)
    v -= residual(v, x) / __enzyme_autodiff<double>((void *)residual, enzyme_out, v, enzyme_const, x);
  return v * x[1];
}
FUNCTIONAL(newton, 2)

static void ownChecks() {
  closedForms();
  hessianVector();
}
