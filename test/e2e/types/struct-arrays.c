// A constant number of structs on the heap, copied as a whole: pointers, integers and
// floats that repeat as far as loops run over them, by members that point to one
// another, forwards and backwards.
// RUN: %check %s %t

#include "../Inputs/check.h"

typedef struct {
  double value;
  double *link;
  long id;
  double weight;
} Node;
enum { N = 4 };

__attribute__((noinline)) static void fill(Node *nodes, const double *x) {
  for (int i = 0; i < N; ++i)
    nodes[i] = (Node){x[i] * x[0], &nodes[(i + 1) % N].value, i + 1, x[i]};
}

static double follow(const Node *nodes) {
  double sum = 0;
  for (int i = 0; i < N; ++i)
    sum += *nodes[i].link * nodes[i].weight * nodes[i].id;
  return sum;
}

double linked(const double *x) {
  Node *a = malloc(N * sizeof *a), *b = malloc(N * sizeof *b);
  fill(a, x);
  memcpy(b, a, N * sizeof *a);
  for (int i = N - 1; i >= 0; --i)
    b[i].value *= x[1];
  for (int i = 0; i < N; ++i) {
    Node t = a[i];
    a[i] = b[N - 1 - i];
    b[N - 1 - i] = t;
  }
  double result = follow(a) * follow(b);
  free(a);
  free(b);
  return result;
}
FUNCTIONAL(linked, N)

typedef struct {
  double value;
  long id;
} Pair;

double backwards(const double *x) {
  Pair *a = malloc(5 * sizeof *a), *b = malloc(5 * sizeof *b);
  for (int i = 0; i < 5; ++i) {
    a[i].id = i;
    a[i].value = x[i % 3] * i;
  }
  memcpy(b, a, 5 * sizeof *a);
  double sum = 0;
  for (int i = 4; i >= 0; --i)
    sum = sum * x[0] + b[i].value * b[i].id;
  free(a);
  free(b);
  return sum;
}
FUNCTIONAL(backwards, 3)

// Elements with padding.
double extended(const double *x) {
  long double *a = malloc(4 * sizeof *a), *b = malloc(4 * sizeof *b), sum = 0;
  for (int i = 0; i < 4; ++i)
    a[i] = x[i];
  memcpy(b, a, 4 * sizeof *a);
  for (int i = 0; i < 4; ++i)
    sum += b[i] * b[i];
  free(a);
  free(b);
  return sum;
}
FUNCTIONAL(extended, 4)
