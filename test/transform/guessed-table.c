// A function that touches nothing but a struct's array of floats, by a variable
// index, and copies the struct: that the rest are floats too must not be
// assumed. Debug info tells; without it the copy is refused.
// RUN: not %clang -O2 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -DMANY -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: byte 8 {{.*}}[unknown-type]
// RUN: %clang -O2 -g -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O2 -g -DMANY -fpass-plugin=%plugin %s -o %t && %t
// A loop that runs over all that is copied tells as well.
// RUN: %clang -O2 -DLOOP -fpass-plugin=%plugin %s -o %t && %t
#include <string.h>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

#ifdef LOOP
enum { N = 40 };
__attribute__((noinline)) static void copy(double *p, double *q) {
  for (int i = 0; i < N; ++i)
    q[i] = p[i] * p[i];
  memcpy(p, q, N * sizeof *p);
}
static double f(double *p, double *q) {
  copy(p, q);
  return p[N - 1] + q[N - 1];
}
int main(void) {
  double p[N], q[N] = {0}, dp[N] = {0}, dq[N] = {0};
  for (int i = 0; i < N; ++i)
    p[i] = i;
  __enzyme_autodiff((void *)f, enzyme_dup, p, dp, enzyme_dup, q, dq);
  return dp[N - 1] == 4 * (N - 1) && dp[0] == 0 ? 0 : 1;
}
#else
typedef struct {
  double a[4];
  float b;
  int n;
  double *x;
} S;
__attribute__((noinline)) static void copy(S *p, S *q, int n) {
  p->a[n] *= 2;
#ifdef MANY
  memcpy(p, q, n * sizeof *p);
#else
  memcpy(p, q, sizeof *p);
#endif
}
static double f(S *p, S *q, int n) {
  copy(p, q, n);
  return p->b * p->b + q->b + p->x[0] * p->x[0];
}
int main(int argc, char **argv) {
  double x = 3, dx = 0, y = 4, dy = 0;
  S p = {{0}, 5, 1, &y}, q = {{0}, 9, 1, &x};
  S dp = {{0}, 0, 0, &dy}, dq = {{0}, 0, 0, &dx};
  __enzyme_autodiff((void *)f, enzyme_dup, &p, &dp, enzyme_dup, &q, &dq, argc);
  return dq.b == 19 && dp.b == 0 && dx == 6 && dy == 0 ? 0 : 1;
}
#endif
