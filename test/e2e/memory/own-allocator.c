// An allocator of the user's own, registered, with the size as its second operand.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

__attribute__((noinline, optnone)) static void *pool_take(int flags, size_t bytes) {
  return malloc(bytes + flags);
}
__attribute__((noinline, optnone)) static void pool_give(void *p) {
  free(p);
}
__attribute__((used)) static void *__enzyme_allocation_like_pool[4] = {
    (void *)pool_take, (void *)1, (void *)"-1", (void *)pool_give};

double pooled(const double *x) {
  double s = x[0];
  for (int i = 1; i < 4; ++i) {
    double *p = pool_take(8, i * sizeof *p);
    for (int k = 0; k < i; ++k)
      p[k] = s * x[k] + k;
    for (int k = 0; k < i; ++k)
      s += p[k] * p[i - 1 - k] * 0.1;
    pool_give(p);
  }
  return s;
}
FUNCTIONAL(pooled, 4)

struct matrix {
  int n;
  double *rows[3];
};
NOINLINE static void fill(struct matrix *m, const double *x) {
  m->n = 3;
  for (int i = 0; i < 3; ++i) {
    m->rows[i] = pool_take(0, 3 * sizeof(double));
    for (int j = 0; j < 3; ++j)
      m->rows[i][j] = x[i] * x[j] + (i == j);
  }
}
NOINLINE static double determinant(struct matrix *m) {
  double d = 1;
  for (int k = 0; k < m->n; ++k) {
    d *= m->rows[k][k];
    for (int i = k + 1; i < m->n; ++i)
      for (int j = m->n - 1; j >= k; --j)
        m->rows[i][j] -= m->rows[i][k] / m->rows[k][k] * m->rows[k][j];
  }
  return d;
}
double volume(const double *x) {
  struct matrix m;
  fill(&m, x);
  double d = determinant(&m);
  for (int i = 0; i < 3; ++i)
    pool_give(m.rows[i]);
  return d;
}
FUNCTIONAL(volume, 3)
