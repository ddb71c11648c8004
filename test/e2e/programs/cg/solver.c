//===- solver.c - Sparse matrices -----------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Conjugate gradients with a choice of preconditioners.
//
//===----------------------------------------------------------------------===//

#include "sparse.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

void multiply(const struct Matrix *m, const double *x, double *y) {
  for (int i = 0; i < m->n; ++i) {
    double sum = 0;
    for (int k = m->begin[i]; k < m->begin[i + 1]; ++k)
      sum += m->value[k] * x[m->column[k]];
    y[i] = sum;
  }
}

double dot(const double *x, const double *y, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += x[i] * y[i];
  return sum;
}

/// y += a x
static void axpy(double a, const double *x, double *y, int n) {
  for (int i = 0; i < n; ++i)
    y[i] += a * x[i];
}

static const double *entryAt(const struct Matrix *m, const double *values,
                             int row, int column) {
  for (int k = m->begin[row]; k < m->begin[row + 1]; ++k)
    if (m->column[k] == column)
      return &values[k];
  return NULL;
}

/// The lower factor of an incomplete Cholesky decomposition without fill-in,
/// with the matrix's own pattern.
static double *factorise(const struct Matrix *m) {
  double *l = malloc(m->begin[m->n] * sizeof *l);
  memcpy(l, m->value, m->begin[m->n] * sizeof *l);
  for (int i = 0; i < m->n; ++i)
    for (int k = m->begin[i]; k < m->begin[i + 1] && m->column[k] <= i; ++k) {
      int j = m->column[k];
      double sum = l[k];
      for (int q = m->begin[i]; m->column[q] < j; ++q) {
        const double *other = entryAt(m, l, j, m->column[q]);
        if (other)
          sum -= l[q] * *other;
      }
      l[k] = i == j ? sqrt(sum) : sum / *entryAt(m, l, j, j);
    }
  return l;
}

/// z = (L L^T)^-1 r
static void solveFactors(const struct Matrix *m, const double *l,
                         const double *r, double *z) {
  for (int i = 0; i < m->n; ++i) {
    double sum = r[i];
    int k = m->begin[i];
    for (; m->column[k] < i; ++k)
      sum -= l[k] * z[m->column[k]];
    z[i] = sum / l[k];
  }
  for (int i = m->n; i-- > 0;) {
    z[i] /= *entryAt(m, l, i, i);
    for (int k = m->begin[i]; m->column[k] < i; ++k)
      z[m->column[k]] -= l[k] * z[i];
  }
}

static void precondition(const struct Matrix *m, enum Preconditioner kind,
                         const double *factor, const double *r, double *z) {
  switch (kind) {
  case NONE:
    memcpy(z, r, m->n * sizeof *z);
    break;
  case DIAGONAL:
    for (int i = 0; i < m->n; ++i)
      z[i] = r[i] / *entryAt(m, m->value, i, i);
    break;
  case CHOLESKY:
    solveFactors(m, factor, r, z);
    break;
  }
}

struct Report solve(const struct Matrix *m, const double *b, double *x,
                    enum Preconditioner kind, double tolerance, int limit) {
  int n = m->n;
  double *work = malloc(4 * n * sizeof *work);
  double *r = work, *z = r + n, *p = z + n, *q = p + n;
  double *factor = kind == CHOLESKY ? factorise(m) : NULL;
  multiply(m, x, q);
  for (int i = 0; i < n; ++i)
    r[i] = b[i] - q[i];
  precondition(m, kind, factor, r, z);
  for (int i = 0; i < n; ++i)
    p[i] = z[i];
  double old = dot(r, z, n);
  struct Report report = {0, 0};
  while (report.iterations < limit) {
    multiply(m, p, q);
    double a = old / dot(p, q, n);
    axpy(a, p, x, n);
    axpy(-a, q, r, n);
    ++report.iterations;
    if (dot(r, r, n) < tolerance * tolerance)
      break;
    precondition(m, kind, factor, r, z);
    double now = dot(r, z, n);
    for (int i = 0; i < n; ++i)
      p[i] = z[i] + now / old * p[i];
    old = now;
  }
  report.residual = sqrt(dot(r, r, n));
  free(factor);
  free(work);
  return report;
}
