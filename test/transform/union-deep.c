// Unions of a float and a pointer that are moved as pointers, of which only functions
// far down in what the caller calls see the float.
// RUN: %clang -O1 -fpass-plugin=%plugin %s -o %t.1 && %t.1
// RUN: %clang -O2 -fno-strict-aliasing -fpass-plugin=%plugin %s -o %t.2 && %t.2
#include <math.h>
#include <stdlib.h>

double __enzyme_autodiff(void *, double);
double __enzyme_fwddiff(void *, double, double);

typedef union {
  float number;
  float *place;
} Value;
#define NOINLINE __attribute__((noinline))
NOINLINE static void setPlace(Value *v, float *p) { v->place = p; }
NOINLINE static float getPlace(Value *v) { return *v->place; }
NOINLINE static Value get(Value *v, int i) { return v[i]; }
NOINLINE static void put(Value *v, int i, Value x) { v[i] = x; }
NOINLINE static void move(Value *to, Value *from, int n) {
  for (int i = 0; i < n; ++i)
    put(to, i, get(from, i));
}

#define DEEPER(NAME, NEXT, RESULT, TYPE)                                       \
  NOINLINE static RESULT NAME(Value *v, TYPE x, int n) {                       \
    return n < 0 ? 0 : NEXT(v, x, n - 1);                                      \
  }
NOINLINE static int set6(Value *v, float x, int n) { return v->number = x, n; }
DEEPER(set5, set6, int, float)
DEEPER(set4, set5, int, float)
DEEPER(set3, set4, int, float)
DEEPER(set2, set3, int, float)
DEEPER(set1, set2, int, float)
NOINLINE static float get6(Value *v, int k, int n) { return v->number; }
DEEPER(get5, get6, float, int)
DEEPER(get4, get5, float, int)
DEEPER(get3, get4, float, int)
DEEPER(get2, get3, float, int)
DEEPER(get1, get2, float, int)

static double f(double x) { // x^4 + 2 x^2
  Value *v = malloc(2 * sizeof *v), *w = malloc(2 * sizeof *w);
  float y = x * x, other = 1;
  setPlace(&w[0], &other), setPlace(&w[1], &other);
  set1(&v[1], y * x, 9);
  setPlace(&v[0], &y);
  move(w, v, 2);
  double r = get1(&w[1], 0, 9) * x + 2 * getPlace(&w[0]);
  free(v), free(w);
  return r;
}

int main(void) {
  double x = 1.5, slope = 4 * x * x * x + 4 * x;
  return !(fabs(__enzyme_autodiff((void *)f, x) - slope) < 1e-5 &&
           fabs(__enzyme_fwddiff((void *)f, x, 1) - slope) < 1e-5);
}
