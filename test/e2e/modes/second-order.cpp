// Derivatives of derivatives: forward over forward, forward over reverse,
// reverse over forward, reverse over reverse, third order; the gradient of a
// function over loops, calls and arrays as a map that is itself checked.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

double f(double x) { return sin(x) * x * x; }
double f1(double x) { return cos(x) * x * x + 2 * x * sin(x); }
double f2(double x) { return -sin(x) * x * x + 4 * x * cos(x) + 2 * sin(x); }
double f3(double x) { return -cos(x) * x * x - 6 * x * sin(x) + 6 * cos(x); }

double forward(double x) { return __enzyme_fwddiff<double>((void *)f, x, 1.0); }
double reverse(double x) { return __enzyme_autodiff<double>((void *)f, x); }
double forwardForward(double x) { return __enzyme_fwddiff<double>((void *)forward, x, 1.0); }
double forwardReverse(double x) { return __enzyme_fwddiff<double>((void *)reverse, x, 1.0); }
double reverseForward(double x) { return __enzyme_autodiff<double>((void *)forward, x); }
double reverseReverse(double x) { return __enzyme_autodiff<double>((void *)reverse, x); }
double third(double x) { return __enzyme_fwddiff<double>((void *)reverseReverse, x, 1.0); }

static void ownChecks() {
  for (double x = 0.25; x < 2; x += 0.5) {
    EXPECT(forward(x), f1(x)), EXPECT(reverse(x), f1(x));
    EXPECT(forwardForward(x), f2(x)), EXPECT(forwardReverse(x), f2(x));
    EXPECT(reverseForward(x), f2(x)), EXPECT(reverseReverse(x), f2(x));
    EXPECT(third(x), f3(x));
  }
}

__attribute__((noinline)) static double term(double a, double b) { return a * b * b / (1 + a * a); }
double energy(const double *p, int n) {
  double e = 0;
  for (int i = 0; i < n; ++i) {
    double r = p[i];
    for (int k = 0; k < i; ++k)
      r = r * 0.5 + term(r, p[k]);
    e += r * r * r;
  }
  return e;
}

// Its Jacobian is the Hessian of energy: forward over reverse and reverse over
// reverse.
void gradient(const double *p, double *g) {
  for (int i = 0; i < 4; ++i)
    g[i] = 0;
  __enzyme_autodiff<void>((void *)energy, enzyme_dup, p, g, enzyme_const, 4);
}
MAP(gradient, 4, 4)

// Forward over forward and reverse over forward.
double slope(const double *p) {
  const double direction[4] = {1, -2, 0.5, 3};
  return __enzyme_fwddiff<double>((void *)energy, enzyme_dup, p, direction, enzyme_const, 4);
}
FUNCTIONAL(slope, 4)
