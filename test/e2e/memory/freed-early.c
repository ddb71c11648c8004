// Memory that is gone before the reverse sweep: freed in callees, through double
// pointers, in loops of changing size, lists cut off at the front, a struct whose
// parts die one by one, a buffer that is swapped for a smaller one.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

struct list {
  double *values;
  int n;
  struct list *next;
};
NOINLINE static struct list *cons(const double *x, int n, struct list *next) {
  struct list *l = malloc(sizeof *l);
  l->values = malloc(n * sizeof *l->values);
  for (int i = 0; i < n; ++i)
    l->values[i] = x[i] * (next ? next->values[i % next->n] : 1.5);
  l->n = n;
  l->next = next;
  return l;
}
NOINLINE static double cut(struct list **l) {
  struct list *first = *l;
  double s = 0;
  for (int i = 0; i < first->n; ++i)
    s += first->values[i] * first->values[first->n - 1 - i];
  *l = first->next;
  free(first->values);
  free(first);
  return s;
}
double lists(const double *x) {
  struct list *l = 0;
  double s = x[0];
  for (int i = 1; i <= 4; ++i) {
    l = cons(x, i, l);
    if (i % 2 == 0)
      s *= cut(&l);
  }
  while (l)
    s += cut(&l) * x[1];
  return s;
}
FUNCTIONAL(lists, 4)

// A buffer of a size that halves each time: a pairwise reduction.
NOINLINE static void halve(double **p, int *n, const double *w) {
  int m = (*n + 1) / 2;
  double *q = malloc(m * sizeof *q);
  for (int i = 0; i < m; ++i)
    q[i] = 2 * i + 1 < *n ? (*p)[2 * i] * w[i % 2] + sin((*p)[2 * i + 1]) : (*p)[2 * i];
  free(*p);
  *p = q;
  *n = m;
}
double reduced(const double *x) {
  int n = 7;
  double *p = malloc(n * sizeof *p);
  for (int i = 0; i < n; ++i)
    p[i] = x[i] * x[(i + 1) % n];
  while (n > 1)
    halve(&p, &n, x);
  double s = *p * x[0];
  free(p);
  return s;
}
FUNCTIONAL(reduced, 7)

// Parts of one object die before others.
struct model {
  double *state, *work;
  double energy;
};
NOINLINE static void start(struct model *m, const double *x) {
  m->state = malloc(3 * sizeof(double));
  m->work = malloc(3 * sizeof(double));
  m->energy = 0;
  for (int i = 0; i < 3; ++i)
    m->state[i] = x[i], m->work[i] = x[i] * x[i];
}
NOINLINE static void relax(struct model *m) {
  for (int i = 0; i < 3; ++i)
    m->state[i] -= 0.1 * m->work[(i + 1) % 3];
  free(m->work);
  m->work = 0;
  for (int i = 0; i < 3; ++i)
    m->energy += m->state[i] * m->state[i] * (i + 1);
  free(m->state);
  m->state = 0;
}
void models(const double *x, double *y) {
  struct model m[2];
  start(&m[0], x);
  start(&m[1], x + 1);
  relax(&m[1]);
  y[0] = m[1].energy * m[0].state[1];
  relax(&m[0]);
  y[1] = m[0].energy * m[1].energy;
}
MAP(models, 4, 2)
