// Structs that end in an array of as many elements as there is room for: grown
// by realloc, copied with their header, nested, and with one element as before
// C99.
//
// RUN: %check %s %t -g
// Without -g a function has to see for itself what it moves.
// RUN: %check %s %t -DGROWING --skip=-O0 --skip=-O3 --skip=valgrind

#include "../Inputs/check.h"

typedef struct {
  size_t length, capacity;
  double data[];
} Vector;

static __attribute__((noinline)) Vector *push(Vector *v, double x) {
  if (!v || v->length == v->capacity) {
    size_t capacity = v ? 2 * v->capacity : 2;
    Vector *grown = realloc(v, sizeof(Vector) + capacity * sizeof(double));
    if (!v)
      grown->length = 0;
    grown->capacity = capacity;
    v = grown;
  }
  v->data[v->length++] = x;
  return v;
}

double growing(const double *x) {
  Vector *v = NULL;
  for (int i = 0; i < 7; i++)
    v = push(v, x[i % 3] * (i + 1));
  double sum = 0;
  for (size_t i = 0; i < v->length; i++)
    sum += v->data[i] * v->data[v->length - 1 - i];
  free(v);
  return sum;
}
FUNCTIONAL(growing, 3)

#ifndef GROWING
typedef struct {
  double weight;
  int kind;
} Item;

typedef struct {
  double scale;
  double *offset;
  int count;
  Item items[];
} Table;

static __attribute__((noinline)) Table *copied(const Table *t) {
  size_t bytes = sizeof(Table) + t->count * sizeof(Item);
  Table *copy = malloc(bytes);
  memcpy(copy, t, bytes);
  return copy;
}

static __attribute__((noinline)) double total(const Table *t) {
  double sum = *t->offset;
  for (int i = 0; i < t->count; i++)
    sum += t->items[i].weight * t->items[i].weight * t->items[i].kind;
  return sum * t->scale;
}

double headers(const double *x) {
  double offset = x[0] * x[1];
  Table *t = malloc(sizeof(Table) + 5 * sizeof(Item));
  t->scale = x[2];
  t->offset = &offset;
  t->count = 5;
  for (int i = 0; i < 5; i++) {
    t->items[i].weight = x[i % 3] + i;
    t->items[i].kind = i - 1;
  }
  Table *copy = copied(t);
  t->items[3].weight = 0;
  copy->items[1].weight *= x[1];
  double sum = total(copy) + total(t);
  free(copy);
  free(t);
  return sum;
}
FUNCTIONAL(headers, 3)

// Header and elements of sizes that LLVM adds by an `or`.
typedef struct {
  double scale;
  long count;
  struct {
    double x[3];
    long weight;
  } points[];
} Cloud;

static __attribute__((noinline)) Cloud *doubled(const Cloud *c) {
  size_t bytes = sizeof(Cloud) + c->count * sizeof c->points[0];
  Cloud *copy = malloc(bytes);
  memcpy(copy, c, bytes);
  for (long i = 0; i < copy->count; i++)
    copy->points[i].x[1] *= 2;
  return copy;
}

double clouds(const double *x) {
  Cloud *c = malloc(sizeof(Cloud) + 3 * sizeof c->points[0]);
  c->scale = x[0];
  c->count = 3;
  for (int i = 0; i < 3; i++) {
    for (int k = 0; k < 3; k++)
      c->points[i].x[k] = x[k] * (i + 1);
    c->points[i].weight = i + 2;
  }
  Cloud *d = doubled(c);
  double sum = 0;
  for (int i = 0; i < 3; i++)
    sum +=
        d->points[i].x[1] * c->points[2 - i].x[2] * (double)d->points[i].weight;
  sum *= d->scale;
  free(c);
  free(d);
  return sum;
}
FUNCTIONAL(clouds, 3)

#ifdef __OPTIMIZE__ // Else the copy is of 40 bytes.
typedef struct {
  long length;
  double data[1];
} Old;

static __attribute__((noinline)) Old *oldCopy(const Old *from) {
  size_t bytes = sizeof(Old) + (from->length - 1) * sizeof(double);
  Old *to = malloc(bytes);
  memcpy(to, from, bytes);
  return to;
}

double beforeC99(const double *x) {
  long n = 4;
  Old *a = malloc(sizeof(Old) + (n - 1) * sizeof(double));
  a->length = n;
  for (long i = 0; i < n; i++)
    a->data[i] = x[i % 3] * x[(i + 1) % 3];
  Old *b = oldCopy(a);
  a->data[2] = 1;
  double sum = 0;
  for (long i = 0; i < b->length; i++)
    sum += b->data[i] * a->data[i] * (i + 1);
  free(a);
  free(b);
  return sum;
}
FUNCTIONAL(beforeC99, 3)
#endif
#endif
