// Complex numbers in three precisions: arithmetic, library functions, arrays,
// copies, and calls.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <complex.h>

#define NOINLINE __attribute__((noinline))

// The same for each type T, with the functions' suffix S.
#define FUNCTIONS(T, S, ...)                                                   \
  NOINLINE static complex T quotient##S(complex T a, complex T b) {            \
    return a * b / (a + b);                                                    \
  }                                                                            \
  static void library##S(const double *x, double *y) {                         \
    complex T a = x[0] + x[1] * 1.0i, b = x[2] - x[3] * 1.0i;                  \
    complex T c = quotient##S(a, b) * cexp##S(a) + clog##S(b) * csqrt##S(a);   \
    c += cpow##S(a, b) + csin##S(a) * ccosh##S(b) - ccos##S(b) / csinh##S(a);                                                        \
    y[0] = creal##S(c);                                                        \
    y[1] = cimag##S(c);                                                        \
    y[2] = cabs##S(c) * carg##S(c);                                            \
  }                                                                            \
  MAP(library##S, 4, 3, ##__VA_ARGS__)                                         \
  static void arrays##S(const double *x, double *y) {                          \
    complex T t[4], u[4], s = 0;                                               \
    for (int i = 0; i < 4; ++i)                                                \
      t[i] = x[i] + x[(i + 1) % 4] * 1.0i;                                     \
    memcpy(u, t, sizeof u);                                                    \
    for (int i = 0; i < 4; ++i)                                                \
      s += quotient##S(t[i], conj##S(u[3 - i])) * x[i];                        \
    y[0] = creal##S(s);                                                        \
    y[1] = cimag##S(s);                                                        \
    y[2] = cabs##S(u[1] * u[2]);                                               \
  }                                                                            \
  MAP(arrays##S, 4, 3, ##__VA_ARGS__)

#define RECORDS(T, S, ...)                                                     \
  struct Root##S {                                                             \
    int n;                                                                     \
    complex T z;                                                               \
  };                                                                           \
  NOINLINE static struct Root##S newton##S(struct Root##S r, complex T c) {    \
    r.z -= (r.z * r.z - c) / (2 * r.z);                                        \
    ++r.n;                                                                     \
    return r;                                                                  \
  }                                                                            \
  static void roots##S(const double *x, double *y) {                           \
    struct Root##S r = {0, x[0] + x[1] * 1.0i};                                \
    while (r.n < 3)                                                            \
      r = newton##S(r, x[2] + x[3] * 1.0i);                                    \
    y[0] = creal##S(r.z);                                                      \
    y[1] = cimag##S(r.z) * r.n;                                                \
  }                                                                            \
  MAP(roots##S, 4, 2, ##__VA_ARGS__)

FUNCTIONS(double, )
FUNCTIONS(float, f, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)
FUNCTIONS(long double, l)
RECORDS(double, )
RECORDS(float, f, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)
RECORDS(long double, l)
