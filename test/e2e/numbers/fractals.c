// Complex arithmetic that decides: escape times, Newton's method for roots of unity,
// a Mobius transform, a polynomial by its roots, a small DFT with cexp.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <complex.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static double complex newton(double complex z, int *steps) {
  for (*steps = 0; *steps < 12; ++*steps) {
    double complex f = z * z * z - 1;
    if (cabs(f) < 1e-3)
      break;
    z -= f / (3 * z * z);
  }
  return z;
}
void roots(const double *x, double *y) {
  int steps;
  double complex z = newton(x[0] + x[1] * I, &steps);
  y[0] = creal(z) * steps;
  y[1] = cimag(z * z) + x[0];
}
MAP(roots, 2, 2, .tolerance = 1e-4)

double escaping(const double *x) {
  double complex c = x[0] - 0.2 + x[1] * I, z = 0;
  int n = 0;
  while (n < 20 && creal(z) * creal(z) + cimag(z) * cimag(z) < 16)
    z = z * z + c, ++n;
  return n + 1 - log(log(cabs(z))) / log(2);
}
FUNCTIONAL(escaping, 2, .low = 0.8, .high = 1.3, .tolerance = 1e-4)

NOINLINE static double complex mobius(double complex z, const double complex *m) {
  return (m[0] * z + m[1]) / (m[2] * z + m[3]);
}
double composed(const double *x) {
  double complex m[4], z = x[8] + x[0] * I;
  for (int i = 0; i < 4; ++i)
    m[i] = x[2 * i] + x[2 * i + 1] * I;
  for (int k = 0; k < 3; ++k)
    z = mobius(z, m) + 0.3 * conj(z);
  return cabs(z) + carg(z);
}
FUNCTIONAL(composed, 9, .tolerance = 1e-4)

// A discrete Fourier transform, its power spectrum and a product of factors.
double spectrum(const double *x) {
  double s = 0;
  double complex product = 1;
  for (int k = 0; k < 4; ++k) {
    double complex f = 0;
    for (int n = 0; n < 4; ++n)
      f += x[n] * cexp(-2 * M_PI * I * k * n * x[4] / 4);
    s += creal(f * conj(f)) * (k + 1);
    product *= f - 0.5;
  }
  return s + creal(clog(product)) + cimag(csqrt(product));
}
FUNCTIONAL(spectrum, 5, .tolerance = 1e-4)
