// Unions of a float and a pointer that functions only move, by value: LLVM moves
// the pointer, and the derivative by the float goes along.
// RUN: %clang -O1 -fpass-plugin=%plugin %s -o %t.1 && %t.1
// RUN: %clang -O2 -fpass-plugin=%plugin %s -o %t.2 && %t.2
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

static double given(double x) { // x^4 + x^2
  Value *v = malloc(2 * sizeof *v), *w = malloc(2 * sizeof *v);
  float y = x * x;
  setNumber(&v[0], y * x);
  setPlace(&v[1], &y);
  for (int i = 0; i < 2; ++i)
    put(w, i, v[i]);
  double r = getNumber(&w[0]) * x + getPlace(&w[1]);
  free(v), free(w);
  return r;
}

static double taken(double x) { // the same, and once more 2 x^3
  Value *v = malloc(2 * sizeof *v), *w = malloc(3 * sizeof *v);
  float y = x * x;
  setNumber(&v[0], y * x);
  setPlace(&v[1], &y);
  for (int i = 0; i < 2; ++i)
    put(w, i, get(v, i));
  put(w, 2, get(v, x > 100));
  double r = getNumber(&w[0]) * x + getPlace(&w[1]) + 2 * getNumber(&w[2]);
  free(v), free(w);
  return r;
}

static int differs(double is, double should) {
  return !(fabs(is - should) <= 1e-5 * fabs(should));
}

int main(void) {
  const double x = 1.5, slope = 4 * x * x * x + 2 * x;
  return differs(__enzyme_autodiff((void *)given, x), slope) |
         2 * differs(__enzyme_autodiff((void *)taken, x), slope + 6 * x * x);
}
