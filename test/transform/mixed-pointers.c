// Pointers that are chosen at run time among memory with a shadow and memory
// without: what is read from the latter has no derivative, and it stays as it is.
// RUN: %clang -O0 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O1 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O2 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O2 -DMARKED -fpass-plugin=%plugin %s -o %t && %t
// RUN: not %clang -O2 -DSTORE -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clang -O2 -DPASS -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: a pointer that was chosen among memory with a shadow and memory without
// CHECK-SAME: [mixed-activity]

extern int enzyme_dup, enzyme_const, enzyme_runtime_activity;
double __enzyme_fwddiff(void *, ...);
void __enzyme_autodiff(void *, ...);

enum { N = 5 };
double table[N] = {0.5, 0.25, 2, 4, 8};
struct Link {
  double *values;
};

__attribute__((noinline)) static double callee(const double *p, int i) {
  return p[i] * p[i];
}

__attribute__((noinline)) static double *element(double *p, int i) {
  return p + i;
}

/// Chosen once, in a loop, walking, by a global variable, through a pointer in
/// memory, by a function; and read where nothing is chosen.
static double f(double *a, const double *b, struct Link *la,
                const struct Link *lb, int bits) {
  double s = 0;
  for (int k = 0; k < 3; ++k) {
    const double *p = bits >> k & 1 ? a : b;
    s += p[k + 1] * a[k];
  }
  const double *walk = bits & 2 ? b : a;
  for (int k = 0; k < N; ++k)
    s += *walk * *walk, ++walk;
  const double *q = bits & 4 ? a : table;
  s += q[bits & 1] * a[0];
  const struct Link *link = bits & 1 ? lb : la;
  s += link->values[2] * a[1];
  const double *r = bits & 2 ? element(a, bits & 1) : b;
  s += *r * *r;
  s += *b * a[2] + *table * a[3] + *lb->values;
#ifdef STORE
  *(double *)(bits & 4 ? a : b) = s;
#endif
#ifdef PASS
  s += callee(q, bits & 1);
#endif
  return s;
}

static double at(const double *a, const double *b, int bits) {
  struct Link la = {(double *)a}, lb = {(double *)b};
  return f((double *)a, b, &la, &lb, bits);
}

int main(void) {
  int failures = 0;
  for (int bits = 0; bits < 8; ++bits) {
    double a[N] = {1, 2, 3, 4, 5}, b[N] = {7, 8, 9, 10, 11}, da[N] = {0};
    struct Link la = {a}, lb = {b}, dla = {da};
#ifdef MARKED
    __enzyme_autodiff((void *)f, enzyme_runtime_activity, enzyme_dup, a, da,
                      enzyme_const, b, enzyme_dup, &la, &dla, enzyme_const, &lb,
                      enzyme_const, bits);
#else
    __enzyme_autodiff((void *)f, enzyme_dup, a, da, enzyme_const, b, enzyme_dup,
                      &la, &dla, enzyme_const, &lb, enzyme_const, bits);
#endif
    for (int i = 0; i < N; ++i) {
      double t[N] = {0};
      struct Link tl = {t};
      t[i] = 1;
      double forward = __enzyme_fwddiff((void *)f, enzyme_dup, a, t, enzyme_const,
                                        b, enzyme_dup, &la, &tl, enzyme_const,
                                        &lb, enzyme_const, bits);
      // The function is quadratic: central differences are exact.
      double up[N] = {1, 2, 3, 4, 5}, down[N] = {1, 2, 3, 4, 5};
      up[i] += 0.5, down[i] -= 0.5;
      double wanted = at(up, b, bits) - at(down, b, bits);
      failures += da[i] != wanted || forward != wanted;
      failures += b[i] != i + 7 || a[i] != i + 1 || table[0] != 0.5;
    }
  }
  return failures;
}
