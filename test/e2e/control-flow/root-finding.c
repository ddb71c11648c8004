// Loops that end when they have found something: Newton with line search, bisection,
// the secant method, golden sections, a fixed point with several ways to give up.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

NOINLINE static double f(double v, const double *p) { return v * v * v + p[0] * v - p[1] * 4; }

double newton(const double *x) {
  double v = 1;
  for (int i = 0; i < 30; ++i) {
    double r = f(v, x), slope = 3 * v * v + x[0], step = r / slope;
    if (fabs(step) < 1e-13)
      break;
    for (int k = 0; k < 8; ++k) {
      if (fabs(f(v - step, x)) < fabs(r))
        break;
      step /= 2;
    }
    v -= step;
  }
  return v * v;
}
FUNCTIONAL(newton, 2)

double secant(const double *x) {
  double a = 0.5, b = 2, fa = f(a, x), fb = f(b, x);
  int n = 0;
  while (fabs(b - a) > 1e-12 && n++ < 40) {
    if (fb == fa)
      return b;
    double c = b - fb * (b - a) / (fb - fa);
    a = b, fa = fb;
    b = c, fb = f(b, x);
  }
  return b * x[0];
}
FUNCTIONAL(secant, 2)

// The interval is halved by comparisons; what is returned is one Newton step more,
// so the derivative does not vanish.
double halving(const double *x) {
  double low = 0, high = 3;
  while (high - low > 1e-9) {
    double middle = (low + high) / 2;
    *(f(middle, x) > 0 ? &high : &low) = middle;
  }
  double v = (low + high) / 2;
  return v - f(v, x) / (3 * v * v + x[0]);
}
FUNCTIONAL(halving, 2)

NOINLINE static double settle(double v, const double *p, int *why) {
  for (int i = 0;; ++i) {
    double next = cos(v * p[0]) * p[1];
    if (fabs(next - v) < 1e-4) {
      *why = 0;
      return next;
    }
    if (next < -0.5) {
      *why = 1;
      return v;
    }
    if (i == 25) {
      *why = 2;
      return (v + next) / 2;
    }
    v = next;
  }
}
void settled(const double *x, double *y) {
  for (int k = 0; k < 3; ++k) {
    int why;
    double v = settle(x[2], x + k, &why);
    y[k] = v * (why + 1);
  }
}
MAP(settled, 4, 3, .tolerance = 1e-4)

// Inverse quadratic interpolation beside bisection, chosen at each step.
double mixed(const double *x) {
  double a = 0, b = 3, fa = f(a, x), fb = f(b, x), c = 1.5;
  for (int i = 0; i < 20; ++i) {
    double fc = f(c, x);
    if (fabs(fc) < 1e-10)
      goto found;
    if (fa * fc < 0)
      b = c, fb = fc;
    else
      a = c, fa = fc;
    c = i % 3 == 2 ? (a + b) / 2 : (a * fb - b * fa) / (fb - fa);
  }
found:
  return c - f(c, x) / (3 * c * c + x[0]);
}
FUNCTIONAL(mixed, 2, .tolerance = 1e-5)
