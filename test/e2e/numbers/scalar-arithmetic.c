// Arithmetic in double and float, casts between them and integers.
// RUN: %check %s %t

#include "../Inputs/check.h"

void doubles(const double *x, double *y) {
  y[0] = x[0] + x[1] * x[2] - x[3];
  y[1] = x[0] / x[1] / x[2];
  y[2] = -x[3] * x[3] + 2 * x[0];
  y[3] = (x[0] - x[1]) * (x[0] + x[1]) / (1 + x[2] * x[2]);
  y[4] = fmod(7 * x[0], 2.0) + x[1];
  y[5] = 3.5;
}
MAP(doubles, 4, 6)

// Same value used many times, and a value used for itself.
double powers(const double *x) {
  double a = *x, b = a * a, c = b * b, d = c * c;
  return a + b + c + d * d / c - a / a;
}
FUNCTIONAL(powers, 1)

static float mulf(float a, float b) { return a * b + a / b; }
void floats(const double *x, double *y) {
  float a = (float)x[0], b = (float)x[1];
  float c = mulf(a, b) - sqrtf(a);
  y[0] = c;
  y[1] = (double)mulf(c, b) + x[0];
}
MAP(floats, 2, 2, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-6)

// Integers made from floats cut the derivative; the rest goes on.
void casts(const double *x, double *y) {
  int i = (int)(x[0] * 10);
  unsigned long u = (unsigned long)(x[1] * 100);
  y[0] = i + x[0];
  y[1] = x[1] * (double)u;
  y[2] = x[2] * (double)(i % 3) + (float)u;
  y[3] = (signed char)(x[0] * 100) * x[2];
  y[4] = (long)x[2];
}
MAP(casts, 3, 5, .step = 1e-7, .tolerance = 1e-5)

// In place, with operands that are overwritten before they are read again.
void inPlace(double *x) {
  x[0] *= x[1];
  x[1] += x[0] * x[0];
  x[2] = x[2] / x[1];
  x[0] = x[2] - x[0];
  double t = x[1];
  x[1] = x[2];
  x[2] = t;
}
INPLACE(inPlace, 3)

double math(const double *x) {
  return sin(x[0]) * exp(-x[1]) + log(x[2]) * pow(x[0], x[1]) +
         sqrt(x[1] * x[2]) - atan2(x[0], x[2]) + tanh(x[1]) + fabs(x[0] - 3);
}
FUNCTIONAL(math, 3)

double fused(const double *x) { return fma(x[0], x[1], fma(x[1], x[2], x[0])); }
FUNCTIONAL(fused, 3)
