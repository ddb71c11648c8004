// Calls that are not inlined: in sequence, in loops, with pointers in and out,
// unused results, results used twice; and as a program of three files.
// RUN: %check %s %t

#include <math.h>

#define NOINLINE __attribute__((noinline))

NOINLINE double square(double v);
NOINLINE double mix(double a, double b, int k);
NOINLINE void scaleAll(double *p, double by, int n);
NOINLINE double sumTo(const double *p, int n, double *last);
NOINLINE double outer(double a);
double callChain(const double *x);
double callsInLoop(const double *x);
void pointers(const double *x, double *y);
double twice(const double *x);

#if !defined PART || PART == 1
double square(double v) { return v * v; }
double mix(double a, double b, int k) { return k % 2 ? a * b : a / b; }
void scaleAll(double *p, double by, int n) {
  for (int i = 0; i < n; ++i)
    p[i] *= by;
}
double sumTo(const double *p, int n, double *last) {
  double s = 0;
  for (int i = 0; i < n; ++i) {
    s += sin(p[i]);
    *last = s;
  }
  return s * s;
}
double outer(double a) { return square(square(a)) + square(a + 1); }
#endif

#if !defined PART || PART == 2
double callChain(const double *x) {
  double v = outer(x[0]);
  square(v); // not used
  return mix(v, square(x[1]), 3) + mix(x[1], v, 2);
}

double callsInLoop(const double *x) {
  double s = x[0];
  for (int i = 0; i < 10; ++i) {
    s = mix(s, 1 + 0.1 * square(x[1] + s), i);
    if (s > 1.2)
      s = square(s) * 0.3;
  }
  return s;
}

void pointers(const double *x, double *y) {
  double local[4], last = 7;
  for (int i = 0; i < 4; ++i)
    local[i] = x[i] * (i + 1);
  scaleAll(local, x[3], 4);
  y[0] = sumTo(local, 4, &last);
  y[1] = last;
  scaleAll(local, last, 2);
  y[2] = sumTo(local, 2, y + 3);
  y[4] = sumTo(local, 0, y + 3); // does not write
}

double twice(const double *x) {
  double v = mix(x[0], x[1], 1);
  return v * v + mix(v, v, 0) * v;
}
#endif

#if !defined PART || PART == 3
#include "../Inputs/check.h"
FUNCTIONAL(callChain, 2)
FUNCTIONAL(callsInLoop, 2)
MAP(pointers, 4, 5)
FUNCTIONAL(twice, 2)
#endif
