// Pointers without a type: void *, char *, intptr_t, tagged pointers, tables of
// void *, opaque handles, offsets instead of pointers.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <stddef.h>
#include <stdint.h>

#define NOINLINE __attribute__((noinline))

struct sphere {
  double radius;
};
struct box {
  double sides[3];
  int rounded;
};
enum { SPHERE, BOX };

// Tagged in the lowest bit.
static void *tag(void *p, int kind) { return (void *)((uintptr_t)p | kind); }
NOINLINE static double volume(void *tagged) {
  uintptr_t bits = (uintptr_t)tagged;
  void *p = (void *)(bits & ~(uintptr_t)1);
  if ((bits & 1) == SPHERE) {
    double r = ((struct sphere *)p)->radius;
    return 4.18879 * r * r * r;
  }
  struct box *b = p;
  return b->sides[0] * b->sides[1] * b->sides[2] * (b->rounded ? 0.9 : 1);
}
double shapes(const double *x) {
  struct sphere s = {x[0]}, t = {x[1] * x[2]};
  struct box b = {{x[0], x[1], x[2]}, 1};
  void *all[3] = {tag(&s, SPHERE), tag(&b, BOX), tag(&t, SPHERE)};
  double sum = 0;
  for (int i = 0; i < 3; ++i)
    sum += volume(all[i]) * (i + 1);
  return sum;
}
FUNCTIONAL(shapes, 3)

// Fields by their offsets.
struct state {
  int n;
  double a, b;
  float c;
};
static const size_t offsets[2] = {offsetof(struct state, a), offsetof(struct state, b)};
NOINLINE static double *field(void *base, size_t offset) { return (double *)((char *)base + offset); }
double reflected(const double *x) {
  struct state s = {2, x[0], x[1], 0.5f};
  for (int k = 0; k < 5; ++k)
    *field(&s, offsets[k % 2]) *= *field(&s, offsets[(k + 1) % s.n]) * s.c + 0.5;
  return s.a * s.b;
}
FUNCTIONAL(reflected, 2)

// A generic walk with a stride in bytes.
NOINLINE static double strided(const void *base, size_t stride, int n) {
  const char *p = base;
  double s = 1;
  for (int i = 0; i < n; ++i, p += stride)
    s = s * 0.5 + *(const double *)p;
  return s;
}
double strides(const double *x) {
  struct state s[3] = {{1, x[0], x[1]}, {2, x[2], x[3]}, {3, x[1] * x[2], x[0]}};
  return strided(&s[0].a, sizeof *s, 3) * strided(&s[0].b, sizeof *s, 3) + strided(x, 2 * sizeof *x, 2);
}
FUNCTIONAL(strides, 4)
