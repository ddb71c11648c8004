// Vector functions of libraries: by their names, and where the vectoriser calls
// them for loops.
// (Without -march= LLVM itself calls functions that need AVX. At -O2 and -O3 the
// program and its derivative are vectorised apart, and libmvec rounds otherwise.)
// RUN: %check %s %t --also late --skip=valgrind --skip=-O2 --skip=-O3 \
// RUN:   -march=haswell -lmvec -fveclib=libmvec -fno-math-errno
// REQUIRES: haswell

#include "../Inputs/check.h"

typedef double v2 __attribute__((vector_size(16)));
typedef float f4 __attribute__((vector_size(16)));

v2 _ZGVbN2v_sin(v2), _ZGVbN2v_cos(v2), _ZGVbN2v_exp(v2), _ZGVbN2v_log(v2);
v2 _ZGVbN2vv_pow(v2, v2);
f4 _ZGVbN4v_expf(f4), _ZGVbN4vv_powf(f4, f4);

static v2 load(const double *x) { return (v2){x[0], x[1]}; }
static double doubles(const double *x) {
  v2 a = load(x), b = load(x + 2);
  v2 s = _ZGVbN2v_sin(a) * _ZGVbN2v_cos(b) + _ZGVbN2v_exp(a) * _ZGVbN2v_log(b);
  s += _ZGVbN2vv_pow(a, b);
  return s[0] - 2 * s[1];
}
FUNCTIONAL(doubles, 4)

static double singles(const double *x) {
  f4 a = {x[0], x[1], x[2], x[3]}, b = {x[4], x[3], x[2], x[1]};
  f4 s = _ZGVbN4v_expf(a) * b + _ZGVbN4vv_powf(a, b);
  return s[0] - 2 * s[1] + s[2] * s[3];
}
FUNCTIONAL(singles, 5, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)

// SVML and AMDLIBM are not here; these stand for them. A definition would be
// the program's own function, so they are only declared for the engine.
#define STAND_IN(NAME, F)                                                      \
  v2 NAME(v2) __asm__(#NAME);                                                  \
  __asm__(".weak " #NAME "\n" #NAME ":\n jmp _ZGVbN2v_" #F "@PLT\n");
STAND_IN(__svml_sin2, sin)
STAND_IN(amd_vrd2_exp, exp)
static double others(const double *x) {
  v2 s = __svml_sin2(load(x)) * amd_vrd2_exp(load(x + 1));
  return s[0] * s[1];
}
FUNCTIONAL(others, 3)

static void elementwise(const double *x, double *y) {
  for (int i = 0; i < 16; ++i)
    y[i] = pow(x[i], 1.5) * cos(x[15 - i]);
}
MAP(elementwise, 16, 16)

static void inFloat(const double *x, double *y) {
  float a[16], b[16];
  for (int i = 0; i < 16; ++i)
    a[i] = x[i];
  for (int i = 0; i < 16; ++i)
    b[i] = expf(a[i]) * sinf(a[15 - i]) + logf(a[i]);
  for (int i = 0; i < 16; ++i)
    y[i] = b[i];
}
MAP(inFloat, 16, 16, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)
