// Hash tables with active values: open addressing by integer keys, chaining by
// strings, growth with rehashing; a sparse matrix in one and its product.
// RUN: %check %s %t -g

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

struct slot {
  unsigned key;
  int used;
  double value;
};
struct table {
  struct slot *slots;
  unsigned size, count;
};
NOINLINE static double *find(struct table *t, unsigned key);
NOINLINE static void grow(struct table *t) {
  struct slot *old = t->slots;
  unsigned n = t->size;
  t->size = 2 * n;
  t->slots = calloc(t->size, sizeof *t->slots);
  t->count = 0;
  for (unsigned i = 0; i < n; ++i)
    if (old[i].used)
      *find(t, old[i].key) = old[i].value;
  free(old);
}
NOINLINE static double *find(struct table *t, unsigned key) {
  if (2 * t->count >= t->size)
    grow(t);
  unsigned i = key * 2654435761u % t->size;
  while (t->slots[i].used && t->slots[i].key != key)
    i = (i + 1) % t->size;
  if (!t->slots[i].used) {
    t->slots[i].used = 1;
    t->slots[i].key = key;
    t->slots[i].value = 0;
    ++t->count;
  }
  return &t->slots[i].value;
}
// A matrix as a table from (row, column) to a number.
void sparse(const double *x, double *y) {
  struct table t = {calloc(4, sizeof(struct slot)), 4, 0};
  for (int i = 0; i < 5; ++i) {
    *find(&t, i * 5 + i) += x[i] + 1;
    *find(&t, i * 5 + (i + 1) % 5) -= x[i] * x[(i + 2) % 5];
    *find(&t, (i + 1) % 5 * 5 + i) += 0.5 * x[i];
  }
  double v[5] = {1, x[1], 1, x[3], 1};
  for (unsigned k = 0; k < t.size; ++k)
    if (t.slots[k].used)
      y[t.slots[k].key / 5] += t.slots[k].value * v[t.slots[k].key % 5];
  free(t.slots);
}
MAP(sparse, 5, 5)

// Names with values, chained.
struct entry {
  char name[8];
  double value;
  struct entry *next;
};
NOINLINE static double *named(struct entry **buckets, const char *name) {
  unsigned h = 5381;
  for (const char *c = name; *c; ++c)
    h = h * 33 + *c;
  struct entry **at = &buckets[h % 3];
  for (; *at; at = &(*at)->next)
    if (!strcmp((*at)->name, name))
      return &(*at)->value;
  struct entry *e = malloc(sizeof *e);
  for (int i = 0; i < 8; ++i)
    e->name[i] = i <= (int)strlen(name) ? name[i] : 0;
  e->value = 0;
  e->next = 0;
  *at = e;
  return &e->value;
}
double variables(const double *x) {
  static const char *const order[] = {"mass", "speed", "mass", "length", "speed", "time"};
  struct entry *buckets[3] = {0};
  for (int i = 0; i < 6; ++i)
    *named(buckets, order[i]) += x[i] * (i + 1);
  double s = *named(buckets, "mass") * *named(buckets, "speed") / *named(buckets, "time") + *named(buckets, "length");
  for (int b = 0; b < 3; ++b)
    for (struct entry *e = buckets[b], *next; e; e = next)
      next = e->next, free(e);
  return s;
}
FUNCTIONAL(variables, 6)
