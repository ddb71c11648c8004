// A branch around a pole becomes a select between what is always computed, and
// the other value. Where the pole is, the adjoint of what is not taken is 0, and
// not 0 times infinity.
// RUN: %clang -O0 -fpass-plugin=%plugin %s -lm -o %t && %t
// RUN: %clang -O1 -fpass-plugin=%plugin %s -lm -o %t && %t
// RUN: %clang -O2 -fpass-plugin=%plugin %s -lm -o %t && %t
// RUN: %clang -O3 -fpass-plugin=%plugin %s -lm -o %t && %t
#include <math.h>
#include <stdio.h>

extern int enzyme_out;
struct gradient {
  double x, y;
};
struct gradient __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, double, double, double, double);

static double quotient(double x, double y) { return x > 0 ? y / x * y : 0; }
static double sinc(double x, double y) {
  return x != 0 ? sin(x) / x * y * y : y * y;
}
static double norm(double x, double y) {
  double r = x * x;
  return r > 0 ? 1 / sqrt(r) * y * y : y;
}
static double overflow(double x, double y) {
  return x < 700 ? exp(x) * exp(x * 1.5) * y : y * x;
}
static double nested(double x, double y) {
  double a = 0;
  if (x > 0) {
    a = y / x * y;
    if (y > 0)
      a *= x / y * x;
  }
  return a + y;
}

static int failures;
static void check(const char *name, double got, double want) {
  if (fabs(got - want) <= 1e-12 * (1 + fabs(want)))
    return;
  printf("%s: %g instead of %g\n", name, got, want);
  ++failures;
}

#define CHECK(F, X, Y, DX, DY)                                                 \
  {                                                                            \
    double x = X, y = Y;                                                       \
    struct gradient g =                                                        \
        __enzyme_autodiff((void *)F, enzyme_out, x, enzyme_out, y);            \
    check(#F ", reverse, x", g.x, DX);                                         \
    check(#F ", reverse, y", g.y, DY);                                         \
    check(#F ", forward, x", __enzyme_fwddiff((void *)F, x, 1., y, 0.), DX);   \
    check(#F ", forward, y", __enzyme_fwddiff((void *)F, x, 0., y, 1.), DY);   \
  }

int main(void) {
  CHECK(quotient, 0, 3, 0, 0)
  CHECK(quotient, 2, 3, -9. / 4, 3)
  CHECK(sinc, 0, 3, 0, 6)
  CHECK(sinc, 2, 3, (cos(2) / 2 - sin(2) / 4) * 9, sin(2) * 3)
  CHECK(norm, 0, 3, 0, 1)
  CHECK(norm, 2, 3, -9. / 4, 3)
  CHECK(overflow, 1000, 3, 3, 1000)
  CHECK(overflow, 1, 3, 7.5 * exp(2.5), exp(2.5))
  CHECK(nested, 0, 3, 0, 1)
  CHECK(nested, 2, 0, 0, 1)
  CHECK(nested, 2, -3, -9. / 4, -2)
  CHECK(nested, 2, 3, 3, 3)
  return failures != 0;
}
