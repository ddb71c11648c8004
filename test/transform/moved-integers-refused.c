// Doubles that other functions handle as integers, where that cannot be followed: an
// error, whichever of the functions knows of the doubles, with types (-g) and without.
// DEFINE: %{way} =
// DEFINE: %{refused} = not %clang -w -fno-strict-aliasing -c \
// DEFINE:   -fpass-plugin=%plugin -DWAY=%{way} %s -o %t.o 2>&1
// DEFINE: %{levels} = \
// DEFINE:   %{refused} -O0 | FileCheck %s && %{refused} -O0 -g | FileCheck %s && \
// DEFINE:   %{refused} -O1 | FileCheck %s && %{refused} -O2 -g | FileCheck %s
// REDEFINE: %{way} = 0
// RUN: %{levels}
// REDEFINE: %{way} = 1
// RUN: %{levels}
// RUN: %{refused} -O1 -g | FileCheck %s --check-prefix=RECURSIVE
// REDEFINE: %{way} = 2
// RUN: %{levels}
// REDEFINE: %{way} = 3
// RUN: %{levels}
// REDEFINE: %{way} = 4
// RUN: %{levels}
// REDEFINE: %{way} = 5
// RUN: %{levels}
// REDEFINE: %{way} = 6
// RUN: %{levels}
// REDEFINE: %{way} = 7
// RUN: %{levels}
// CHECK: error: {{.*}}[{{unsupported-instruction|unknown-type}}]
// RECURSIVE: moved-integers-refused.c{{.*}}error: 'sort' moves bytes as integers that are used as floats elsewhere{{.*}}[unknown-type]
#include <stdlib.h>
#include <string.h>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

#define NOINLINE __attribute__((noinline))

#if WAY == 0 // By minima and maxima.
NOINLINE static void sort(long *a, int n) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j + 1 < n; ++j) {
      long p = a[j], q = a[j + 1];
      a[j] = p < q ? p : q;
      a[j + 1] = p < q ? q : p;
    }
}
#elif WAY == 1 // Recursive: cannot be inlined.
NOINLINE static void sort(long *a, int n) {
  int last = 0;
  if (n < 2)
    return;
  for (int i = 0; i < n - 1; ++i)
    if (a[i] < a[n - 1]) {
      long t = a[i];
      a[i] = a[last];
      a[last++] = t;
    }
  long t = a[last];
  a[last] = a[n - 1];
  a[n - 1] = t;
  sort(a, last);
  sort(a + last + 1, n - last - 1);
}
#elif WAY == 2 // The caller is the one that does not know.
static void sort(long *a, int n) {
  for (int i = 0; i + 1 < n; ++i) {
    long p = a[i], q = a[i + 1];
    a[i] = p < q ? p : q;
    a[i + 1] = p < q ? q : p;
  }
}
#elif WAY == 3 // Far away.
NOINLINE static void twice(long *a) { *a += 1l << 51; }
NOINLINE static void h1(void *a) { twice(a); }
NOINLINE static void h2(void *a) { h1(a); }
NOINLINE static void h3(void *a) { h2(a); }
NOINLINE static void h4(void *a) { h3(a); }
NOINLINE static void sort(void *a, int n) { h4(a); }
#elif WAY == 4 // By a pointer that lies in memory.
struct longs {
  long n, *at;
};
NOINLINE static void scale(struct longs *l) {
  for (int i = 0; i < l->n; ++i)
    l->at[i] += 1l << 51;
}
NOINLINE static void sort(long *a, int n) {
  struct longs l = {n, a};
  scale(&l);
}
#elif WAY == 5 // Keys, in memory of integers.
NOINLINE static void encode(const double *x, unsigned long *key, int n) {
  for (int i = 0; i < n; ++i) {
    unsigned long k;
    memcpy(&k, x + i, 8);
    key[i] = k + (1ul << 51);
  }
}
NOINLINE static void decode(double *x, const unsigned long *key, int n) {
  for (int i = 0; i < n; ++i)
    memcpy(x + i, key + i, 8);
}
static void sort(void *a, int n) {
  unsigned long *key = malloc(n * sizeof *key);
  encode(a, key, n);
  decode(a, key, n);
  free(key);
}
#elif WAY == 6 // Bytes in another order.
NOINLINE static void sort(void *a, int n) {
  unsigned char *bytes = a;
  for (int i = 0; i < 4; ++i) {
    unsigned char t = bytes[i];
    bytes[i] = bytes[7 - i];
    bytes[7 - i] = t;
  }
}
#elif WAY == 7 // Atomic.
NOINLINE static void sort(void *a, int n) {
  __atomic_fetch_xor((long *)a, 1l << 63, __ATOMIC_RELAXED);
  __atomic_fetch_and((long *)a, ~(1l << 63), __ATOMIC_RELAXED);
}
#endif

NOINLINE static void square(const double *x, double *a) {
  for (int i = 0; i < 3; ++i)
    a[i] = x[i] * x[i];
}
NOINLINE static double weigh(const double *a) {
  return a[0] + 2 * a[1] + 3 * a[2];
}
static double f(const double *x) {
  long a[3];
  square(x, (double *)a);
  sort((void *)a, 3);
  return weigh((double *)a);
}
void gradient(double *x, double *dx) {
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx);
}
