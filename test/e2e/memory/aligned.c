// posix_memalign hands the memory over through a pointer: into variables, arrays
// of pointers and structs, with alignments known and unknown, and refuses some.
// RUN: %check %s %t

#define OWN_CHECKS
#define _GNU_SOURCE
#include "../Inputs/check.h"
#include <errno.h>
#include <malloc.h>
#include <stdint.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static void powers(double *p, int n, double x) {
  for (int i = 0; i < n; ++i)
    p[i] = i ? p[i - 1] * x : x;
}

static double variable(const double *x) {
  double *p, *q;
  if (posix_memalign((void **)&p, 64, 6 * sizeof *p))
    return 0;
  powers(p, 6, x[0]);
  if (posix_memalign((void **)&q, sizeof(void *), 3 * sizeof *q))
    return 1;
  for (int i = 0; i < 3; ++i)
    q[i] = p[i] * p[5 - i] * x[1];
  free(p);
  double s = q[0] * q[1] - q[2];
  free(q);
  return s;
}
FUNCTIONAL(variable, 2)

NOINLINE static double *allocate(size_t alignment, int n) {
  void *p = 0;
  return posix_memalign(&p, alignment, n * sizeof(double)) ? 0 : p;
}
static void wrapped(const double *x, double *y) {
  double *rows[3];
  for (int i = 0; i < 3; ++i) {
    rows[i] = allocate(16 << i, i + 2);
    powers(rows[i], i + 2, x[i]);
  }
  for (int i = 0; i < 3; ++i)
    y[i] = rows[i][1] * rows[(i + 1) % 3][0];
  for (int i = 0; i < 3; ++i)
    free(rows[i]);
}
MAP(wrapped, 3, 3)

struct Matrix {
  int n;
  double *data;
};
NOINLINE static int make(struct Matrix *m, int n) {
  m->n = n;
  return posix_memalign((void **)&m->data, 32, n * n * sizeof *m->data);
}
static double member(const double *x) {
  struct Matrix m;
  if (make(&m, 3))
    return 0;
  for (int i = 0; i < m.n * m.n; ++i)
    m.data[i] = x[i % 3] * (i + 1);
  double s = 0;
  for (int i = 0; i < m.n; ++i)
    s += m.data[i * m.n + i] * m.data[i];
  free(m.data);
  return s;
}
FUNCTIONAL(member, 3)

// An alignment that posix_memalign does not take; AddressSanitizer would stop.
#if !__has_feature(address_sanitizer)
static double refused(const double *x) {
  double local = x[0] * x[0];
  void *p = &local;
  for (size_t alignment = 4; alignment < 40; alignment *= 3) {
    int code = posix_memalign(&p, alignment, 8);
    if (code != EINVAL || p != &local)
      return 0;
  }
  return *(double *)p * x[1];
}
FUNCTIONAL(refused, 2)
#endif

static double others(const double *x) {
  double *p[3] = {aligned_alloc(32, 32), memalign(16, 32), valloc(32)};
  double s = 0;
  for (int i = 0; i < 3; ++i) {
    powers(p[i], 4, x[i]);
    s += p[i][3] * x[(i + 1) % 3];
    free(p[i]);
  }
  return s;
}
FUNCTIONAL(others, 3)

extern double __enzyme_autodiff_scalar(void *, double);
static double alignedTo(double x) {
  double *p;
  posix_memalign((void **)&p, 256, 16);
  p[1] = x * x;
  double r = (uintptr_t)p % 256 ? 0 : p[1] * x;
  free(p);
  return r;
}
static void ownChecks(void) {
  EXPECT(__enzyme_autodiff_scalar((void *)alignedTo, 2), 12);
}
