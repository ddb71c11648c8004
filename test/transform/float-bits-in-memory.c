// Integer arithmetic on doubles that were copied into an array of integers, in a
// function that does not know: the caller copies them and asks what it calls.
// DEFINE: %{way} =
// DEFINE: %{refused} = not %clang -w -c -fpass-plugin=%plugin -DWAY=%{way} %s -o %t.o 2>&1
// DEFINE: %{levels} = \
// DEFINE:   %{refused} -O0 | FileCheck %s && %{refused} -O1 | FileCheck %s && \
// DEFINE:   %{refused} -O1 -fno-strict-aliasing | FileCheck %s
// REDEFINE: %{way} = 0
// RUN: %{levels}
// REDEFINE: %{way} = 1
// RUN: %{levels}
// CHECK: error: {{.*}}[{{unsupported-instruction|unknown-type}}]
#include <stdint.h>
#include <string.h>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

#define NOINLINE __attribute__((noinline))

#if WAY == 0 // Times 8, in an array of integers.
NOINLINE static void scale(uint64_t *bits, int n) {
  for (int i = 0; i < n; ++i)
    bits[i] += (uint64_t)3 << 52;
}
static double f(const double *x) {
  uint64_t bits[2];
  memcpy(bits, x, sizeof bits);
  scale(bits, 2);
  double v[2];
  memcpy(v, bits, sizeof v);
  return v[0] * v[1];
}
#else // Sorted as integers.
NOINLINE static void sort(int64_t *keys, int n) {
  for (int i = 1; i < n; ++i)
    for (int j = i; j > 0 && keys[j] < keys[j - 1]; --j) {
      int64_t t = keys[j];
      keys[j] = keys[j - 1];
      keys[j - 1] = t;
    }
}
static double f(const double *x) {
  int64_t keys[4];
  memcpy(keys, x, sizeof keys);
  sort(keys, 4);
  double v[4];
  memcpy(v, keys, sizeof v);
  return v[0] * v[1] + v[2] * v[3] * v[3];
}
#endif

void gradient(double *x, double *dx) {
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx);
}
