// Floats on their way through integers: small structs that the calling
// convention packs into one register, and copies that became i64.
// RUN: %clang -O0 -w -fpass-plugin=%plugin %s -o %t0 -lm && %t0
// RUN: %clang -O2 -w -fpass-plugin=%plugin %s -o %t2 -lm && %t2
// Through a call: the caller knows more and is made anew with it inlined.
// RUN: %clang -O2 -w -DCALL -fpass-plugin=%plugin %s -o %t.c -lm && %t.c
#include <math.h>
#include <stdint.h>
#include <string.h>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

#ifdef CALL
typedef struct {
  float x;
  int n;
} Mixed;
__attribute__((noinline)) static double use(Mixed s) { return s.x * s.n; }
// 2 x^2 - 9 x^2
static double through(double x) {
  Mixed s = {x * x, 2}, t = {3 * x * x, -3};
  return use(s) + use(t);
}
#else
// {a, b} -> i64 -> {b, a}: 2 a - b^2 with a = x^2, b = 3x.
static double through(double x) {
  float a = x * x, b = 3 * x;
  uint32_t low, high;
  memcpy(&low, &a, 4);
  memcpy(&high, &b, 4);
  uint64_t packed = low | (uint64_t)high << 32;
  low = packed >> 32, high = (uint32_t)packed;
  memcpy(&b, &low, 4);
  memcpy(&a, &high, 4);
  return 2 * a - b * b;
}
#endif

int main(void) {
  const double x = 0.75, expected = 4 * x - 18 * x;
  return fabs(__enzyme_autodiff((void *)through, x) - expected) > 1e-5 ||
         fabs(__enzyme_fwddiff((void *)through, x, 1.0) - expected) > 1e-5;
}
