// Integer arithmetic on the bits of a float that becomes a float again: nothing is
// known of its derivative, least of all that it is zero.
// DEFINE: %{way} =
// DEFINE: %{refused} = not %clang -w -c -fpass-plugin=%plugin -DWAY=%{way} %s -o %t.o 2>&1
// DEFINE: %{levels} = \
// DEFINE:   %{refused} -O0 | FileCheck %s && %{refused} -O1 | FileCheck %s && \
// DEFINE:   %{refused} -O2 | FileCheck %s && \
// DEFINE:   %{refused} -O2 -fno-strict-aliasing | FileCheck %s
// REDEFINE: %{way} = 0
// RUN: %{levels}
// REDEFINE: %{way} = 1
// RUN: %{levels}
// REDEFINE: %{way} = 2
// RUN: %{levels}
// REDEFINE: %{way} = 3
// RUN: %{levels}
// REDEFINE: %{way} = 4
// RUN: %{levels}
// REDEFINE: %{way} = 5
// RUN: %{levels}
// CHECK: error: {{a float is made from integer arithmetic on the bits of an active float|no derivative rule for this active instruction}} [unsupported-instruction]
#include <stdint.h>
#include <string.h>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

#if WAY == 0 // An approximate inverse square root,
static double f(const double *x) {
  int64_t i;
  double y = x[0];
  memcpy(&i, &y, 8);
  i = 0x5fe6eb50c7b537a9 - (i >> 1);
  memcpy(&y, &i, 8);
  return y * x[1];
}
#elif WAY == 1 // several of them, in memory.
static double f(const double *x) {
  float y[3];
  for (int i = 0; i < 3; ++i) {
    float v = x[i % 2];
    int32_t b;
    memcpy(&b, &v, 4);
    b = 0x5f3759df - (b >> 1);
    memcpy(&y[i], &b, 4);
  }
  return y[0] * y[1] + y[2];
}
#elif WAY == 2 // An approximate logarithm: the bits as a number.
static double f(const double *x) {
  float v = x[0];
  uint32_t b;
  memcpy(&b, &v, 4);
  return b * 1.1920928955078125e-7 - 126.94269504;
}
#elif WAY == 3 // The fraction as a number.
static double f(const double *x) {
  int64_t i;
  double y = x[0] * x[1];
  memcpy(&i, &y, 8);
  return (i & 0x000fffffffffffff) * 0x1p-52;
}
#elif WAY == 4 // By functions of their own.
__attribute__((noinline)) static int64_t key(double x) {
  int64_t b;
  memcpy(&b, &x, 8);
  return b ^ (int64_t)((uint64_t)(b >> 63) >> 1);
}
__attribute__((noinline)) static double value(int64_t b) {
  b ^= (int64_t)((uint64_t)(b >> 63) >> 1);
  double x;
  memcpy(&x, &b, 8);
  return x;
}
static double f(const double *x) {
  int64_t a = key(x[0]), b = key(x[1]);
  return value(a < b ? a : b) * x[1];
}
#else // Sorted as integers, and back.
static int64_t turned(int64_t b) {
  return b ^ (int64_t)((uint64_t)(b >> 63) >> 1);
}
static double f(const double *x) {
  int64_t k[3];
  for (int i = 0; i < 3; ++i) {
    double v = x[i];
    int64_t b;
    memcpy(&b, &v, 8);
    k[i] = turned(b);
  }
  for (int i = 1; i < 3; ++i)
    for (int j = i; j > 0 && k[j] < k[j - 1]; --j) {
      int64_t t = k[j];
      k[j] = k[j - 1];
      k[j - 1] = t;
    }
  double y[3];
  for (int i = 0; i < 3; ++i) {
    int64_t b = turned(k[i]);
    memcpy(&y[i], &b, 8);
  }
  return y[0] * y[1] * y[1] + y[2];
}
#endif

void gradient(double *x, double *dx) {
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx);
}
