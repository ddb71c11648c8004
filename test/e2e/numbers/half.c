// _Float16 and __bf16: arithmetic, arrays, copies, calls, arguments of the
// request. They hold 11 and 8 digits, and the tolerances say so.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

typedef _Float16 half;
typedef __bf16 brain;
#define NOINLINE __attribute__((noinline))

// libgcc has this one from version 13 on.
__attribute__((weak)) brain __truncsfbf2(float f) {
  union {
    float f;
    unsigned bits;
  } from = {f};
  union {
    unsigned short bits;
    brain b;
  } to = {(from.bits + 0x7fff + (from.bits >> 16 & 1)) >> 16};
  return to.b;
}

NOINLINE static half scale(half a, half b) { return a * b + (half)0.5; }
static double chain(const double *x) {
  half a = x[0], b = x[1];
  half c = scale(a, b) * a;
  return (double)(c / b) * x[1] + (double)(half)(-a);
}
FUNCTIONAL(chain, 2, .step = 0.0625, .tolerance = 2e-2, .precision = 1e-2)

static void arrays(const double *x, double *y) {
  half h[8], g[8];
  for (int i = 0; i < 8; ++i)
    h[i] = (half)x[i % 3] * (half)(i + 1);
  memcpy(g, h, sizeof g);
  float s = 0;
  for (int i = 0; i < 8; ++i)
    s += (float)g[i] * h[7 - i];
  y[0] = s;
  y[1] = g[3];
}
MAP(arrays, 3, 2, .step = 0.0625, .tolerance = 2e-2, .precision = 1e-2)

struct Weights {
  half w[3];
  short n;
  half bias;
};
NOINLINE static half apply(const struct Weights *weights, half v) {
  half s = weights->bias;
  for (int i = 0; i < weights->n; ++i)
    s = s * v + weights->w[i];
  return s;
}
static double structs(const double *x) {
  struct Weights w = {{x[0], x[1], x[2]}, 3, x[0]}, copy = w;
  copy.w[1] *= w.w[0];
  return (double)(apply(&w, (half)1.25) + apply(&copy, x[1]));
}
FUNCTIONAL(structs, 3, .step = 0.0625, .tolerance = 2e-2, .precision = 1e-2)

// Sums are kept in float, as programs with half do.
static double brains(const double *x) {
  brain b[6];
  for (int i = 0; i < 6; ++i)
    b[i] = (brain)(float)x[i % 3];
  float s = 0;
  for (int i = 0; i < 6; ++i)
    s += (float)(b[i] * b[5 - i]) * (i + 1);
  return s;
}
FUNCTIONAL(brains, 3, .step = 0.125, .tolerance = 6e-2, .precision = 3e-2)

typedef half half8 __attribute__((vector_size(16)));
static double vectors(const double *x) {
  half8 v, w;
  for (int i = 0; i < 8; ++i)
    v[i] = x[i % 4], w[i] = x[(i + 1) % 4];
  half8 p = v * w + v;
  p = __builtin_shufflevector(p, v, 7, 0, 9, 2, 12, 4, 5, 1);
  float s = 0;
  for (int i = 0; i < 8; ++i)
    s += (float)p[i] * (i - 3);
  return s;
}
FUNCTIONAL(vectors, 4, .step = 0.0625, .tolerance = 2e-2, .precision = 1e-2)

static half functions(half x) {
  return __builtin_elementwise_sin(x) * __builtin_elementwise_exp(x) +
         __builtin_elementwise_sqrt(x) * __builtin_elementwise_max(x, (half)1);
}
static float square(half x) { return (float)(x * x); }
static brain cube(brain x) { return x * x * x; }
static brain sum(const brain *x, int n) {
  brain s = 0;
  for (int i = 0; i < n; ++i)
    s += x[i] * x[n - 1 - i];
  return s;
}
extern half __enzyme_autodiff_half(void *, half);
extern half __enzyme_fwddiff_half(void *, half, half);
extern float __enzyme_fwddiff_float(void *, half, half);
extern brain __enzyme_autodiff_brain(void *, brain);
extern brain __enzyme_fwddiff_brain(void *, brain, brain);

static void ownChecks(void) {
  half at = 1.5;
  EXPECT_NEAR((float)__enzyme_autodiff_half((void *)square, at), 3, 1e-3);
  EXPECT_NEAR(__enzyme_fwddiff_float((void *)square, at, (half)2), 6, 1e-3);
  double slope = exp(1.5) * (sin(1.5) + cos(1.5)) + 1.5 * sqrt(1.5);
  EXPECT_NEAR((float)__enzyme_autodiff_half((void *)functions, at), slope, 4e-3);
  EXPECT_NEAR((float)__enzyme_fwddiff_half((void *)functions, at, (half)1),
              slope, 4e-3);
  EXPECT_NEAR((float)__enzyme_autodiff_brain((void *)cube, (brain)1.5f), 6.75,
              2e-2);
  EXPECT_NEAR((float)__enzyme_fwddiff_brain((void *)cube, (brain)1.5f,
                                            (brain)2.0f), 13.5, 2e-2);
  brain x[4] = {1, 2, 3, 4}, dx[4] = {0};
  __enzyme_autodiff((void *)sum, enzyme_dup, x, dx, 4);
  for (int i = 0; i < 4; ++i)
    EXPECT_NEAR((float)dx[i], 2 * (4 - i), 2e-2);
}
