// malloc, calloc and free: buffers in loops, in callees, freed where they are
// used and elsewhere, of a size that depends on data; none may leak.
// RUN: %check %s %t

#include "../Inputs/check.h"

double buffer(const double *x) {
  double *p = malloc(4 * sizeof *p);
  for (int i = 0; i < 4; ++i)
    p[i] = x[i] * x[i];
  for (int i = 1; i < 4; ++i)
    p[i] *= p[i - 1];
  double s = p[3] + p[1];
  free(p);
  return s;
}
FUNCTIONAL(buffer, 4)

double bufferInLoop(const double *x) {
  double s = 1;
  for (int n = 1; n < 6; ++n) {
    double *p = malloc(n * sizeof *p);
    for (int i = 0; i < n; ++i)
      p[i] = x[i % 3] * s;
    for (int i = 0; i < n; ++i)
      s += sin(p[i]) * p[n - 1 - i] * 0.1;
    free(p);
  }
  return s;
}
FUNCTIONAL(bufferInLoop, 3)

__attribute__((noinline)) static double *make(const double *x, int n) {
  double *p = calloc(n, sizeof *p);
  for (int i = 0; i < n; i += 2)
    p[i] = x[i % 3];
  return p;
}
__attribute__((noinline)) static void drop(double *p) { free(p); }
__attribute__((noinline)) static double use(const double *p, int n) {
  double s = 0;
  for (int i = 0; i + 1 < n; ++i)
    s += (p[i] + 1) * (p[i + 1] + 2);
  return s * s;
}
double madeElsewhere(const double *x) {
  double s = 0;
  for (int k = 2; k < 6; ++k) {
    double *p = make(x, k), *q = make(x + 1, k);
    p[1] = q[0] * x[0];
    s += use(p, k);
    drop(q);
    s *= 0.1 + p[0];
    drop(p);
  }
  return s;
}
FUNCTIONAL(madeElsewhere, 4)

// A buffer that outgrows itself.
double growing(const double *x) {
  int size = 0, room = 1;
  double *data = malloc(sizeof *data), v = x[0];
  while (v < 12) {
    if (size == room) {
      double *bigger = malloc(2 * room * sizeof *data);
      memcpy(bigger, data, size * sizeof *data);
      free(data);
      data = bigger;
      room *= 2;
    }
    data[size++] = v * v;
    v = v * 1.2 + x[1] * 0.3;
  }
  double s = 0;
  for (int i = 0; i < size; ++i)
    s = s * 0.5 + data[i] * data[size - 1 - i];
  free(data);
  return s;
}
FUNCTIONAL(growing, 2)

// Freed on one path only, early return on the other.
double paths(const double *x) {
  double *p = malloc(2 * sizeof *p);
  p[0] = x[0] * x[1];
  if (p[0] > 1) {
    double r = p[0] * p[0];
    free(p);
    return r;
  }
  p[1] = sin(p[0]);
  double *q = p[1] > 0.5 ? malloc(sizeof *q) : 0;
  if (q)
    *q = p[1] * 2;
  double r = q ? *q + p[0] : p[1];
  free(q); // may be null
  free(p);
  return r;
}
FUNCTIONAL(paths, 2)

struct Matrix {
  int rows, columns;
  double **row;
};
static struct Matrix *matrix(int rows, int columns) {
  struct Matrix *m = malloc(sizeof *m);
  m->rows = rows, m->columns = columns;
  m->row = malloc(rows * sizeof *m->row);
  for (int i = 0; i < rows; ++i)
    m->row[i] = calloc(columns, sizeof **m->row);
  return m;
}
static void discard(struct Matrix *m) {
  for (int i = 0; i < m->rows; ++i)
    free(m->row[i]);
  free(m->row);
  free(m);
}
double matrices(const double *x) {
  struct Matrix *a = matrix(3, 2), *b = matrix(2, 3), *c = matrix(3, 3);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 2; ++j) {
      a->row[i][j] = x[i * 2 + j];
      b->row[j][i] = x[i] * x[j];
    }
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 2; ++k)
        c->row[i][j] += a->row[i][k] * b->row[k][j];
  double trace = 0;
  for (int i = 0; i < 3; ++i)
    trace += c->row[i][i] * c->row[i][(i + 1) % 3];
  discard(a), discard(b), discard(c);
  return trace;
}
FUNCTIONAL(matrices, 6)
