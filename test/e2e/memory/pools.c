// Memory managed by the program: a bump arena with marks, a free list of nodes in
// one block, a ring buffer, a stack of frames, aligned and page-aligned blocks.
// RUN: %check %s %t -g

#define _GNU_SOURCE
#include "../Inputs/check.h"
#include <stdint.h>

#define NOINLINE __attribute__((noinline))

// An arena of doubles: give out the next ones, and go back to a mark.
struct arena {
  double *base;
  size_t used, size;
};
NOINLINE static double *take(struct arena *a, size_t n) {
  double *p = a->base + a->used;
  a->used += n;
  return p;
}
NOINLINE static double convolve(struct arena *a, const double *u, const double *v, int n) {
  size_t mark = a->used;
  double *w = take(a, 2 * n - 1), s = 0;
  for (int i = 0; i < 2 * n - 1; ++i)
    w[i] = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      w[i + j] += u[i] * v[j];
  for (int i = 0; i < 2 * n - 1; ++i)
    s += w[i] * w[2 * n - 2 - i];
  a->used = mark; // the next call takes the same memory
  return s;
}
double arenas(const double *x) {
  struct arena a = {malloc(32 * sizeof(double)), 0, 32};
  double *u = take(&a, 3), *v = take(&a, 3);
  for (int i = 0; i < 3; ++i)
    u[i] = x[i], v[i] = x[i + 1] * x[0];
  double s = convolve(&a, u, v, 3) * x[3];
  u[1] = s * 0.1;
  s += convolve(&a, u, u, 3);
  free(a.base);
  return s;
}
FUNCTIONAL(arenas, 4)

// Nodes from a pool whose free ones form a list.
struct node {
  double value;
  struct node *next;
};
struct pool {
  struct node *free;
  struct node nodes[6];
};
NOINLINE static struct node *get(struct pool *p, double value, struct node *next) {
  struct node *n = p->free;
  p->free = n->next;
  n->value = value;
  n->next = next;
  return n;
}
NOINLINE static struct node *give(struct pool *p, struct node *n) {
  struct node *next = n->next;
  n->next = p->free;
  p->free = n;
  return next;
}
double pooled(const double *x) {
  struct pool p;
  p.free = 0;
  for (int i = 5; i >= 0; --i) {
    p.nodes[i].next = p.free;
    p.free = &p.nodes[i];
  }
  struct node *list = 0;
  double s = 1;
  for (int i = 0; i < 4; ++i)
    list = get(&p, x[i] * s, list), s += list->value;
  for (int i = 0; i < 2; ++i) {
    s += list->value * x[i];
    list = give(&p, list);
  }
  for (int i = 0; i < 3; ++i)
    list = get(&p, s * x[i], list);
  for (double w = 1; list; list = give(&p, list))
    s += w * list->value, w *= 0.5;
  return s;
}
FUNCTIONAL(pooled, 4)

// The last few values of a stream, for a moving average of a moving average.
struct ring {
  double *data;
  unsigned head, size;
};
NOINLINE static double slide(struct ring *r, double v) {
  r->data[r->head++ % r->size] = v;
  double s = 0;
  for (unsigned i = 0; i < r->size; ++i)
    s += r->data[i] * (1 + (r->head + i) % r->size);
  return s / r->size;
}
void streams(const double *x, double *y) {
  struct ring a = {calloc(3, sizeof(double)), 0, 3}, b = {calloc(2, sizeof(double)), 0, 2};
  for (int i = 0; i < 7; ++i) {
    double v = slide(&b, slide(&a, x[i]) * x[0]);
    if (i >= 4)
      y[i - 4] = v * y[i - 4];
  }
  free(a.data), free(b.data);
}
MAP(streams, 7, 3)
