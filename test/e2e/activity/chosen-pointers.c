// Pointers that lead to active memory in some runs and to constants in others:
// defaults beside inputs, a list with constant members, the last of several rows.
// With enzyme_runtime_activity, and without, which is the same here. (The sanitizer
// calculates with the addresses, which is more than reading.)
// RUN: %check %s %t --skip sanitize

#define OWN_CHECKS
#include "../Inputs/check.h"

extern int enzyme_runtime_activity;
double __enzyme_autodiff_d(void *, ...);
double __enzyme_fwddiff_d(void *, ...);

static const double defaults[4] = {0.5, 1.5, 2.5, 3.5};
struct item {
  const double *values;
  const struct item *next;
};

// A given array or the defaults.
static double polynomial(const double *given, const double *x, int n) {
  const double *c = n > 2 ? given : defaults;
  double s = 0;
  for (int i = 3; i >= 0; --i)
    s = s * x[0] + c[i];
  return s;
}
// Each member may be constant or not.
static double listed(const struct item *list, const double *x) {
  double s = 0;
  for (; list; list = list->next)
    for (int i = 0; i < 4; ++i)
      s += list->values[i] * x[i] * (i + 1);
  return s;
}
// Which array is looked at changes along the way.
static double wandering(const double *a, const double *b, const double *x, int steps) {
  const double *now = a;
  double v = x[0];
  for (int i = 0; i < steps; ++i) {
    v = 0.5 * v + now[i % 4] * x[i % 4];
    if (v > 2)
      now = now == a ? b : a, v -= 1.5;
  }
  return v;
}

static void checkPolynomial(void) {
  double c[4] = {1, 2, 3, 4}, dc[4] = {0}, x[1] = {0.7}, dx[1] = {0};
  __enzyme_autodiff((void *)polynomial, enzyme_runtime_activity, enzyme_dup, c, dc, enzyme_dup, x, dx, 3);
  EXPECT(dc[3], 0.343), EXPECT(dx[0], 2 + 2 * 3 * 0.7 + 3 * 4 * 0.49);
  __enzyme_autodiff((void *)polynomial, enzyme_dup, c, dc, enzyme_dup, x, dx, 1);
  EXPECT(dc[3], 0.343), EXPECT(dx[0], 2 + 2 * 3 * 0.7 + 3 * 4 * 0.49 + 1.5 + 5 * 0.7 + 10.5 * 0.49);
  double tc[4] = {0, 0, 0, 1}, tx[1] = {0};
  EXPECT(__enzyme_fwddiff_d((void *)polynomial, enzyme_dup, c, tc, enzyme_dup, x, tx, 3), 0.343);
  EXPECT(__enzyme_fwddiff_d((void *)polynomial, enzyme_runtime_activity, enzyme_dup, c, tc, enzyme_dup, x, tx, 1), 0);
}

// In a shadow list the shadow of a constant member is the member itself.
static void checkList(void) {
  double a[4] = {1, 2, 3, 4}, da[4] = {0}, fixed[4] = {4, 3, 2, 1}, zero[4] = {0}, x[4] = {1, 1, 2, 1}, dx[4] = {0};
  struct item second = {fixed, 0}, first = {a, &second}, dsecond = {zero, 0}, dfirst = {da, &dsecond};
  __enzyme_autodiff((void *)listed, enzyme_runtime_activity, enzyme_dup, &first, &dfirst, enzyme_dup, x, dx);
  for (int i = 0; i < 4; ++i) {
    EXPECT(da[i], x[i] * (i + 1));
    EXPECT(dx[i], 5 * (i + 1));
  }
  double ta[4] = {1, 0, 0, 1}, tx[4] = {0, 1, 0, 0}, tzero[4] = {0};
  dfirst.values = ta, dsecond.values = tzero;
  EXPECT(__enzyme_fwddiff_d((void *)listed, enzyme_dup, &first, &dfirst, enzyme_dup, x, tx), 1 + 4 + 10);
}

static void checkWandering(void) {
  double a[4] = {2, 1, 1.5, 2.5}, b[4] = {0.1, 0.2, 3, 0.4}, x[4] = {1, 1.2, 0.9, 1.1};
  double da[4] = {0}, dx[4] = {0};
  __enzyme_autodiff((void *)wandering, enzyme_runtime_activity, enzyme_dup, a, da, enzyme_const, b, enzyme_dup, x, dx, 9);
  for (int i = 0; i < 4; ++i) {
    double h = 1e-6, ta[4] = {0}, tx[4] = {0}, keep = a[i];
    a[i] = keep + h;
    double up = wandering(a, b, x, 9);
    a[i] = keep - h;
    double down = wandering(a, b, x, 9);
    a[i] = keep;
    EXPECT_NEAR(da[i], (up - down) / (2 * h), 1e-7);
    ta[i] = 1;
    EXPECT(__enzyme_fwddiff_d((void *)wandering, enzyme_dup, a, ta, enzyme_const, b, enzyme_dup, x, tx, 9), da[i]);
    ta[i] = 0, tx[i] = 1;
    EXPECT(__enzyme_fwddiff_d((void *)wandering, enzyme_dup, a, ta, enzyme_const, b, enzyme_dup, x, tx, 9), dx[i]);
  }
}

static void ownChecks(void) {
  checkPolynomial();
  checkList();
  checkWandering();
}
