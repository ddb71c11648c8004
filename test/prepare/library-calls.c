// Library functions with several results and those on complex numbers: their
// values, and the derivatives in both modes against central differences.

// RUN: %clang -O0 -fpass-plugin=%plugin %s -lm -o %t.O0 && %t.O0
// RUN: %clang -O2 -fpass-plugin=%plugin %s -lm -o %t.O2 && %t.O2
// RUN: %clang -O2 -fno-math-errno -fpass-plugin=%plugin %s -lm -o %t.intrinsic
// RUN: %t.intrinsic
// RUN: %clang -O2 -fno-builtin -fpass-plugin=%plugin %s -lm -o %t.nobuiltin
// RUN: %t.nobuiltin
// RUN: %clang -O0 -DREAL=float "-DNAME(F)=F##f" -fpass-plugin=%plugin %s -lm \
// RUN:   -o %t.float0
// RUN: %t.float0
// RUN: %clang -O2 -DREAL=float "-DNAME(F)=F##f" -fpass-plugin=%plugin %s -lm \
// RUN:   -o %t.float
// RUN: %t.float
// RUN: %clang -O2 -DREAL="long double" "-DNAME(F)=F##l" \
// RUN:   -fpass-plugin=%plugin %s -lm -o %t.long
// RUN: %t.long
// RUN: %clang -O0 -DREAL="long double" "-DNAME(F)=F##l" \
// RUN:   -fpass-plugin=%plugin %s -lm -o %t.long0
// RUN: %t.long0

// What cannot be lowered is refused as what it is.
// RUN: not %clang -O2 -DREFUSED -fpass-plugin=%plugin %s -c -o %t.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REFUSED
// REFUSED: LinkGrad has no rule for this library function

#define _GNU_SOURCE
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#ifndef REAL
#define REAL double
#define NAME(F) F
#endif
typedef REAL real;

extern void __enzyme_autodiff_map(void *, ...);
extern void __enzyme_fwddiff_map(void *, ...);
extern int enzyme_dup;

typedef void Map(const real *x, real *y);
static int failures;

static void compare(const char *what, int in, int out, double got,
                    double expected) {
  double tolerance = sizeof(real) == sizeof(float) ? 2e-4 : 1e-7;
  if (fabs(got - expected) <= tolerance * (1 + fabs(expected)))
    return;
  printf("%s: d y%d / d x%d is %.10g, expected %.10g\n", what, out, in, got,
         expected);
  ++failures;
}

static void sameValue(const char *what, const real *y, const real *z) {
  if (y[0] == z[0] && y[1] == z[1])
    return;
  printf("%s: the derivative changes the value\n", what);
  ++failures;
}

static double difference(Map *f, const real *at, int in, int out) {
  real h = sizeof(real) == sizeof(float) ? 1.0 / 64 : 1.0 / 1024, y[4][2];
  for (int s = 0; s < 4; ++s) {
    real x[4] = {at[0], at[1], at[2], at[3]};
    x[in] += (s < 2 ? s - 2 : s - 1) * h;
    f(x, y[s]);
  }
  return (double)(y[0][out] - 8 * y[1][out] + 8 * y[2][out] - y[3][out]) /
         (12 * h);
}

// A map from four numbers to two.
#define CHECK(F, ...)                                                          \
  {                                                                            \
    real x[4] = {__VA_ARGS__}, y[2], z[2];                                     \
    F(x, y);                                                                   \
    for (int in = 0; in < 4; ++in) {                                           \
      real dx[4] = {0}, dy[2] = {0};                                           \
      dx[in] = 1;                                                              \
      __enzyme_fwddiff_map((void *)F, enzyme_dup, x, dx, enzyme_dup, z, dy);   \
      sameValue(#F " forward", y, z);                                          \
      for (int out = 0; out < 2; ++out)                                        \
        compare(#F " forward", in, out, dy[out], difference(F, x, in, out));   \
    }                                                                          \
    for (int out = 0; out < 2; ++out) {                                        \
      real dx[4] = {0}, dy[2] = {0};                                           \
      dy[out] = 1;                                                             \
      __enzyme_autodiff_map((void *)F, enzyme_dup, x, dx, enzyme_dup, z, dy);  \
      sameValue(#F " reverse", y, z);                                          \
      for (int in = 0; in < 4; ++in)                                           \
        compare(#F " reverse", in, out, dx[in], difference(F, x, in, out));    \
    }                                                                          \
  }

static void sinCos(const real *x, real *y) {
  real s, c;
  NAME(sincos)(x[0] * x[1], &s, &c);
  y[0] = s * x[2];
  y[1] = c * c * x[3];
}

static void split(const real *x, real *y) {
  real whole, fraction = NAME(modf)(x[0] * x[1], &whole);
  y[0] = fraction * fraction * x[2] + whole * x[3];
  NAME(modf)(x[2], &y[1]);
}

static void mantissa(const real *x, real *y) {
  int e;
  real m = NAME(frexp)(x[0] * x[1], &e);
  y[0] = m * m * x[2] + e * x[3];
  y[1] = NAME(ldexp)(m, e) * x[3];
}

#define Z1 number(x[0], x[1])
#define Z2 number(x[2], x[3])
static inline _Complex REAL number(real a, real b) {
  union {
    real parts[2];
    _Complex REAL z;
  } u = {{a, b}};
  return u.z;
}
#define PUT(Z)                                                                 \
  {                                                                            \
    _Complex REAL z = Z;                                                        \
    y[0] = __real__ z;                                                         \
    y[1] = __imag__ z;                                                         \
  }
static void multiply(const real *x, real *y) { PUT(Z1 * Z2 * Z1) }
static void divide(const real *x, real *y) { PUT(Z1 / Z2) }
static void exponential(const real *x, real *y) { PUT(NAME(cexp)(Z1)) }
static void logarithm(const real *x, real *y) { PUT(NAME(clog)(Z1)) }
static void root(const real *x, real *y) { PUT(NAME(csqrt)(Z1)) }
static void power(const real *x, real *y) { PUT(NAME(cpow)(Z1, Z2)) }
static void polar(const real *x, real *y) {
  y[0] = NAME(cabs)(Z1);
  y[1] = NAME(carg)(Z1 * Z2);
}

#ifdef REFUSED
static void refused(const real *x, real *y) {
  memccpy(y, x, 1, 2 * sizeof(real));
}
void request(real *x, real *dx, real *y, real *dy) {
  __enzyme_autodiff_map((void *)refused, enzyme_dup, x, dx, enzyme_dup, y, dy);
}
#endif

int main(void) {
  CHECK(sinCos, 0.7, -1.2, 0.4, 1.5)
  CHECK(split, 2.3, -1.2, 0.4, 1.5)
  CHECK(mantissa, 2.3, -1.2, 0.4, 1.5)
  CHECK(mantissa, 48, 4, 0.4, 1.5)
  CHECK(multiply, 0.7, -1.2, 0.4, 1.5)
  CHECK(divide, 0.7, -1.2, 0.4, 1.5)
  CHECK(divide, 0.7, -1.2, -1.4, 0.5)
  CHECK(exponential, 0.7, -1.2, 0, 0)
  CHECK(logarithm, 0.7, -1.2, 0, 0)
  CHECK(logarithm, -0.7, 1.2, 0, 0)
  CHECK(root, 0.7, -1.2, 0, 0)
  CHECK(root, 0.7, 0, 0, 0)
  CHECK(root, -0.7, 1.2, 0, 0)
  CHECK(root, -0.7, -1.2, 0, 0)
  CHECK(power, 0.7, -1.2, 0.4, 1.5)
  CHECK(polar, 0.7, -1.2, 0.4, 1.5)
  return failures != 0;
}
