// A union that was a pointer, then a double, is copied to the caller's memory: what is
// left of the pointer's shadow must not take the place of the seed.
// RUN: %clang -O0 -g -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O1 -g -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O3 -g -fpass-plugin=%plugin %s -o %t && %t
#include <string.h>

typedef struct {
  long tag;
  union {
    double number;
    double *place;
  };
} Value;

extern int enzyme_dup, enzyme_const;
double __enzyme_autodiff(void *, ...);

#define NOINLINE __attribute__((noinline))
NOINLINE static void setPlace(Value *v, double *x) { v->tag = 1, v->place = x; }
NOINLINE static void setNumber(Value *v, double x) { v->tag = 0, v->number = x; }
NOINLINE static double get(const Value *v) { return v->tag ? 2 * *v->place : v->number; }
NOINLINE static void copy(Value *to, const Value *from, int n) { memcpy(to, from, n * sizeof *to); }

static double f(Value *out, double *x, double factor) {
  Value v[2];
  setPlace(&v[0], &x[1]);
  setPlace(&v[1], &x[1]);
  double sum = get(&v[0]) + get(&v[1]);
  setNumber(&v[0], x[0] * factor);
  out[0] = v[0];
  copy(out + 1, v, 2);
  return sum;
}

int main(void) {
  for (int factor = 0; factor < 3; ++factor) {
    double x[2] = {3, 5}, dx[2] = {0, 0};
    Value out[3] = {{0}}, dout[3] = {{0, {7}}, {0, {11}}, {0}};
    __enzyme_autodiff((void *)f, enzyme_dup, out, dout, enzyme_dup, x, dx, enzyme_const, (double)factor);
    if (dx[0] != factor * 18 || dx[1] != 4 || dout[0].number != 0 || dout[1].number != 0 || out[2].place != &x[1] || dout[2].place != &dx[1])
      return 1 + factor;
  }
  return 0;
}
