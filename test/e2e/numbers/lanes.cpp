// Vector extensions: elements inserted, extracted and shuffled, blends by masks of
// comparisons, horizontal sums, products and extremes, vectors of floats and doubles
// that are converted, unions of lanes written by index.
// RUN: %check %s %t

#include "../Inputs/check.h"

typedef double d4 __attribute__((vector_size(32)));
typedef double d2 __attribute__((vector_size(16)));
typedef float f4 __attribute__((vector_size(16)));
typedef long l4 __attribute__((vector_size(32)));

typedef double Loose __attribute__((vector_size(32), aligned(8)));
static d4 load(const double *p) { return *(const Loose *)p; }
static void store(double *p, d4 v) { *(Loose *)p = v; }

// A 4x4 transpose by shuffles, then products of rows.
void transposed(const double *x, double *y) {
  d4 r[4];
  for (int i = 0; i < 4; ++i)
    r[i] = load(x + 4 * i);
  d4 a = __builtin_shufflevector(r[0], r[1], 0, 4, 2, 6), b = __builtin_shufflevector(r[0], r[1], 1, 5, 3, 7);
  d4 c = __builtin_shufflevector(r[2], r[3], 0, 4, 2, 6), d = __builtin_shufflevector(r[2], r[3], 1, 5, 3, 7);
  d4 t0 = __builtin_shufflevector(a, c, 0, 1, 4, 5), t1 = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  store(y, t0 * t1 + __builtin_shufflevector(a, a, 3, 2, 1, 0));
}
MAP(transposed, 16, 4)

// Blends: the larger of two, clamped, where a mask says so.
void blended(const double *x, double *y) {
  d4 a = load(x), b = load(x + 4), one = {1, 1, 1, 1};
  l4 larger = a > b;
  d4 m = larger ? a * a : b;
  m = m > 1.2 ? one : m;
  d4 odd = m;
  odd[1] = x[2] * m[0];
  odd[x[0] > 1 ? 3 : 2] *= x[5];
  store(y, odd * load(y));
}
MAP(blended, 8, 4)

double reductions(const double *x) {
  d4 v = load(x) * load(x + 4);
  double s = __builtin_reduce_max(v) * x[0];
  s += __builtin_reduce_min(v);
  d2 half = __builtin_shufflevector(v, v, 0, 2) + __builtin_shufflevector(v, v, 1, 3);
  s *= half[0] + half[1];
  return s + v[3] * v[0];
}
FUNCTIONAL(reductions, 8)

// Narrow and wide at once.
double mixed(const double *x) {
  f4 sum = {0, 0, 0, 0};
  for (int i = 0; i < 3; ++i) {
    f4 v = __builtin_convertvector(load(x + i), f4);
    sum += v * (float)(i + 1);
    sum = __builtin_shufflevector(sum, v, 1, 2, 3, 4);
  }
  d4 wide = __builtin_convertvector(sum, d4) * load(x);
  return wide[0] * wide[1] + wide[2] - wide[3];
}
FUNCTIONAL(mixed, 6, .step = 1e-3, .tolerance = 1e-4, .precision = 1e-6)

// Lanes by a variable index, and element-wise functions.
double indexed(const double *x) {
  d4 v = load(x);
  for (int i = 0; i < 6; ++i) {
    v[i % 4] = v[(i + 1) % 4] * 0.5 + x[i % 4];
    v = __builtin_elementwise_max(v, __builtin_shufflevector(v, v, 3, 0, 1, 2) * 0.9);
  }
  v = __builtin_elementwise_sqrt(v) + __builtin_elementwise_abs(v - 1.0);
  return v[0] * v[1] * v[2] * v[3];
}
FUNCTIONAL(indexed, 4)
