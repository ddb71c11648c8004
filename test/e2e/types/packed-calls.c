// Small structs that the calling convention packs into integers, passed to and
// returned by functions that are not inlined: recursive ones, ones that change
// the integer beside the float, ones with several registers.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))
#define SINGLE .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5

typedef struct {
  float x;
  int n;
} Counted;
NOINLINE static Counted scale(Counted p, float f) {
  p.x *= f;
  p.n++;
  return p;
}
static void once(const double *x, double *y) {
  Counted p = {x[0], 1}, q = scale(p, x[1]);
  y[0] = q.x * q.x * q.n;
}
MAP(once, 2, 1, SINGLE)

static void fromMemory(const double *x, double *y) {
  Counted table[4];
  for (int i = 0; i < 4; ++i)
    table[i] = (Counted){x[i], i};
  for (int i = 0; i < 4; ++i)
    table[i] = scale(table[3 - i], x[(i + 1) % 4]);
  for (int i = 0; i < 4; ++i)
    y[i] = table[i].x * table[i].n;
}
MAP(fromMemory, 4, 4, SINGLE)

NOINLINE static Counted recursive(Counted p, float f) {
  if (p.n == 4)
    return p;
  p.x = p.x * f + p.n;
  ++p.n;
  Counted q = recursive(p, f * 0.5f);
  q.x *= p.x;
  return q;
}
static void recursion(const double *x, double *y) {
  Counted p = recursive((Counted){x[0], 0}, x[1]);
  y[0] = p.x + p.n;
}
MAP(recursion, 2, 1, SINGLE)

// Two registers: {int, float} and float.
typedef struct {
  int n;
  float re, im;
} Root;
NOINLINE static Root newton(Root r, float c) {
  r.re *= c;
  r.im *= r.re;
  ++r.n;
  return r;
}
static void loop(const double *x, double *y) {
  Root r = {0, x[0], x[1]};
  while (r.n < 3)
    r = newton(r, x[2]);
  y[0] = r.re;
  y[1] = r.im * r.n;
}
MAP(loop, 3, 2, SINGLE)

// {float, int} twice, and a struct that is only handed on.
typedef struct {
  Counted a, b;
} Both;
NOINLINE static Both swap(Both p) {
  Both q = {p.b, p.a};
  q.a.x *= p.a.x;
  q.b.n += q.a.n;
  return q;
}
NOINLINE static Both through(Both p, int n) {
  for (int i = 0; i < n; ++i)
    p = swap(p);
  return p;
}
static void pairs(const double *x, double *y) {
  Both p = {{x[0], 1}, {x[1], 2}};
  Both q = through(p, 3);
  y[0] = q.a.x * q.b.n;
  y[1] = q.b.x * q.a.n;
}
MAP(pairs, 2, 2, SINGLE)

// A union: the bits travel as they are, whatever they mean.
typedef struct {
  int isFloat;
  union {
    float f;
    int i;
  } v;
} Tagged;
NOINLINE static Tagged next(Tagged t) {
  if (t.isFloat)
    t.v.f *= t.v.f;
  return t;
}
static void tagged(const double *x, double *y) {
  Tagged t = {1};
  t.v.f = x[0];
  y[0] = next(next(t)).v.f * x[1];
}
MAP(tagged, 2, 1, SINGLE)

typedef struct {
  _Float16 h[2];
  short n;
  char c;
} Halves;
NOINLINE static Halves halves(Halves p) {
  p.h[0] *= p.h[1];
  p.n += p.c;
  return p;
}
static void halved(const double *x, double *y) {
  Halves p = halves((Halves){{x[0], x[1]}, 2, 3});
  y[0] = (double)p.h[0] * p.n;
}
MAP(halved, 2, 1, .step = 0.0625, .tolerance = 2e-2, .precision = 1e-2)

// Where the callee is inlined, a select of two integers is left.
typedef struct {
  float value;
  int index;
} Best;
NOINLINE static Best better(Best a, Best b) {
  return a.value > b.value ? a : b;
}
static void largest(const double *x, double *y) {
  Best best = {-100, -1};
  for (int i = 0; i < 4; ++i)
    best = better(best, (Best){x[i] * x[0], i});
  y[0] = best.value * x[best.index] + best.index;
}
MAP(largest, 4, 1, SINGLE)
