// Loops whose trip count can be computed: constant, from an argument, nested,
// triangular, in every counter type, upwards and downwards, empty.
// RUN: %check %s %t

#include "../Inputs/check.h"

double constantTrips(const double *x) {
  double s = 0;
  for (int i = 0; i < 7; ++i)
    s += x[i] * x[i] * i;
  return sin(s);
}
FUNCTIONAL(constantTrips, 7)

// A recurrence needs every intermediate value again.
double recurrence(const double *x) {
  double s = x[0];
  for (int i = 0; i < 30; ++i)
    s = s * s * x[1] - 0.1 * s + 0.2 * x[2] * sin(s);
  return s;
}
FUNCTIONAL(recurrence, 3, .low = 0.2, .high = 0.8)

__attribute__((noinline)) static double trips(const double *x, long n) {
  double s = 1;
  for (long i = 0; i < n; ++i)
    s += sin(s) * x[i & 3];
  return s;
}
double argumentTrips(const double *x) {
  double s = 0;
  for (long n = -2; n < 12; ++n)
    s += trips(x, n); // 0 trips three times, 1 trip, ...
  return s;
}
FUNCTIONAL(argumentTrips, 4)

static void product(const double *a, const double *b, double *c, int n, int m,
                    int k) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j) {
      double s = 0;
      for (int l = 0; l < k; ++l)
        s += a[i * k + l] * b[l * m + j];
      c[i * m + j] = s;
    }
}
void matrixProduct(const double *x, double *y) { product(x, x + 6, y, 2, 2, 3); }
MAP(matrixProduct, 12, 4)

double triangular(const double *x) {
  double s = 1;
  for (int i = 0; i < 6; ++i)
    for (int j = i; j < 6; ++j)
      for (int k = 0; k < i; ++k)
        s += x[i] * x[j] * x[k] * (s < 50 ? s * 0.01 : 1);
  return s;
}
FUNCTIONAL(triangular, 6)

double counters(const double *x) {
  double s = x[0];
  for (unsigned char i = 250; i != 3; ++i) // wraps around
    s = s * x[1] + i * 1e-3;
  for (short i = 5; i >= 0; --i)
    s += x[i] * s * 0.1;
  for (unsigned i = 6; i-- > 0;)
    s = cos(s) + x[i];
  for (unsigned long i = 40; i > 3; i -= 4)
    s += x[2] * sin(s);
  for (long i = 100; i > 0; i /= 3)
    s = s * 0.5 + x[i % 6] * s * s * 0.1;
  for (int i = 1; i < 100; i *= 2)
    s += 0.1 * s * x[i & 1];
  for (int i = -3; i < 3; i += 2)
    s *= x[i + 3];
  return s;
}
FUNCTIONAL(counters, 6)

double oneTrip(const double *x) {
  double s = x[0];
  for (int i = 0; i < 1; ++i)
    s *= x[1];
  do
    s += x[0] * s;
  while (0);
  for (int i = 5; i < 5; ++i)
    s *= 100;
  return s;
}
FUNCTIONAL(oneTrip, 2)

void emptyLoops(const double *x, double *y) {
  for (volatile int i = 0; i < 3; ++i)
    ;
  y[0] = x[0] * x[1];
  for (int i = 0; i < 10; ++i)
    ;
}
MAP(emptyLoops, 2, 1)

// Several inductions at once, by index and by pointer.
double inductions(const double *x) {
  double s = 0;
  const double *p = x, *end = x + 8, *q = end;
  for (int i = 0, j = 7; p != end; ++p, ++i, --j)
    s += *p * *--q * x[j] * (i + 1);
  return s;
}
FUNCTIONAL(inductions, 8)

// A long loop: the tape is large but needs no more than what was asked for.
double longLoop(const double *x) {
  double s = x[0];
  for (int i = 0; i < 200000; ++i)
    s = s + 1e-6 * sin(s * x[1]);
  return s;
}
FUNCTIONAL(longLoop, 2, .precision = 1e-10)

// Values of outer loops that inner loops read.
double layers(const double *x) {
  double total = 0;
  for (int i = 0; i < 4; ++i) {
    double a = exp(0.1 * x[i]);
    for (int j = 0; j < 3; ++j) {
      double b = a * x[j] + total * 0.1;
      for (int k = 0; k < 2; ++k)
        total += sin(b * a) * x[k];
      total -= b * b;
    }
    total *= a;
  }
  return total;
}
FUNCTIONAL(layers, 4)
