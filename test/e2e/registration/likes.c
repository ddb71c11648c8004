// Functions that are declared to be like known ones, and inactive ones, by magic
// variables and by annotations: own versions of exp, hypot and pow with loops inside
// that nobody wants to differentiate.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define OPAQUE __attribute__((noinline, optnone))

// exp by squaring a short series: the derivative of the code would be less exact.
OPAQUE static double quick_exp(double v) {
  double t = v / 1024, s = 1 + t * (1 + t / 2 * (1 + t / 3 * (1 + t / 4)));
  for (int i = 0; i < 10; ++i)
    s *= s;
  return s;
}
__attribute__((used)) static void *__enzyme_function_like_exp[2] = {(void *)quick_exp, (void *)"exp"};

// The distance by iteration (Moler and Morrison).
OPAQUE static double far(double a, double b) {
  double p = fmax(fabs(a), fabs(b)), q = fmin(fabs(a), fabs(b));
  for (int i = 0; i < 3; ++i) {
    double r = q / p * (q / p), s = r / (4 + r);
    p += 2 * s * p;
    q *= s;
  }
  return p;
}
__attribute__((used)) static void *__enzyme_function_like_far[2] = {(void *)far, (void *)"hypot"};

__attribute__((annotate("enzyme_math=sqrt"))) OPAQUE static double root(double v) {
  double r = 1;
  for (int i = 0; i < 12; ++i)
    r = (r + v / r) / 2;
  return r;
}

static int calls;
OPAQUE static void count(double v) { calls += v > 0; }
__attribute__((used)) static void *__enzyme_inactivefn_count = (void *)count;

double network(const double *x) {
  double s = 0;
  for (int i = 0; i < 4; ++i) {
    double e = quick_exp(-x[i] * x[(i + 1) % 4]);
    count(e);
    s += far(e, x[i]) * root(x[i] + s);
  }
  return s;
}
FUNCTIONAL(network, 4, .tolerance = 1e-5)
