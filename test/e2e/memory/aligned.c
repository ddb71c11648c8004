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

// With the address that malloc gave in front of the rounded one, as Eigen does.
static void *allocateByHand(size_t size, size_t alignment) {
  char *original = malloc(size + alignment);
  if (!original)
    return 0;
  char *aligned = (char *)(((uintptr_t)original & -alignment) + alignment);
  ((void **)aligned)[-1] = original;
  return aligned;
}
static void freeByHand(void *aligned) {
  if (aligned)
    free(((void **)aligned)[-1]);
}
// What is moved lies at the old distance, and belongs at the new one.
static void *growByHand(void *old, size_t size, size_t alignment) {
  char *original = ((void **)old)[-1];
  ptrdiff_t distance = (char *)old - original;
  original = realloc(original, size + alignment);
  char *aligned = (char *)(((uintptr_t)original & -alignment) + alignment);
  if (aligned != original + distance)
    memmove(aligned, original + distance, size);
  ((void **)aligned)[-1] = original;
  return aligned;
}
static double byHand(const double *x) {
  double *p = allocateByHand(5 * sizeof *p, 32), *q = 0;
  powers(p, 5, x[0]);
  if (x[1] > 0)
    q = allocateByHand(3 * sizeof *q, 64);
  for (int i = 0; q && i < 3; ++i)
    q[i] = p[i] * p[4 - i] * x[1];
  double s = p[4] + (q ? q[0] * q[2] - q[1] : 0);
  freeByHand(p);
  freeByHand(q);
  return s;
}
FUNCTIONAL(byHand, 2)

static double inLocal(const double *x) {
  char room[6 * sizeof(double) + 63];
  double *p = (double *)(((uintptr_t)room + 63) & ~(uintptr_t)63);
  powers(p, 6, x[0]);
  return p[5] * p[1] + x[1];
}
FUNCTIONAL(inLocal, 2)
