// Every scalar function as programs call it: the derivatives in both modes
// against central differences; with library calls that set errno, with
// intrinsics, without builtins, and in three precisions.

// RUN: %clang -O2 -fpass-plugin=%plugin %s -lm -o %t.errno && %t.errno
// RUN: %clang -O2 -fno-math-errno -fpass-plugin=%plugin %s -lm -o %t.intrinsic
// RUN: %t.intrinsic
// RUN: %clang -O2 -fno-builtin -fpass-plugin=%plugin %s -lm -o %t.nobuiltin
// RUN: %t.nobuiltin
// RUN: %clang -O2 -DREAL=float "-DNAME(F)=F##f" -fpass-plugin=%plugin %s -lm \
// RUN:   -o %t.float
// RUN: %t.float
// RUN: %clang -O2 "-DREAL=long double" "-DNAME(F)=F##l" \
// RUN:   -fpass-plugin=%plugin %s -lm -o %t.long
// RUN: %t.long

#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>

#ifndef REAL
#define REAL double
#define NAME(F) F
#endif
typedef REAL real;

extern int enzyme_const;
extern real __enzyme_autodiff_x(void *, real);
extern real __enzyme_fwddiff_x(void *, real, real);
extern real __enzyme_autodiff_x_of_2(void *, real, int, real);
extern real __enzyme_fwddiff_x_of_2(void *, real, real, int, real);
extern real __enzyme_autodiff_y_of_2(void *, int, real, real);
extern real __enzyme_fwddiff_y_of_2(void *, int, real, real, real);

static int failures;

// The oracle: the double function, whatever the precision.
static double difference(double (*f)(double, double), double x, double y,
                         double hx, double hy) {
  return (f(x - 2 * hx, y - 2 * hy) - 8 * f(x - hx, y - hy) +
          8 * f(x + hx, y + hy) - f(x + 2 * hx, y + 2 * hy)) /
         (12 * (hx + hy));
}

static void compare(const char *what, double x, double y, double got,
                    double expected) {
  double tolerance = sizeof(real) == sizeof(float) ? 1e-4 : 1e-7;
  if (fabs(got - expected) <= tolerance * (1 + fabs(expected)))
    return;
  printf("%s at (%g, %g): %.10g, expected %.10g\n", what, x, y, got, expected);
  ++failures;
}

#define H 1e-3

// One argument.
#define CHECK1(F, X)                                                           \
  static real F##_real(real x) { return NAME(F)(x); }                          \
  static double F##_double(double x, double y) { return F(x); }                \
  static void check_##F(void) {                                                \
    double expected = difference(F##_double, X, 0, H, 0);                      \
    compare(#F " reverse", X, 0, __enzyme_autodiff_x((void *)F##_real, X),     \
            expected);                                                         \
    compare(#F " forward", X, 0, __enzyme_fwddiff_x((void *)F##_real, X, 1),   \
            expected);                                                         \
  }

// Two arguments, each active while the other is constant.
#define CHECK2(F, X, Y)                                                        \
  static real F##_real(real x, real y) { return NAME(F)(x, y); }               \
  static double F##_double(double x, double y) { return F(x, y); }             \
  static void check_##F(void) {                                                \
    double dx = difference(F##_double, X, Y, H, 0);                            \
    compare(#F " reverse x", X, Y,                                             \
            __enzyme_autodiff_x_of_2((void *)F##_real, X, enzyme_const, Y),    \
            dx);                                                               \
    compare(#F " forward x", X, Y,                                             \
            __enzyme_fwddiff_x_of_2((void *)F##_real, X, 1, enzyme_const, Y),  \
            dx);                                                               \
    double dy = difference(F##_double, X, Y, 0, H);                            \
    compare(#F " reverse y", X, Y,                                             \
            __enzyme_autodiff_y_of_2((void *)F##_real, enzyme_const, X, Y),    \
            dy);                                                               \
    compare(#F " forward y", X, Y,                                             \
            __enzyme_fwddiff_y_of_2((void *)F##_real, enzyme_const, X, Y, 1),  \
            dy);                                                               \
  }

#define FUNCTIONS(ONE, TWO)                                                    \
  ONE(sin, 0.75)                                                               \
  ONE(cos, 0.75)                                                               \
  ONE(tan, 0.75)                                                               \
  ONE(asin, 0.75)                                                              \
  ONE(acos, 0.75)                                                              \
  ONE(atan, 0.75)                                                              \
  ONE(sinh, 0.75)                                                              \
  ONE(cosh, 0.75)                                                              \
  ONE(tanh, 0.75)                                                              \
  ONE(asinh, 0.75)                                                             \
  ONE(acosh, 1.75)                                                             \
  ONE(atanh, 0.75)                                                             \
  ONE(exp, 0.75)                                                               \
  ONE(exp2, 0.75)                                                              \
  ONE(exp10, 0.75)                                                             \
  ONE(expm1, 0.75)                                                             \
  ONE(log, 0.75)                                                               \
  ONE(log2, 0.75)                                                              \
  ONE(log10, 0.75)                                                             \
  ONE(log1p, 0.75)                                                             \
  ONE(logb, 0.75)                                                              \
  ONE(sqrt, 0.75)                                                              \
  ONE(cbrt, 0.75)                                                              \
  ONE(fabs, -0.75)                                                             \
  ONE(erf, 0.75)                                                               \
  ONE(erfc, 0.75)                                                              \
  ONE(tgamma, 2.25)                                                            \
  ONE(lgamma, 2.25)                                                            \
  ONE(j0, 2.25)                                                                \
  ONE(j1, 2.25)                                                                \
  ONE(y0, 2.25)                                                                \
  ONE(y1, 2.25)                                                                \
  ONE(floor, 0.75)                                                             \
  ONE(ceil, 0.75)                                                              \
  ONE(trunc, 0.75)                                                             \
  ONE(round, 0.75)                                                             \
  ONE(rint, 0.75)                                                              \
  ONE(nearbyint, 0.75)                                                         \
  ONE(roundeven, 0.75)                                                         \
  TWO(pow, 1.5, 2.5)                                                           \
  TWO(atan2, 1.5, -2.5)                                                        \
  TWO(hypot, 1.5, 2.5)                                                         \
  TWO(copysign, 1.5, -2.5)                                                     \
  TWO(fdim, 2.5, 1.5)                                                          \
  TWO(fmod, 7.5, 2.25)                                                         \
  TWO(remainder, 7.5, 2.25)                                                    \
  TWO(fmin, 1.5, 2.5)                                                          \
  TWO(fmax, 1.5, 2.5)

FUNCTIONS(CHECK1, CHECK2)

// Functions with an integer argument, and three arguments.
static real powers(real x) {
  return NAME(ldexp)(x, 3) + NAME(scalbn)(x, 2) + NAME(scalbln)(x, -1L) +
         NAME(jn)(2, x) + NAME(yn)(2, x) + NAME(fma)(x, x, x) +
         __builtin_powi(x, 3);
}
static double powers_double(double x, double y) {
  return ldexp(x, 3) + scalbn(x, 2) + scalbln(x, -1L) + jn(2, x) + yn(2, x) +
         fma(x, x, x) + x * x * x;
}

int main(void) {
#define CALL1(F, X) check_##F();
#define CALL2(F, X, Y) check_##F();
  FUNCTIONS(CALL1, CALL2)
  double expected = difference(powers_double, 1.75, 0, H, 0);
  compare("powers reverse", 1.75, 0, __enzyme_autodiff_x((void *)powers, 1.75),
          expected);
  compare("powers forward", 1.75, 0,
          __enzyme_fwddiff_x((void *)powers, 1.75, 1), expected);
  return failures != 0;
}
