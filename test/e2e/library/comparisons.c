// C's functions that take a comparison, over active data: qsort, qsort_r, bsearch
// and lfind. What is moved are numbers, structs and pointers, of sizes that the call
// or a caller of its function knows.
// RUN: %check %s %t

#define _GNU_SOURCE
#include "../Inputs/check.h"
#include <search.h>

#define NOINLINE __attribute__((noinline))

typedef int Comparison(const void *, const void *);

static int byValue(const void *a, const void *b) {
  return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b);
}

// The caller's memory, all of it and a part of it.
NOINLINE static void sort(double *v, int n) { qsort(v, n, sizeof *v, byValue); }
void inPlace(double *v) {
  sort(v, 5);
  for (int i = 0; i < 5; ++i)
    v[i] *= v[i] * (i + 1);
  sort(v + 1, 3), sort(v, 0), sort(v, 1);
}
INPLACE(inPlace, 5)

// More elements than the function looks at; a wrapper that sorts anything.
NOINLINE static void sortAny(void *base, size_t n, size_t size, Comparison *c) {
  qsort(base, n, size, c);
}
double least(double *x) {
  double pairs[7][2];
  for (int i = 0; i < 7; ++i)
    pairs[i][0] = x[i] * x[(i + 2) % 7], pairs[i][1] = x[i];
  sortAny(pairs, 7, sizeof *pairs, byValue);
  double v[7];
  for (int i = 0; i < 7; ++i)
    v[i] = pairs[i][0] * pairs[i][1];
  sortAny(v, 7, sizeof *v, byValue);
  return v[0] * v[1] + pairs[6][0] * pairs[0][1];
}
FUNCTIONAL(least, 7)

// Records with what else they have, and many that are equal: they stay in order.
struct Record {
  double key;
  int id;
  float weight;
  double *load;
};
static int byHalves(const void *a, const void *b) {
  const struct Record *p = a, *q = b;
  return (int)(2 * q->key) - (int)(2 * p->key);
}
static int byLoad(const void *a, const void *b) {
  return byValue((*(struct Record **)a)->load, (*(struct Record **)b)->load);
}
double records(const double *x) {
  struct Record *r = malloc(9 * sizeof *r), *p[9];
  double loads[9], s = 0;
  for (int i = 0; i < 9; ++i) {
    loads[i] = x[(i + 2) % 4] * (1 + i * 5 % 9);
    r[i] = (struct Record){x[i % 4] * (1 + i * 7 % 9) / 3, i, x[i % 3], loads + i};
  }
  qsort(r, 9, sizeof *r, byHalves);
  for (int i = 0; i < 9; ++i) {
    s = s * 0.7 + r[i].key * *r[i].load * (r[i].id + 1) + r[i].weight;
    p[i] = r + i;
  }
  qsort(p, 9, sizeof *p, byLoad);
  for (int i = 1; i < 9; ++i)
    p[i]->key *= p[i - 1]->key * 0.3 + *p[i]->load;
  s += r[2].key + p[8]->key;
  free(r);
  return s;
}
FUNCTIONAL(records, 4, .tolerance = 2e-3, .precision = 1e-5)

// No order, as programs write it.
static int truncated(const void *a, const void *b) { return *(double *)a - *(double *)b; }

// Through a pointer that is a constant where it comes from.
NOINLINE static double picked(const double *x, int n, Comparison *c) {
  double *v = malloc(n * sizeof *v), s = 0;
  memcpy(v, x, n * sizeof *v);
  qsort(v, n, sizeof *v, c);
  for (int i = 0; i < n; ++i)
    s += v[i] * v[i] * (i + 1);
  free(v);
  return s;
}
double chosen(const double *x) {
  return picked(x, 5, x[0] > 1 ? byValue : truncated) + picked(x, 4, byValue);
}
FUNCTIONAL(chosen, 5)

// The result is that of the library, whatever the comparison.
double disordered(const double *x) {
  double v[11], s = 0;
  for (int i = 0; i < 11; ++i)
    v[i] = 3 * x[i];
  qsort(v, 11, sizeof *v, truncated);
  for (int i = 0; i < 11; ++i)
    s = s * 0.8 + v[i] * v[i] * (i + 1);
  return s;
}
FUNCTIONAL(disordered, 11)

// Integers, by comparisons that leave something active behind, however often they
// are made.
struct Scores {
  const double *of;
  double first;
};
static int byScore(const void *a, const void *b, void *context) {
  struct Scores *s = context;
  double x = s->of[*(int *)a], y = s->of[*(int *)b];
  s->first = s->of[0] * s->of[1];
  return (x < y) - (x > y);
}
static double factor, power;
static int leaving(const void *a, const void *b) {
  power = factor * factor * factor;
  return *(int *)a - *(int *)b;
}
double indices(const double *x) {
  int order[6] = {0, 1, 2, 3, 4, 5};
  struct Scores scores = {x, 0};
  qsort_r(order, 6, sizeof *order, byScore, &scores);
  double s = scores.first;
  for (int i = 0; i < 6; ++i)
    s = s * 0.6 + x[order[i]] * x[order[i]];
  factor = x[1] * x[1];
  int three[] = {4, 3, 9};
  qsort(three, 3, sizeof *three, leaving);
  return s + power * three[0];
}
FUNCTIONAL(indices, 6)

// What is found is used, and written to.
struct Knot {
  double t, value;
};
static int between(const void *key, const void *element) {
  const struct Knot *k = element;
  return *(double *)key < k[0].t ? -1 : *(double *)key >= k[1].t;
}
static int sameTime(const void *a, const void *b) {
  return (int)((struct Knot *)a)->t != (int)((struct Knot *)b)->t;
}
double table(const double *x) {
  struct Knot k[5];
  for (int i = 0; i < 5; ++i)
    k[i] = (struct Knot){i + x[i] * 0.1, x[(i + 1) % 5] * x[i]};
  double s = 0;
  for (double t = 0.3; t < 5; t += 0.7) {
    struct Knot *f = bsearch(&t, k, 4, sizeof *k, between);
    if (!f)
      continue;
    double w = (t - f[0].t) / (f[1].t - f[0].t);
    s += f[0].value * (1 - w) + f[1].value * w;
    f[0].value *= x[0];
  }
  size_t n = 5;
  struct Knot key = {3}, *f = lfind(&key, k, &n, sizeof *k, sameTime);
  return s + f->value * f->t;
}
FUNCTIONAL(table, 5)
