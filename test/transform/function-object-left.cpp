// A small function object with a float in it, which only a function that is called
// through a pointer reads: that it holds nothing but doubles and pointers is not
// known to what moves it.
// RUN: not %clangxx -O2 -fno-strict-aliasing -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: byte 0 of the 16 bytes behind {{.*}} is part of a union, which may hold a float elsewhere [unknown-type]
// CHECK-NEXT: in function: second

#include <functional>
#include <utility>

using Map = std::function<double(double)>;

struct Scaled {
  float factor;
  double (*call)(const Scaled *, double);
  double operator()(double v) const { return call(this, v); }
};
#define NOINLINE __attribute__((noinline)) static
NOINLINE double scale(const Scaled *s, double v) { return s->factor * v; }
NOINLINE Map makeScaled(double a) { return Scaled{(float)a, scale}; }
NOINLINE Map makePlain(double a) {
  return [a](double v) { return a * v; };
}
NOINLINE Map makeFar(const double *x) {
  return [x](double v) { return x[0] * v; };
}
NOINLINE Map second(Map a, Map b, bool again) {
  Map c = std::move(a);
  std::swap(c, b);
  if (again)
    std::swap(c, b);
  return c;
}
static double f(const double *x) {
  bool again = x[0] > 0;
  return second(makeScaled(x[1]), makePlain(x[0]), again)(x[0]) +
         second(makeFar(x), makeScaled(x[1]), again)(x[1]);
}

void __enzyme_autodiff(void *, ...);
void d(double *x, double *dx) { __enzyme_autodiff((void *)f, x, dx); }
