// Memory that global variables lead to when a derivative begins: what a derivative
// left there can be used by the next. Where its shadow cannot be found by address,
// the program stops, or is refused.
// RUN: %clang -O1 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O1 -DREGION -fopenmp -fpass-plugin=%plugin %s -o %t.region
// RUN: env OMP_NUM_THREADS=2 not --crash %t.region 2>&1 | FileCheck --check-prefix=STOP %s
// RUN: %clang -O1 -DREGISTERED -fpass-plugin=%plugin %s -o %t.registered
// RUN: not --crash %t.registered 2>&1 | FileCheck --check-prefix=STOP %s
// RUN: %clang -O1 -DATOMIC -fpass-plugin=%plugin %s -o %t.atomic
// RUN: not --crash %t.atomic 2>&1 | FileCheck --check-prefix=STOP %s
// RUN: not %clang -O1 -DRESULT -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=RESULT %s
// RUN: not %clang -O1 -DSECOND -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=SECOND %s
// STOP: linkgrad: stopped in a derivative: error: memory that a global variable led to
// STOP-SAME: [mixed-activity]
// RESULT: the result may be a pointer that lay in a global variable
// RESULT-SAME: [mixed-activity]
// SECOND: [unsupported-call]

#include <stdlib.h>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
double *__enzyme_fwddiff_pointer(void *, ...);

enum { N = 4 };
static double *buffer;
static int calls;

__attribute__((noinline)) static void square(double *b, int i) { b[i] *= b[i]; }

#ifdef REGISTERED
static void *forwards(double *b, double *db, int i) {
  square(b, i);
  return 0;
}
static void backwards(double *b, double *db, int i, void *tape) {}
void *__enzyme_register_gradient_square[] = {(void *)square, (void *)forwards,
                                             (void *)backwards};
#endif

static double f(const double *x) {
  ++calls;
  // Another block each time, but for the last.
  if (!buffer || calls % 3) {
    free(buffer);
    buffer = malloc(N * sizeof(double));
  }
  for (int i = 0; i < N; ++i)
    buffer[i] = x[i] * (i + 1);
#ifdef REGION
#pragma omp parallel for
  for (int i = 0; i < N; ++i)
    square(buffer, i);
#elif defined(ATOMIC)
  for (int i = 0; i < N; ++i)
    __atomic_fetch_add(&buffer[i], buffer[i] * buffer[i], __ATOMIC_RELAXED);
#else
  for (int i = 0; i < N; ++i)
    square(buffer, i);
#endif
  double s = 0;
  for (int i = 0; i < N; ++i)
    s += buffer[i];
  return s;
}

#ifdef RESULT
static double *result(const double *x) {
  f(x);
  return buffer;
}
double *d(double *x, double *dx) {
  return __enzyme_fwddiff_pointer((void *)result, enzyme_dup, x, dx);
}
#endif
#ifdef SECOND
static double first(const double *x) {
  double dx[N] = {1};
  return __enzyme_fwddiff((void *)f, enzyme_dup, x, dx);
}
double second(double *x, double *dx) {
  return __enzyme_fwddiff((void *)first, enzyme_dup, x, dx);
}
#endif

int main(void) {
  int failures = 0;
  double x[N] = {1, 2, 3, 4};
  for (int round = 0; round < 5; ++round) {
    double dx[N] = {0};
    __enzyme_autodiff((void *)f, enzyme_dup, x, dx);
    for (int i = 0; i < N; ++i) {
      double t[N] = {0}, wanted = 2 * x[i] * (i + 1) * (i + 1);
      t[i] = 1;
      failures += dx[i] != wanted;
      failures += __enzyme_fwddiff((void *)f, enzyme_dup, x, t) != wanted;
    }
  }
  return failures;
}
