// Doubles and floats that functions which are not inlined move as integers: what they
// are is known to their callers, or to other functions that use the same memory.
// RUN: %check %s %t -fno-strict-aliasing --skip=valgrind
// RUN: %check %s %t -fno-strict-aliasing -g --skip=-O3 --skip=valgrind --skip=sanitize

#include "../Inputs/check.h"
#include <stdint.h>

#define NOINLINE __attribute__((noinline))

static void squares(double *a, const double *x, int n) {
  for (int i = 0; i < n; ++i)
    a[i] = x[i] * x[i] * (i + 1);
}

NOINLINE static void swap(long *a, long *b) {
  long t = *a;
  *a = *b;
  *b = t;
}
void swapped(const double *x, double *y) {
  double a = x[0] * x[1], b = x[1] * x[2];
  swap((long *)&a, (long *)&b);
  y[0] = a * 2;
  y[1] = b * b;
}
MAP(swapped, 3, 2)

NOINLINE static void swapWithXor(long *a, long *b) {
  if (*a > *b) {
    *a ^= *b;
    *b ^= *a;
    *a ^= *b;
  }
}
void swappedWithXor(const double *x, double *y) {
  double a = x[0] * x[1] + 2, b = x[1] * x[2];
  swapWithXor((long *)&a, (long *)&b);
  y[0] = a * 2;
  y[1] = b * b;
}
MAP(swappedWithXor, 3, 2)

NOINLINE static void swapHalves(int32_t *a, int32_t *b) {
  int32_t t = *a;
  *a = *b;
  *b = t;
}
void swappedFloats(const double *x, double *y) {
  float a = x[0] * x[1], b = x[1] * x[2];
  swapHalves((int32_t *)&a, (int32_t *)&b);
  y[0] = a * 2;
  y[1] = b * b;
}
MAP(swappedFloats, 3, 2, .step = 1e-2, .tolerance = 1e-2, .precision = 1e-5)

NOINLINE static void reverse(long *a, int n) {
  for (int i = 0; i < n / 2; ++i) {
    long t = a[i];
    a[i] = a[n - 1 - i];
    a[n - 1 - i] = t;
  }
}
void reversed(const double *x, double *y) {
  double a[4];
  squares(a, x, 4);
  reverse((long *)a, 4);
  for (int i = 0; i < 4; ++i)
    y[i] = a[i] * x[i];
}
MAP(reversed, 4, 4)

NOINLINE static void copy(long *to, const long *from, int n) {
  for (int i = 0; i < n; ++i)
    to[i] = from[i];
}
void copied(const double *x, double *y) {
  double a[4], b[4];
  squares(a, x, 4);
  copy((long *)b, (long *)a, 4);
  for (int i = 0; i < 4; ++i)
    y[i] = b[i] * (i + 1);
}
MAP(copied, 4, 4)

NOINLINE static void clear(long *a, int n) {
  for (int i = 0; i < n; ++i)
    a[i] = 0;
}
void cleared(const double *x, double *y) {
  double a[3];
  squares(a, x, 3);
  y[1] = a[1];
  clear((long *)a, 2);
  y[0] = a[0] * x[0] + a[1] * x[1] + a[2] * x[2];
}
MAP(cleared, 3, 2)

NOINLINE static long get(const long *a) { return *a; }
NOINLINE static void put(long *a, long v) { *a = v; }
double through(const double *x) {
  double a = x[0] * x[1], b;
  put((long *)&b, get((long *)&a));
  return b * b;
}
FUNCTIONAL(through, 2)

// A global variable of doubles that is written as integers.
static double numbers[3];
NOINLINE static void fill(const long *from) {
  for (int i = 0; i < 3; ++i)
    ((long *)numbers)[i] = from[i];
}
NOINLINE static double sum(void) {
  return numbers[0] * numbers[1] + numbers[2];
}
double globals(const double *x) {
  double a[3];
  squares(a, x, 3);
  fill((long *)a);
  return sum() * x[1];
}
FUNCTIONAL(globals, 3)

// Numbers beside the doubles are no floats, and comparisons of bits move nothing.
struct box {
  long count;
  double value[3];
};
NOINLINE static void count(long *n, const long *value) { *n += *value > 0; }
double counted(const double *x) {
  struct box b = {0, {0}};
  for (int i = 0; i < 3; ++i) {
    b.value[i] = x[i] * x[i];
    count(&b.count, (long *)&b.value[i]);
  }
  return b.value[0] * b.value[1] + b.value[2] * b.count;
}
FUNCTIONAL(counted, 3)
