// Calls that the program says are inactive: what they give is a constant, whatever
// went into them. The answers are closed forms, since differences do not know.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

double __enzyme_call_inactive_d(void *, ...);
void __enzyme_call_inactive_v(void *, ...);
int __enzyme_call_inactive_i(void *, ...);
double __enzyme_autodiff_d(void *, ...);
double __enzyme_fwddiff_d(void *, ...);

__attribute__((noinline, annotate("enzyme_inactive"))) static double detached(double v) {
  return v * v * v;
}
NOINLINE static double square(double v) { return v * v; }
NOINLINE static int bin(double v) { return (int)(v * 10); }
static int counter;
NOINLINE static void count(const double *p, int n) {
  for (int i = 0; i < n; ++i)
    counter += p[i] > 1;
}

// A value without its derivative, as for a fixed point or a stopped gradient.
static double stopped(double a, double b) {
  double r = detached(a) * b;              // a^3 is constant here
  r += __enzyme_call_inactive_d((void *)square, b) * a; // b^2 is constant here
  return r;
}

// A counter beside the calculation.
static double counted(const double *x, int n) {
  __enzyme_call_inactive_v((void *)count, x, n);
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += x[i] * x[i] * __enzyme_call_inactive_i((void *)bin, x[i]);
  return s;
}

// What is computed with a detached value has a derivative again.
static double further(double a) {
  double c = detached(a);
  for (int i = 0; i < 3; ++i)
    c = c * a + detached(c);
  return c;
}
static double furtherSlope(double a) {
  double c = a * a * a, d = 0;
  for (int i = 0; i < 3; ++i) {
    d = d * a + c;
    c = c * a + c * c * c;
  }
  return d;
}

struct two {
  double a, b;
};
struct two __enzyme_autodiff_two(void *, ...);

static void ownChecks(void) {
  struct two g = __enzyme_autodiff_two((void *)stopped, 1.5, 0.5);
  EXPECT(g.a, 0.25), EXPECT(g.b, 1.5 * 1.5 * 1.5);
  EXPECT(__enzyme_fwddiff_d((void *)stopped, 1.5, 1.0, 0.5, 2.0), 0.25 + 2 * 1.5 * 1.5 * 1.5);
  double x[3] = {0.55, 1.25, 2.05}, dx[3] = {0, 0, 0}, tx[3] = {1, 2, 3};
  counter = 0;
  __enzyme_autodiff_d((void *)counted, enzyme_dup, x, dx, 3);
  EXPECT(counter, 2);
  EXPECT(dx[0], 2 * 0.55 * 5), EXPECT(dx[1], 2 * 1.25 * 12), EXPECT(dx[2], 2 * 2.05 * 20);
  EXPECT(__enzyme_fwddiff_d((void *)counted, enzyme_dup, x, tx, 3), dx[0] + 2 * dx[1] + 3 * dx[2]);
  EXPECT(counter, 4);
  EXPECT(__enzyme_autodiff_d((void *)further, 0.7), furtherSlope(0.7));
  EXPECT(__enzyme_fwddiff_d((void *)further, 0.7, 1.0), furtherSlope(0.7));
}
