// Comparisons, selects, if/else, switch, short circuits, several returns.
// RUN: %check %s %t

#include "../Inputs/check.h"

double select_(const double *x) {
  double m = x[0] > x[1] ? x[0] * x[2] : x[1] / x[2];
  return m < 1 ? m : 1 / m;
}
FUNCTIONAL(select_, 3)

double maximum(const double *x) {
  double m = x[0];
  for (int i = 1; i < 6; ++i)
    m = x[i] > m ? x[i] : m;
  return m * m;
}
FUNCTIONAL(maximum, 6)

void ifElse(const double *x, double *y) {
  if (x[0] > x[1]) {
    y[0] = x[0] * x[1];
    if (x[1] > 1)
      y[1] = exp(x[1]);
    else if (x[0] * x[1] < 0.5)
      y[1] = sin(x[0]);
  } else {
    y[1] = x[1] - x[0];
  }
  y[2] = y[1] * y[0];
}
MAP(ifElse, 2, 3)

static double pick(int k, double a, double b) {
  switch (k) {
  case 0:
    return a * b;
  case 1:
    a = a + b; // fall through
  case 2:
    return a * a;
  case 7:
    return sin(a);
  case 100:
    break;
  default:
    return b;
  }
  return b * b * a;
}
double switches(const double *x) {
  double s = 0;
  for (int i = 0; i < 9; ++i)
    s += pick(i, x[0], x[1]) * (i + 1);
  return s + pick(100, x[1], x[0]) + pick(-5, x[0], x[1]);
}
FUNCTIONAL(switches, 2)

// Which way a merge was reached follows from the counter, from the counter with
// a loop on the way, or from data.
double mergeWays(const double *x) {
  double v = x[0];
  for (int i = 0; i < 11; ++i) {
    double a;
    if (i % 5 == 1) {
      a = v * x[1];
    } else if (i * i < 30) {
      a = v + x[1];
      for (int k = 0; k < i; ++k)
        a *= 0.5 + 0.1 * x[0];
    } else if (i == 9) {
      a = 1 + v;
    } else {
      a = sin(v);
    }
    double b;
    if (i < 4)
      b = a;
    else if (a > 0.4)
      b = x[1] / (1 + a * a);
    else if (i > 7)
      continue;
    else
      b = 0.5 * v + a;
    v = 0.9 * b + 0.1 * v;
  }
  return v;
}
FUNCTIONAL(mergeWays, 2)

__attribute__((noinline)) static double several(double a, double b) {
  if (a < 0.7)
    return a * b;
  if (b < 0.7)
    return a - b;
  double c = a / b;
  if (c > 1.2)
    return c * c;
  return c + b;
}
double manyReturns(const double *x) {
  double s = 1;
  for (int i = 0; i < 5; ++i)
    s *= several(x[i], x[i + 1]);
  return s;
}
FUNCTIONAL(manyReturns, 6)

double shortCircuit(const double *x) {
  double s = 0;
  for (int i = 0; i + 1 < 5; ++i) {
    if (x[i] > 0.8 && x[i + 1] > 0.8)
      s += x[i] * x[i + 1];
    if (x[i] < 0.6 || (x[i + 1] < 1.1 && x[i] * x[i + 1] > 0.9))
      s -= x[i] / x[i + 1];
    if (!(x[i] > 1) != !(x[i + 1] > 1))
      s *= 1.5;
  }
  return s;
}
FUNCTIONAL(shortCircuit, 5)

// The same merge is reached from many sides.
double merges(const double *x) {
  double v = x[0];
  switch ((int)(x[1] * 8) & 7) {
  case 0: v *= 2; break;
  case 1: v = v * v; break;
  case 2: v = sin(v); break;
  case 3: case 4: v = x[1]; break;
  case 5: v = v / x[1];
  case 6: v += x[1]; break;
  }
  return v * x[0];
}
FUNCTIONAL(merges, 2)

// A noreturn path that is not taken.
void checked(const double *x, double *y) {
  if (x[0] < 0) {
    fprintf(stderr, "negative: %g\n", x[0]);
    abort();
  }
  y[0] = sqrt(x[0]);
  if (x[1] > 100)
    __builtin_trap();
  y[1] = x[1] * y[0];
}
MAP(checked, 2, 2)

// Clamping.
void clamp(const double *x, double *y) {
  for (int i = 0; i < 4; ++i)
    y[i] = fmin(fmax(x[i] * x[3 - i], 0.6), 1.4) * x[0];
}
MAP(clamp, 4, 4)
