// Mathematics by hand, on the bits of floats: exponents are taken off and put back,
// signs move, numbers are rounded by a great one that is added and subtracted again.
// The fraction of a float is that float times a power of two; what is rounded is
// constant. That is what Eigen's vector functions and C libraries consist of.
// RUN: %check %s %t --also=late

#include "../Inputs/check.h"
#include <stdint.h>

static uint64_t bits(double v) {
  uint64_t b;
  memcpy(&b, &v, sizeof b);
  return b;
}
static double number(uint64_t b) {
  double v;
  memcpy(&v, &b, sizeof v);
  return v;
}

// The fraction in [1, 2), as frexp's.
static double fromFraction(double x) {
  uint64_t b = bits(x);
  int e = (int)(b >> 52 & 0x7ff) - 1023;
  double m = number((b & 0xfffffffffffffull) | 0x3ff0000000000000ull);
  double s = (m - 1) / (m + 1), p = 0;
  for (int i = 41; i > 0; i -= 2)
    p = p * s * s + 2.0 / i;
  return e * 0.6931471805599453 + p * s;
}
double fractions(const double *x) {
  return fromFraction(7 * x[0]) * fromFraction(x[1] / 100) * x[0];
}
FUNCTIONAL(fractions, 2)

// The exponent is subtracted, as in musl's log.
static double fromDifference(double x) {
  uint64_t ix = bits(x), tmp = ix - 0x3fe6000000000000ull;
  int k = (int64_t)tmp >> 52;
  double z = number(ix - (tmp & 0xfffull << 52));
  return k * 0.6931471805599453 + log(z);
}
double differences_(const double *x) {
  return fromDifference(9 * x[0]) * fromDifference(x[1] / 5);
}
FUNCTIONAL(differences_, 2)

double signs(const double *x) {
  const uint64_t sign = 0x8000000000000000ull;
  double y = number((bits(x[0]) & ~sign) | (bits(x[1] - 1) & sign));
  return y * x[1] + number(bits(x[2]) ^ (bits(x[0] - 1) & sign)) * x[0];
}
FUNCTIONAL(signs, 3)

double exponents(const double *x) {
  int k = (int)(x[1] * 8);
  return number(bits(x[0] * x[2]) + ((uint64_t)k << 52)) * x[1];
}
FUNCTIONAL(exponents, 3, .tolerance = 1e-5)

// The sine, by the nearest multiple of pi / 2.
static double rounded(double t) {
  double r = t + 0x1.8p52;
  __asm__("" : "+m"(r)); // As Eigen keeps compilers from simplifying this.
  return r - 0x1.8p52;
}
double sine(const double *x) {
  double k = rounded(x[0] * 6.3661977236758138);
  double r = x[0] * 10 - k * 1.5707963267948966, q = r * r;
  double s = 1, c = 1;
  for (int i = 21; i > 0; i -= 2)
    s = 1 - s * q / ((i + 1) * (i + 2)), c = 1 - c * q / (i * (i + 1));
  int n = (int)k & 3;
  return (n & 1 ? c : s * r) * (n & 2 ? -1 : 1) * x[1];
}
FUNCTIONAL(sine, 2)

// 2^x, by a multiple of 1/32 in the lowest bits, as in the exp of C libraries.
double power(const double *x) {
  double z = 9 * x[0], kd = z + 0x1.8p47;
  int k = (int)bits(kd);
  kd -= 0x1.8p47;
  double r = z - kd;
  return (1 + r * 0.6931471805599453 * (1 + r * 0.34657359027997264)) *
         exp2(k / 32.0) * x[1];
}
FUNCTIONAL(power, 2, .tolerance = 1e-4)

// Here too: what is lost in the sum is all of x.
double compensated(const double *x) {
  double u = x[0] + 0x1p60, lost = x[0] - (u - 0x1p60);
  return lost * x[1] + u * 0x1p-60;
}
FUNCTIONAL(compensated, 2)

// These do not round.
double notRounded(const double *x) {
  double u = 1 + x[0] * 1e-9;
  return log(u) * x[0] / (u - 1) + ((x[1] + 1e6) - 1e6) * x[0] +
         (x[1] + 0x1p60) * 0x1p-60 + (x[0] + 0x1p60) * x[1] * 0x1p-60;
}
FUNCTIONAL(notRounded, 2, .tolerance = 1e-5)
