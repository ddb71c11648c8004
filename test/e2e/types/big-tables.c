// Large constant tables beside active data: thousands of entries, rows of a table
// by pointer, a table of structs with text, floats and integers, a lookup by
// interpolation; copies of parts of them.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

#define R4(V) V, V + 0.25, V + 0.5, V + 0.75
#define R16(V) R4(V), R4(V + 1), R4(V + 2), R4(V + 3)
#define R64(V) R16(V), R16(V + 4), R16(V + 8), R16(V + 12)
#define R256(V) R64(V), R64(V + 16), R64(V + 32), R64(V + 48)
#define R1024(V) R256(V), R256(V + 64), R256(V + 128), R256(V + 192)
static const double large[4096] = {R1024(0.), R1024(256.), R1024(512.), R1024(768.)};
static const float image[16][16] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
static const struct element {
  char symbol[4];
  int number;
  double mass;
  float radius;
} elements[] = {{"H", 1, 1.008, 0.31f}, {"C", 6, 12.011, 0.76f}, {"N", 7, 14.007, 0.71f}, {"O", 8, 15.999, 0.66f}};

double interpolated(const double *x) {
  double s = 0;
  for (int i = 0; i < 3; ++i) {
    double at = x[i] * 2000;
    int k = (int)at;
    s += (large[k] + (at - k) * (large[k + 1] - large[k])) * x[2 - i];
  }
  return s;
}
FUNCTIONAL(interpolated, 3, .low = 0.3, .high = 1.8, .step = 1e-8, .tolerance = 1e-4)

NOINLINE static double along(const float *row, const double *x, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += row[i] * x[i] * x[i];
  return s;
}
void rows(const double *x, double *y) {
  double part[4];
  memcpy(part, large + 100, sizeof part);
  part[1] *= x[0];
  for (int i = 0; i < 3; ++i)
    y[i] = along(image[i], x, 3) + part[i] * x[2];
}
MAP(rows, 3, 3)

NOINLINE static const struct element *find(const char *symbol) {
  for (int i = 0; i < 4; ++i)
    if (!strcmp(elements[i].symbol, symbol))
      return &elements[i];
  return 0;
}
double molecule(const double *x) {
  static const char *const atoms[] = {"C", "O", "O", "H"};
  double mass = 0, moment = 0;
  for (int i = 0; i < 4; ++i) {
    const struct element *e = find(atoms[i]);
    struct element copy = *e;
    copy.mass *= 0.1;
    mass += copy.mass;
    moment += copy.mass * x[i] * x[i] * e->radius + e->number;
  }
  return moment / (mass + x[0]);
}
FUNCTIONAL(molecule, 4)
