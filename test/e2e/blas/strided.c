// Vectors whose elements are members of structs, among pointers and integers; the
// structs are copied.
// RUN: %check %s %t -lblas

#include "../Inputs/check.h"
#include "blas.h"
#include <cblas.h>

typedef struct {
  double value;
  const double *link;
  long id;
  double weight;
} Node;
enum { N = 4, Step = sizeof(Node) / sizeof(double) };

static double follow(const Node *nodes, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum += *nodes[i].link * nodes[i].weight * nodes[i].id;
  return sum;
}

__attribute__((noinline)) static void fill(Node *nodes, const double *x) {
  for (int i = 0; i < N; ++i)
    nodes[i] = (Node){x[i] * x[0], &x[(i + 1) % N], i + 1, x[N + i]};
}

void nodes(const double *x, double *y) {
  Node a[N], b[N];
  fill(a, x);
  y[0] = cblas_ddot(N, &a[0].value, Step, &a[0].weight, Step);
  memcpy(b, a, sizeof a);
  cblas_dscal(N, x[1], &b[0].value, Step);
  y[1] = cblas_dnrm2(N, &b[0].value, Step) + follow(b, N);
  Node last = b[N - 1];
  b[0] = last;
  y[2] += cblas_dasum(2, &b[0].value, 2 * Step) * *last.link;
}
MAP(nodes, 2 * N, 3)

// The same by Fortran's names, on the heap, with a distance that is a variable.
double fortran(const double *x) {
  int n = N, step = Step, one = 1;
  Node *a = malloc(N * sizeof *a), *b = malloc(N * sizeof *b);
  fill(a, x);
  memcpy(b, a, N * sizeof *a);
  double scale = x[2], values[N];
  daxpy_(&n, &scale, &a[0].weight, &step, &b[0].value, &step);
  dcopy_(&n, &b[0].value, &step, values, &one);
  for (int i = 0; i < N; ++i) {
    Node t = a[i];
    a[i] = b[N - 1 - i];
    b[N - 1 - i] = t;
  }
  double kept[N];
  memcpy(kept, values, sizeof kept);
  double result = ddot_(&n, kept, &one, &a[0].value, &step) + follow(a, N) * follow(b, N);
  free(a);
  free(b);
  return result;
}
FUNCTIONAL(fortran, 2 * N)
