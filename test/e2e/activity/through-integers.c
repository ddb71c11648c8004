// Active values that become integers and come back, or decide where to go: what
// passes through an integer has derivative zero, what it selects has its own.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

// A histogram with linear weights: bins are integers, weights are active.
void histogram(const double *x, double *y) {
  for (int i = 0; i < 6; ++i) {
    double at = x[i] * 4;
    long bin = (long)at;
    double part = at - bin;
    y[bin] += 1 - part;
    y[bin + 1] += part * x[0];
  }
}
MAP(histogram, 6, 8, .low = 0.1, .high = 1.5)

// Fixed point and back.
NOINLINE static double quantize(double v) { return (int)(v * 16) / 16.0; }
double quantized(const double *x) {
  double s = 0;
  for (int i = 0; i < 4; ++i)
    s += x[i] * quantize(x[i] * x[0]);
  return s;
}
FUNCTIONAL(quantized, 4)

// Counting sort by integer keys that come from active values.
void buckets(const double *x, double *y) {
  int count[5] = {0}, at[5];
  for (int i = 0; i < 7; ++i)
    ++count[(int)(x[i] * 3)];
  for (int i = 0, sum = 0; i < 5; ++i)
    at[i] = sum, sum += count[i];
  for (int i = 0; i < 7; ++i)
    y[at[(int)(x[i] * 3)]++] = x[i] * (1 + i);
}
MAP(buckets, 7, 7)

// Bits of a permutation chosen by comparisons; a checksum over values.
double permuted(const double *x) {
  unsigned mask = 0, sum = 0;
  for (int i = 0; i < 5; ++i)
    mask |= (x[i] > x[(i + 1) % 5]) << i;
  double r = 0;
  for (int i = 0; i < 5; ++i) {
    r = r * x[i] + (mask >> i & 1 ? x[i] : x[4 - i] * x[i]);
    sum = sum * 31 + (unsigned)(x[i] * 8);
  }
  return r * (1 + sum % 7);
}
FUNCTIONAL(permuted, 5)

// A linear congruential generator that is seeded from active data: constants.
double noise(const double *x) {
  unsigned state = (unsigned)(x[0] * 64);
  double s = x[1];
  for (int i = 0; i < 8; ++i) {
    state = state * 1664525u + 1013904223u;
    s = s * (0.5 + (state >> 8) / 33554432.0) + x[0] * (state >> 31);
  }
  return s;
}
FUNCTIONAL(noise, 2)
