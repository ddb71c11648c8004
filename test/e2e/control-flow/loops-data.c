// Loops whose number of iterations depends on data: while, do/while, several
// exits, breaks and continues out of nests, counters that grow the tape.
// RUN: %check %s %t

#include "../Inputs/check.h"

double newton(const double *x) {
  double r = 1;
  while (fabs(r * r - x[0]) > 1e-13)
    r = 0.5 * (r + x[0] / r);
  return r;
}
FUNCTIONAL(newton, 1)

double doWhile(const double *x) {
  double s = x[0];
  int n = 0;
  do {
    s = s * x[1] + 0.3;
    ++n;
  } while (s < 5 && n < 40);
  return s * n;
}
FUNCTIONAL(doWhile, 2, .low = 1.05, .high = 1.5)

double early(const double *x) {
  double s = 0;
  for (int i = 0; i < 8; ++i) {
    s += x[i] * s + x[i];
    if (s > 6)
      break;
    if (x[i] < 0.75)
      continue;
    s *= 1.1;
  }
  return s;
}
FUNCTIONAL(early, 8)

double severalExits(const double *x) {
  double p = 1;
  int i = 0;
  for (;;) {
    p *= x[i];
    if (p > 2)
      return p * p;
    if (p < 0.3)
      return sin(p);
    if (++i == 8)
      break;
    p += 0.1 * x[7 - i];
  }
  return p + 1;
}
FUNCTIONAL(severalExits, 8)

double nestedExits(const double *x) {
  double s = 0;
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) {
      s += x[i] * x[j] * cos(s);
      if (s > 9)
        goto done;
      if (s > 1.1 * (i + 1))
        break;
    }
    if (x[i] < 0.6)
      continue;
    s += x[i] * x[i];
  }
done:
  return s * x[0];
}
FUNCTIONAL(nestedExits, 6)

// The inner trip count depends on active data, the outer loop runs it often:
// the tape has to grow within an entry and between entries.
double growing(const double *x) {
  double total = 0;
  for (int i = 0; i < 50; ++i) {
    double v = 1 + x[i % 3];
    while (v < 20 + i)
      v = v * 1.1 + 0.05 * sin(v * x[1]);
    total += v;
  }
  return total;
}
FUNCTIONAL(growing, 3, .precision = 1e-11, .tolerance = 1e-5)

// More than a hundred thousand iterations that nobody could foresee.
double veryLong(const double *x) {
  double t = 0, v = x[0];
  while (t < 2000) {
    v += 0.01 * (x[1] - v) * v;
    t += 0.01 + 1e-9 * v;
  }
  return v * t;
}
FUNCTIONAL(veryLong, 2, .precision = 1e-9, .tolerance = 1e-4)

// Collatz: the path is data, the numbers are floats.
double collatz(const double *x) {
  long n = (long)(x[0] * 100) + 7;
  double v = x[0];
  while (n != 1) {
    if (n & 1) {
      v = v * x[1] + 0.1;
      n = 3 * n + 1;
    } else {
      v = v / (1 + x[1]);
      n /= 2;
    }
  }
  return v;
}
FUNCTIONAL(collatz, 2)

// Bisection: both ends are active only through the selections.
double bisect(const double *x) {
  double lo = 0, hi = x[0] + 2;
  for (int i = 0; i < 6; ++i) {
    double mid = 0.5 * (lo + hi);
    if (mid * mid * mid > x[1])
      hi = mid;
    else
      lo = mid;
  }
  return (lo + hi) * x[1];
}
FUNCTIONAL(bisect, 2)

// A loop that is left before its first complete iteration, or not at all.
double zeroTrips(const double *x) {
  double s = x[0];
  while (s > 1.2)
    s *= x[1] * 0.9;
  for (int i = (int)(x[1] * 4); i < 4; ++i)
    s += x[1] * s;
  return s;
}
FUNCTIONAL(zeroTrips, 2, .low = 0.5, .high = 1.0)

// Sorting: active values move by comparisons.
void sortThem(double *x) {
  for (int i = 1; i < 8; ++i) {
    double v = x[i];
    int j = i;
    for (; j > 0 && x[j - 1] > v; --j)
      x[j] = x[j - 1];
    x[j] = v;
  }
  for (int i = 1; i < 8; ++i)
    x[i] *= x[i - 1];
}
INPLACE(sortThem, 8)
