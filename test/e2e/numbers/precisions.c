// One calculation in several precisions: a half-precision layer with sums in float,
// bfloat16 weights, Kahan summation, refinement of a float solution in double, a
// long double accumulator, __float128 inside.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

// Results in low precision do not suit differences: forward against reverse only.
#define LOW .step = 0.25, .tolerance = 0.2, .precision = 5e-2

NOINLINE static float layer(const _Float16 *w, const _Float16 *v, int n) {
  float s = 0;
  for (int i = 0; i < n; ++i)
    s += (float)w[i] * (float)v[i];
  return s;
}
double halves(const double *x) {
  _Float16 w[4], v[4];
  for (int i = 0; i < 4; ++i)
    w[i] = x[i], v[i] = x[3 - i] * 0.5;
  return layer(w, v, 4) * x[0];
}
FUNCTIONAL(halves, 4, LOW)

// libgcc has this one from version 13 on.
__attribute__((weak)) __bf16 __truncsfbf2(float f) {
  unsigned bits;
  memcpy(&bits, &f, sizeof bits);
  unsigned short high = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  __bf16 b;
  memcpy(&b, &high, sizeof b);
  return b;
}
double brains(const double *x) {
  __bf16 w[3];
  for (int i = 0; i < 3; ++i)
    w[i] = (float)x[i];
  float s = 0;
  for (int i = 0; i < 3; ++i)
    s += (float)w[i] * (float)x[2 - i];
  return s;
}
FUNCTIONAL(brains, 3, LOW)

double kahan(const double *x) {
  float s = 0, c = 0;
  for (int i = 0; i < 8; ++i) {
    float v = (float)(x[i] * x[i]) - c, t = s + v;
    c = (t - s) - v;
    s = t;
  }
  return s;
}
FUNCTIONAL(kahan, 8, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)

// A 2x2 system solved in float and refined twice.
void refined(const double *x, double *y) {
  double a = x[0] + 2, b = x[1], c = x[2], d = x[3] + 2, u = 0, v = 0;
  for (int k = 0; k < 3; ++k) {
    float r = (float)(x[4] - a * u - b * v), s = (float)(x[5] - c * u - d * v);
    float det = (float)a * (float)d - (float)b * (float)c;
    u += ((float)d * r - (float)b * s) / det;
    v += ((float)a * s - (float)c * r) / det;
  }
  y[0] = u, y[1] = v;
}
MAP(refined, 6, 2, .step = 1e-3, .tolerance = 1e-4, .precision = 1e-6)

double wide(const double *x) {
  long double s = 0;
  __float128 p = 1;
  for (int i = 0; i < 5; ++i) {
    s += (long double)x[i] / (i + 1);
    p = p * x[i] + (__float128)s;
  }
  return (double)(s * (long double)p);
}
FUNCTIONAL(wide, 5)
