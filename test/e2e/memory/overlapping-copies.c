// Structs of pointers and numbers that are copied onto themselves, and moved
// within their table.
// RUN: %check %s %t -g

#include "../Inputs/check.h"
#include <string.h>

typedef struct {
  double a;
  double *p[2];
  double b;
  int n;
} Item;

static __attribute__((noinline)) double chosen(Item *v, const int *which) {
  v[1] = v[*which];
  return *v[1].p[1] * v[1].a + *v[0].p[0] * v[1].b;
}

static __attribute__((noinline)) double moved(Item *v, int n) {
  memmove(v, v + 1, (n - 1) * sizeof *v);
  double s = 0;
  for (int i = 0; i < n; i++)
    s += (i + 1) * *v[i].p[0] * v[i].a + *v[i].p[1] * v[i].b;
  return s;
}

typedef struct {
  Item v[3];
  double places[3];
} State;

static void fill(State *s, const double *x) {
  for (int i = 0; i < 3; i++) {
    s->places[i] = x[i] * x[(i + 1) % 3];
    s->v[i] = (Item){x[i], {&s->places[i], &s->places[2 - i]}, x[2 - i], i};
  }
}

double itself(const double *x) {
  State s;
  fill(&s, x);
  const int which = 1;
  return chosen(s.v, &which);
}
FUNCTIONAL(itself, 3)

double shifted(const double *x) {
  State s;
  fill(&s, x);
  return moved(s.v, 3);
}
FUNCTIONAL(shifted, 3)
