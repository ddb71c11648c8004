// Bits of floats, looked at as integers, where they only decide what happens: sorts
// by an integer that is ordered as floats are, exponents, classes. And floats that
// are made of integers: powers of two, random numbers.
// RUN: %check %s %t

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

// Ordered as the floats are (totalOrder): what Rust's total_cmp compares.
static int64_t ordered(double v) {
  int64_t b = bits(v);
  return b ^ (int64_t)((uint64_t)(b >> 63) >> 1);
}
double smallest(const double *x) {
  int best = 0;
  for (int i = 1; i < 5; ++i)
    if (ordered(x[i] - 1) < ordered(x[best] - 1))
      best = i;
  return x[best] * x[best] * x[0];
}
FUNCTIONAL(smallest, 5)

void sorted(double *x) {
  for (int i = 1; i < 6; ++i)
    for (int j = i; j > 0 && ordered(x[j]) < ordered(x[j - 1]); --j) {
      double t = x[j];
      x[j] = x[j - 1];
      x[j - 1] = t;
    }
  for (int i = 0; i < 6; ++i)
    x[i] *= x[0] * i;
}
INPLACE(sorted, 6)

double exponents(const double *x) {
  double v = 100 * x[0];
  int e = (int)(bits(v) >> 52 & 0x7ff) - 1023;
  return e * x[1] + ldexp(x[1], -e) + x[0] * (bits(x[1]) >> 63 ? 2 : 3);
}
FUNCTIONAL(exponents, 2)

// exp(x) by a power of two and a polynomial.
static double power(double x) {
  double t = x * 1.4426950408889634;
  int64_t k = (int64_t)floor(t);
  double r = (t - k) * 0.6931471805599453, p = 1;
  for (int i = 12; i > 0; --i)
    p = 1 + p * r / i;
  return p * number((uint64_t)(k + 1023) << 52);
}
double powers(const double *x) { return power(x[0]) * power(x[1] - 3); }
FUNCTIONAL(powers, 2)

struct Walk {
  double at;
  uint64_t state;
};
static double uniform(uint64_t *state) {
  *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
  return (*state >> 11) * 0x1p-53;
}
double walks(const double *x) {
  struct Walk w = {x[0], 88172645463325252u};
  for (int i = 0; i < 9; ++i)
    w.at += uniform(&w.state) * x[1] * w.at;
  return w.at;
}
FUNCTIONAL(walks, 2)

// An integer beside a float, which nothing but its use shows to be one.
struct Counted {
  double value;
  long count;
};
__attribute__((noinline)) static double times(double v, int n) {
  double s = 0;
  while (n-- > 0)
    s += v * n;
  return s;
}
__attribute__((noinline)) static double total(const struct Counted *c) {
  return times(c->value, (int)c->count);
}
double counted(const double *x) {
  struct Counted c[2] = {{x[0], 3}, {x[1], 4}};
  return total(&c[0]) * total(&c[1]);
}
FUNCTIONAL(counted, 2)

double buckets(const double *x) {
  double sum[8] = {0}, result = 0;
  for (int i = 0; i < 6; ++i)
    sum[bits(x[i]) >> 50 & 7] += x[i] * x[i];
  for (int i = 0; i < 8; ++i)
    result += sum[i] * sum[i] * i;
  return result;
}
FUNCTIONAL(buckets, 6)
