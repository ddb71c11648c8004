// Structs as arguments and results: in registers, on the stack (byval), and through
// memory (sret); nested, with arrays in them, changed by the callee.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

struct two {
  double a, b;
};
struct big {
  double v[5];
};
struct nested {
  struct two pair[2];
  int n;
  struct big body;
  float scale;
};
struct view {
  const double *data;
  int n;
  double factor;
};

// By value, more than 16 bytes: a copy on the stack, which the callee changes.
NOINLINE static double consume(struct big b, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i) {
    b.v[i] *= b.v[(i + 1) % 5];
    s += b.v[i] * i;
  }
  return s;
}
double twice(const double *x) {
  struct big b;
  memcpy(b.v, x, sizeof b.v);
  // The second call sees the struct as it was before the first one.
  return consume(b, 5) * consume(b, 3) + b.v[0];
}
FUNCTIONAL(twice, 5)

// Results through memory, one of them the argument of the next call.
NOINLINE static struct big rotate(struct big b, double by) {
  struct big r;
  for (int i = 0; i < 5; ++i)
    r.v[i] = b.v[(i + 2) % 5] * by + sin(b.v[i]);
  b.v[0] = 0;
  return r;
}
void rotations(const double *x, double *y) {
  struct big b;
  for (int i = 0; i < 5; ++i)
    b.v[i] = x[i];
  for (int k = 0; k < 3; ++k)
    b = rotate(b, x[k] * 0.5);
  b = rotate(rotate(b, x[0]), b.v[1]);
  memcpy(y, &b, sizeof b);
}
MAP(rotations, 5, 5)

// Structs in structs, integers and floats beside doubles.
NOINLINE static struct nested step(struct nested s, struct two t) {
  s.pair[s.n % 2].a *= t.b;
  s.pair[1].b += s.pair[0].a * s.scale;
  s.body.v[s.n] = t.a * s.body.v[(s.n + 3) % 5];
  s.scale = (float)0.5 * s.scale;
  s.n = (s.n + 1) % 5;
  return s;
}
NOINLINE static struct two fold(struct nested s) {
  struct two r = s.pair[1];
  for (int i = 0; i < 5; ++i)
    r.a += s.body.v[i] * (i + 1);
  r.b *= s.pair[0].a + s.scale;
  return r;
}
void deep(const double *x, double *y) {
  struct nested s = {{{x[0], x[1]}, {x[2], x[3]}}, 1, {{x[4], 1, x[0], 2, x[1]}}, 0.25f};
  for (int k = 0; k < 4; ++k)
    s = step(s, fold(s));
  struct two r = fold(step(s, s.pair[0]));
  y[0] = r.a;
  y[1] = r.b;
}
MAP(deep, 5, 2, .low = 0.2, .high = 0.6)

// A pointer, a length and a number in one struct.
NOINLINE static double norm(const struct view *v) {
  double s = 0;
  for (int i = 0; i < v->n; ++i)
    s += v->data[i] * v->data[i] * v->factor;
  return s;
}
double views(const double *x) {
  struct view whole = {x, 5, x[0]}, part = {x + 1, 2, x[3]};
  return norm(&whole) * norm(&part);
}
FUNCTIONAL(views, 5)

// Recursion with structs by value both ways.
NOINLINE static struct big power(struct big b, int n) {
  if (n == 0)
    return b;
  struct big r = power(b, n - 1);
  for (int i = 0; i < 5; ++i)
    r.v[i] = r.v[i] * b.v[4 - i] + 0.25 * b.v[n % 5];
  return r;
}
void powers(const double *x, double *y) {
  struct big b;
  memcpy(b.v, x, sizeof b.v);
  b = power(b, 4);
  memcpy(y, b.v, sizeof b.v);
}
MAP(powers, 5, 5)

// The differentiated function itself takes and gives structs.
static struct big outer(struct big b, double s) {
  struct big r;
  for (int i = 0; i < 5; ++i)
    r.v[i] = b.v[i] * b.v[(i + 1) % 5] * s;
  b.v[0] = -1;
  return r;
}
struct big __enzyme_fwddiff_big(void *, ...);
void __enzyme_autodiff_big(void *, ...);
double __enzyme_autodiff_number(void *, ...);

static void requests(void) {
  struct big b = {{1, 2, 3, 4, 5}}, db = {{0.5, 0, -1, 0, 2}};
  struct big t = __enzyme_fwddiff_big((void *)outer, enzyme_dup, b, db, 2.0, 0.25);
  for (int i = 0; i < 5; ++i) {
    int j = (i + 1) % 5;
    EXPECT(t.v[i], 2 * (db.v[i] * b.v[j] + b.v[i] * db.v[j]) + 0.25 * b.v[i] * b.v[j]);
  }
  EXPECT(b.v[0], 1);
  EXPECT(db.v[0], 0.5);
}

static void ownChecks(void) { requests(); }
