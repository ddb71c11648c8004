// Memory that grows, shrinks and moves: realloc and reallocarray of arrays, of
// structs with pointers, of nothing, to nothing; values that the reverse sweep
// needs from a block that has moved since.
// RUN: %check %s %t

#define _GNU_SOURCE
#include "../Inputs/check.h"

// Doubled when full, as a user's vector does it.
double growing(const double *x) {
  double *a = NULL;
  int n = 0, capacity = 0;
  for (int i = 0; i < 10; ++i) {
    if (n == capacity) {
      capacity = capacity ? 2 * capacity : 1;
      a = (double *)realloc(a, capacity * sizeof *a);
    }
    a[n++] = x[i % 3] * i;
  }
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += a[i] * a[i];
  free(a);
  return s;
}
FUNCTIONAL(growing, 3)

// What is read before the block moves is read again on the way back.
double moves(const double *x) {
  double *a = (double *)malloc(2 * sizeof *a);
  a[0] = x[0] * x[1], a[1] = sin(x[1]);
  double s = a[0] * a[1];
  a = (double *)realloc(a, 4 * sizeof *a);
  a[2] = s * a[0], a[3] = a[1] * a[1];
  a[0] = a[2] * a[3];
  s += a[0] * a[1];
  a = (double *)realloc(a, 1 * sizeof *a);
  s *= a[0];
  free(a);
  return s;
}
FUNCTIONAL(moves, 2)

struct Entry {
  double weight;
  long next;
  double *value;
};
static struct Entry *append(struct Entry *e, int *n, double weight,
                            double *value) {
  e = (struct Entry *)reallocarray(e, *n + 1, sizeof *e);
  e[*n].weight = weight, e[*n].next = *n - 1, e[*n].value = value;
  ++*n;
  return e;
}
double entries(const double *x) {
  struct Entry *e = NULL;
  int n = 0;
  double cells[3] = {x[0] * x[0], exp(x[1]), x[2] / x[0]};
  for (int i = 0; i < 7; ++i)
    e = append(e, &n, x[i % 3] + i, &cells[i * i % 3]);
  *e[4].value *= 2;
  double s = 0;
  for (int i = n - 1; i >= 0; i = e[i].next)
    s = s * 0.5 + e[i].weight * *e[i].value;
  free(e);
  return s;
}
FUNCTIONAL(entries, 3)

// Rows that grow inside an array of rows that grows.
double rows(const double *x) {
  double **row = NULL, s = 0;
  for (int i = 0; i < 4; ++i) {
    row = (double **)realloc(row, (i + 1) * sizeof *row);
    row[i] = NULL;
    for (int k = 0; k <= i; ++k) {
      row[i] = (double *)realloc(row[i], (k + 1) * sizeof **row);
      row[i][k] = x[k] * x[i] + (k ? row[i][k - 1] : 1);
    }
    s += row[i][i] * row[0][0];
  }
  for (int i = 0; i < 4; ++i)
    free(row[i]);
  free(row);
  return s;
}
FUNCTIONAL(rows, 4)

// A block of the caller's, grown by the primal: the shadow must follow.
struct Buffer {
  double *data;
  int size;
};
static void push(struct Buffer *b, double v) {
  b->data = (double *)realloc(b->data, (b->size + 1) * sizeof(double));
  b->data[b->size++] = v;
}
double buffers(const double *x) {
  struct Buffer b = {NULL, 0}, c = {NULL, 0};
  for (int i = 0; i < 3; ++i)
    push(i % 2 ? &b : &c, x[i] * x[(i + 1) % 3]);
  push(&b, c.data[0] * c.data[1]);
  double s = b.data[0] * b.data[1];
  free(b.data), free(c.data);
  return s;
}
FUNCTIONAL(buffers, 3)
