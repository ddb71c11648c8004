// Derivatives of functions that use global variables, within derivatives of
// functions that use the same variables: differentiated again, or in a
// function that is marked inactive.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

double __enzyme_autodiff_scalar(void *, ...);
double __enzyme_fwddiff_scalar(void *, ...);

static double kept;
double table[3];

__attribute__((noinline)) static void keep(double x) {
  kept = x * x;
  for (int i = 0; i < 3; ++i)
    table[i] = x * (i + 1);
}
__attribute__((noinline)) static double use(void) { return kept * sin(table[0]) + table[1] * table[2]; }
double f(double x) {
  keep(x);
  return use() * kept;
} // x^4 (sin x + 6)
static double f1(double x) { return 4 * pow(x, 3) * (sin(x) + 6) + pow(x, 4) * cos(x); }
static double f2(double x) {
  return 12 * x * x * (sin(x) + 6) + 8 * pow(x, 3) * cos(x) - pow(x, 4) * sin(x);
}
static double f3(double x) {
  return 24 * x * (sin(x) + 6) + 36 * x * x * cos(x) - 12 * pow(x, 3) * sin(x) - pow(x, 4) * cos(x);
}

double forward(double x) { return __enzyme_fwddiff_scalar((void *)f, enzyme_dup, x, 1.0); }
double reverse(double x) { return __enzyme_autodiff_scalar((void *)f, enzyme_out, x); }
double forwardForward(double x) { return __enzyme_fwddiff_scalar((void *)forward, enzyme_dup, x, 1.0); }
double forwardReverse(double x) { return __enzyme_fwddiff_scalar((void *)reverse, enzyme_dup, x, 1.0); }
double reverseForward(double x) { return __enzyme_autodiff_scalar((void *)forward, enzyme_out, x); }
double reverseReverse(double x) { return __enzyme_autodiff_scalar((void *)reverse, enzyme_out, x); }
double third(double x) { return __enzyme_fwddiff_scalar((void *)reverseForward, enzyme_dup, x, 1.0); }

// The variable and a derivative that changes it, one after the other.
double beside(const double *x) {
  kept = x[0] * x[1];
  double d = reverse(x[1]);
  return kept * d + table[0] * x[0];
}
FUNCTIONAL(beside, 2, .low = 0.2, .high = 1.5)

// As a monitor does: it puts back what it changes.
static double seen;
__attribute__((noinline)) static void monitor(double x) {
  double before = kept, tableBefore[3];
  memcpy(tableBefore, table, sizeof table);
  seen = reverse(x) + forward(x);
  kept = before;
  memcpy(table, tableBefore, sizeof table);
}
void *__enzyme_inactivefn_monitor[] = {(void *)monitor};
double monitored(const double *x) {
  keep(x[0] * x[1]);
  monitor(x[0]);
  double s = use();
  monitor(x[1]);
  return s * kept;
}
FUNCTIONAL(monitored, 2, .low = 0.2, .high = 1.5)

// A pointer could lead back to the function that asks for the derivative.
double slope(double x);
static double (*const steps[])(double) = {f, slope};
int which = 0;
double chosen(double x) { return steps[which](x) * kept; } // x^6 (sin x + 6)
double slope(double x) { return __enzyme_autodiff_scalar((void *)chosen, enzyme_out, x); }
double tangent(double x) { return __enzyme_fwddiff_scalar((void *)chosen, enzyme_dup, x, 1.0); }

static void ownChecks() {
  for (double x = 0.25; x < 2; x += 0.5) {
    EXPECT(forward(x), f1(x)), EXPECT(reverse(x), f1(x));
    EXPECT(forwardForward(x), f2(x)), EXPECT(forwardReverse(x), f2(x));
    EXPECT(reverseForward(x), f2(x)), EXPECT(reverseReverse(x), f2(x));
    EXPECT(third(x), f3(x));
    double c1 = 6 * pow(x, 5) * (sin(x) + 6) + pow(x, 6) * cos(x);
    EXPECT(slope(x), c1), EXPECT(tangent(x), c1);
    monitor(x);
    EXPECT(seen, 2 * f1(x));
  }
}
