// Vector code: clang's vector types (insert, extract, shuffle, conversions,
// selection, in memory and in calls), and loops that LLVM's vectorisers turn
// into vector code before they are differentiated.
// RUN: %check %s %t --also late
// RUN: %check %s %t.haswell --also late --skip=valgrind -march=haswell
// Not every machine runs this, but all can compile it.
// RUN: %check %s %t.v4 --also object -march=x86-64-v4
// REQUIRES: haswell

#define OWN_CHECKS
#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))
typedef double v4 __attribute__((vector_size(32)));
typedef double v2 __attribute__((vector_size(16)));
typedef float f8 __attribute__((vector_size(32)));
typedef float f4 __attribute__((vector_size(16)));
typedef long l4 __attribute__((vector_size(32)));

static v4 load4(const double *x) { return (v4){x[0], x[1], x[2], x[3]}; }
static double sum4(v4 v) { return v[0] - 2 * v[1] + 3 * v[2] - 4 * v[3]; }

NOINLINE static v4 blend(v4 a, v4 b, int lane) {
  a[lane & 3] = b[lane & 1] * a[2];
  return __builtin_shufflevector(a, b, 7, 0, 2, 5) * a + b;
}
static double elements(const double *x) {
  v4 a = load4(x), b = load4(x + 2);
  double s = 0;
  for (int i = 0; i < 5; ++i) {
    a = blend(a, b, i) / (b * b + 1);
    s += sum4(a) + a[i & 3];
  }
  return s;
}
FUNCTIONAL(elements, 6)

static double selected(const double *x) {
  v4 a = load4(x), b = load4(x + 1);
  l4 more = a > b, mask = a < 1.0;
  v4 c = (v4)(((l4)(a * b) & more) | ((l4)(a - b * b) & ~more));
  v4 d = (v4)((l4)c & mask);
  return sum4(c) + sum4(d * b);
}
FUNCTIONAL(selected, 5)

static void converted(const double *x, double *y) {
  v4 a = load4(x), b = load4(x + 4);
  f4 f = __builtin_convertvector(a, f4), g = __builtin_convertvector(b, f4);
  f8 h = __builtin_shufflevector(f, g, 0, 5, 2, 7, 4, 1, 6, 3) * 2.0f;
  f4 low = __builtin_shufflevector(h, h, 0, 1, 2, 3);
  v4 wide = __builtin_convertvector(low * g, v4) * a;
  memcpy(y, &wide, sizeof wide);
}
MAP(converted, 8, 4, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)

static void memory(const double *x, double *y) {
  v4 table[3];
  for (int i = 0; i < 3; ++i)
    table[i] = load4(x + i) * (double)(i + 1);
  v2 *halves = (v2 *)table;
  halves[1] *= halves[4];
  double *single = (double *)table;
  single[5] = single[2] * single[7];
  v4 r = table[0] * table[1] + table[2];
  for (int i = 0; i < 4; ++i)
    y[i] = r[i];
}
MAP(memory, 6, 4)

static double intrinsics(const double *x) {
  v4 a = load4(x), b = load4(x + 4);
  v4 s = __builtin_elementwise_sin(a) * __builtin_elementwise_exp(b);
  s += __builtin_elementwise_max(a, b) * __builtin_elementwise_min(a, b * b);
  s -= __builtin_elementwise_sqrt(a) * __builtin_elementwise_pow(a, b);
  s *= __builtin_elementwise_fma(a, b, s) + __builtin_elementwise_abs(a - b);
  return sum4(s) + __builtin_reduce_maximum(a) * __builtin_reduce_minimum(b);
}
FUNCTIONAL(intrinsics, 8, .tolerance = 1e-5)

//===-- Loops -------------------------------------------------------------===//

#pragma float_control(push)
#pragma clang fp reassociate(on)
NOINLINE static double dot(const double *a, const double *b, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += a[i] * b[i];
  return s;
}
NOINLINE static double product(const double *a, int n) {
  double p = 1;
  for (int i = 0; i < n; ++i)
    p *= 0.5 + a[i];
  return p;
}
#pragma float_control(pop)
static double reduced(const double *x) {
  return dot(x, x + 2, 37) * product(x, 19);
}
extern double __enzyme_fwddiff_number(void *, ...);
// Sums may be rounded in another way when they are differentiated, so this is
// not for FUNCTIONAL.
static void ownChecks(void) {
  double x[39], dx[39] = {0}, direction[39], forward = 0;
  for (int i = 0; i < 39; ++i)
    x[i] = randomIn(0.5, 1.5), direction[i] = randomIn(-1, 1);
  __enzyme_autodiff((void *)reduced, enzyme_dup, x, dx);
  double s = dot(x, x + 2, 37), p = product(x, 19);
  for (int i = 0; i < 39; ++i) {
    double sum = (i < 37 ? x[i + 2] : 0) + (i > 1 ? x[i - 2] : 0);
    EXPECT(dx[i], p * sum + (i < 19 ? s * p / (0.5 + x[i]) : 0));
    forward += dx[i] * direction[i];
  }
  EXPECT(__enzyme_fwddiff_number((void *)reduced, enzyme_dup, x, direction),
         forward);
}

__attribute__((optnone)) static int length(void) { return 37; }

static double largest(const double *x) {
  double m = 0, k = 9;
  int n = length();
  for (int i = 0; i < n; ++i) {
    m = x[i] > m ? x[i] : m;
    k = x[i] < k ? x[i] : k;
  }
  return m * m * k;
}
FUNCTIONAL(largest, 37)

// Masked stores and loads where the processor has them.
static void conditional(const double *x, double *y) {
  int n = length();
  for (int i = 0; i < n; ++i)
    if (x[i] > 1)
      y[i] = x[i] * x[i] + y[i];
}
MAP(conditional, 37, 37)

// Gathers.
static double gathered(const double *x) {
  int n = length(), index[37];
  for (int i = 0; i < n; ++i)
    index[i] = i * 7 % 37;
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += x[index[i]] * x[i];
  return s;
}
FUNCTIONAL(gathered, 37)

// Strided accesses, which are shuffled apart.
static void complexProducts(const double *x, double *y) {
  for (int i = 0; i < 16; ++i) {
    y[2 * i] = x[2 * i] * x[2 * i + 1] - y[2 * i];
    y[2 * i + 1] = x[2 * i] - x[2 * i + 1] * y[2 * i + 1];
  }
}
MAP(complexProducts, 32, 32)

static void singles(const double *x, double *y) {
  float a[40], b[40];
  for (int i = 0; i < 40; ++i)
    a[i] = x[i];
  for (int i = 0; i < 40; ++i)
    b[i] = a[i] * a[39 - i] + (i & 1 ? a[i] : 2.0f);
  for (int i = 0; i < 40; ++i)
    y[i] = b[i] * b[i];
}
MAP(singles, 40, 40, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)

// Straight-line code that the SLP vectoriser joins.
static void unrolled(const double *x, double *y) {
  y[0] = x[0] * x[4] + x[8];
  y[1] = x[1] * x[5] + x[9];
  y[2] = x[2] * x[6] + x[10];
  y[3] = x[3] * x[7] + x[11];
  y[4] = sqrt(x[0]) - x[3];
  y[5] = sqrt(x[1]) - x[2];
  y[6] = sqrt(x[2]) - x[1];
  y[7] = sqrt(x[3]) - x[0];
}
MAP(unrolled, 12, 8)
