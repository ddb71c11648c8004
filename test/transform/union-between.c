// Unions of a float and a pointer by value that a function moves which sees them as
// pointers only, in all that it calls: its callers know of the float, and tell it. What
// returns them and cannot be inlined is refused.
// RUN: %clang -O1 -DMOVE='between(w, v, 2)' -fpass-plugin=%plugin %s -o %t.1 && %t.1
// RUN: %clang -O2 -DMOVE='exchange(w, v)' -fpass-plugin=%plugin %s -o %t.2 && %t.2
// RUN: %clang -O1 -DMOVE='recursive(w, v, 2)' -fpass-plugin=%plugin %s -o %t.3 && %t.3
// RUN: %clang -O1 -DMOVE='moves[x > 100](w, v, 2)' -fpass-plugin=%plugin %s -o %t.4 && %t.4
// RUN: not %clang -O1 -DMOVE='between(w, v, returning(w, v, 1))' -c -fpass-plugin=%plugin %s \
// RUN:   -o %t.o 2>&1 | FileCheck %s
// CHECK: error: a union of a pointer and an active float is moved as the pointer
// CHECK-SAME: [unknown-type]
#include <math.h>
#include <stdlib.h>

double __enzyme_autodiff(void *, double);

typedef union {
  float number;
  float *place;
} Value;
#define NOINLINE __attribute__((noinline))
NOINLINE static void setNumber(Value *v, float x) { v->number = x; }
NOINLINE static float getNumber(Value *v) { return v->number; }
NOINLINE static void setPlace(Value *v, float *p) { v->place = p; }
NOINLINE static float getPlace(Value *v) { return *v->place; }

NOINLINE static Value get(Value *v, int i) { return v[i]; }
NOINLINE static void put(Value *v, int i, Value x) { v[i] = x; }

NOINLINE static void between(Value *to, Value *from, int n) {
  for (int i = 0; i < n; ++i)
    put(to, i, get(from, i));
}
NOINLINE static void exchange(Value *a, Value *b) {
  for (int i = 0; i < 2; ++i) {
    Value t = get(a, i);
    put(a, i, get(b, i));
    put(b, i, t);
  }
}
static void (*volatile moves[])(Value *, Value *, int) = {between};
NOINLINE static void recursive(Value *to, Value *from, int n) {
  if (n > 0) {
    to[n - 1] = get(from, n - 1);
    recursive(to, from, n - 1);
  }
}
NOINLINE static Value nth(Value *v, int n) {
  return n == 0 ? v[0] : nth(v + 1, n - 1);
}
NOINLINE static int returning(Value *to, Value *from, int n) {
  put(to, n, nth(from, n));
  return n + 1;
}

// The number is at a constant place, which is not the first; pointers are moved by
// an index.
static double heap(double x) { // x^4 + x^2
  Value *v = malloc(2 * sizeof *v), *w = malloc(2 * sizeof *w);
  float y = x * x, other = 1;
  setPlace(&w[0], &other), setPlace(&w[1], &other);
  setNumber(&v[1], y * x);
  setPlace(&v[0], &y);
  MOVE;
  double r = getNumber(&w[1]) * x + getPlace(&w[0]);
  free(v), free(w);
  return r;
}

static double local(double x) { // the same, with the number first
  Value v[2], w[2];
  float y = x * x, other = 1;
  setPlace(&w[0], &other), setPlace(&w[1], &other);
  setNumber(&v[0], y * x);
  setPlace(&v[1], &y);
  MOVE;
  return getNumber(&w[0]) * x + getPlace(&w[1]);
}

static int differs(double is, double should) {
  return !(fabs(is - should) <= 1e-5 * fabs(should));
}

int main(void) {
  const double x = 1.5, slope = 4 * x * x * x + 2 * x;
  return differs(__enzyme_autodiff((void *)heap, x), slope) |
         2 * differs(__enzyme_autodiff((void *)local, x), slope);
}
