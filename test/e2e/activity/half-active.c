// Results of which one half depends on the inputs and the other does not: structs,
// arrays, two outputs by pointer, complex numbers, a branch that gives a constant.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <complex.h>

#define NOINLINE __attribute__((noinline))

typedef struct {
  double value, error;
} Estimate;
NOINLINE static Estimate estimate(double v, int n) {
  Estimate e = {sin(v) / n, 1.0 / (n * n)}; // the error is a constant
  return e;
}
NOINLINE static Estimate combine(Estimate a, Estimate b) {
  double w = b.error / (a.error + b.error);
  Estimate e = {a.value * w + b.value * (1 - w), a.error * w};
  return e;
}
void estimates(const double *x, double *y) {
  Estimate e = estimate(x[0], 1);
  for (int i = 1; i < 4; ++i)
    e = combine(e, estimate(x[i], i + 1));
  y[0] = e.value * y[0];
  y[1] = e.error;
}
MAP(estimates, 4, 2)

NOINLINE static void polar(double r, double *x, double *y) {
  *x = r * 0.8;
  *y = 0.6;
}
double halves(const double *x) {
  double a, b, c, d;
  polar(x[0], &a, &b);
  polar(x[1], &c, &d);
  return a * b + c * d * a;
}
FUNCTIONAL(halves, 2)

NOINLINE static double complex turn(double v) { return v * v + 2.0 * I; }
double turned(const double *x) {
  double complex z = turn(x[0]) * turn(x[1]);
  return creal(z) * cimag(z);
}
FUNCTIONAL(turned, 2)

// A piece of the range on which the result is constant.
NOINLINE static double clipped(double v, double low, double high) {
  if (v < low)
    return 0.25;
  if (v > high)
    return high;
  return v * v;
}
double clips(const double *x) {
  double p = 1;
  for (int i = 0; i < 6; ++i)
    p *= 1 + clipped(x[i], 0.7, 1.2);
  return p;
}
FUNCTIONAL(clips, 6)

// Even elements are active, odd ones constant, and they trade places.
double interleaved(const double *x) {
  double a[8];
  for (int i = 0; i < 8; ++i)
    a[i] = i & 1 ? 0.5 * i : x[i / 2];
  for (int k = 0; k < 3; ++k)
    for (int i = 0; i < 7; ++i) {
      double t = a[i];
      a[i] = a[i + 1] * 0.9;
      a[i + 1] = t + 0.1 * a[i];
    }
  return a[0] * a[7] + a[3] * a[4];
}
FUNCTIONAL(interleaved, 4)
