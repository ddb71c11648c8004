// Structures ordered by active values: what is where is decided by comparisons.
// RUN: %check %s %t

#include "../Inputs/check.h"

// A heap of events with active times, which grows, and whose structs are
// swapped.
typedef struct Heap {
  int n, cap;
  struct {
    double key;
    int id;
    void *data;
  } *e;
} Heap;
static void hpush(Heap *h, double k, int id, void *data) {
  if (h->n == h->cap) {
    h->cap = h->cap ? h->cap * 2 : 4;
    h->e = realloc(h->e, h->cap * sizeof *h->e);
  }
  int i = h->n++;
  h->e[i].key = k;
  h->e[i].id = id;
  h->e[i].data = data;
  while (i && h->e[(i - 1) / 2].key > h->e[i].key) {
    __typeof__(*h->e) t = h->e[i];
    h->e[i] = h->e[(i - 1) / 2];
    h->e[(i - 1) / 2] = t;
    i = (i - 1) / 2;
  }
}
static double hpop(Heap *h, int *id, void **data) {
  double k = h->e[0].key;
  *id = h->e[0].id;
  *data = h->e[0].data;
  h->e[0] = h->e[--h->n];
  for (int i = 0;;) {
    int c = 2 * i + 1;
    if (c >= h->n)
      break;
    if (c + 1 < h->n && h->e[c + 1].key < h->e[c].key)
      ++c;
    if (h->e[i].key <= h->e[c].key)
      break;
    __typeof__(*h->e) t = h->e[i];
    h->e[i] = h->e[c];
    h->e[c] = t;
    i = c;
  }
  return k;
}
double events(const double *x) {
  Heap h = {0};
  double w[4] = {x[0], x[1] * x[0], x[2], 1}, t = 0, s = 0;
  for (int i = 0; i < 4; ++i)
    hpush(&h, x[i % 3] * (i + 1), i, &w[i]);
  for (int k = 0; k < 12; ++k) {
    int id;
    void *d;
    t = hpop(&h, &id, &d);
    double *p = d;
    s += *p * t * (id + 1);
    *p *= .9;
    hpush(&h, t + *p + .1 * id, (id + 1) % 4, d);
  }
  free(h.e);
  return s;
}
FUNCTIONAL(events, 3)

// A list sorted by active keys, with the head on the stack.
struct ln {
  struct ln *prev, *next;
  double key, val;
  int seq;
};
static void ins(struct ln *head, struct ln *n) {
  struct ln *p = head->next;
  while (p != head && p->key < n->key)
    p = p->next;
  n->next = p;
  n->prev = p->prev;
  p->prev->next = n;
  p->prev = n;
}
double dlist(const double *x) {
  struct ln head, *pool = calloc(6, sizeof *pool);
  head.prev = head.next = &head;
  for (int i = 0; i < 6; ++i) {
    pool[i].key = sin(x[i % 3] * 7 * i);
    pool[i].val = x[i % 4] * pool[i].key;
    pool[i].seq = i;
    ins(&head, &pool[i]);
  }
  double s = 0, w = 1;
  for (struct ln *p = head.next; p != &head; p = p->next, w *= .7)
    s += p->val * w + p->seq * p->key * p->val;
  struct ln *m = head.prev;
  m->prev->next = m->next;
  m->next->prev = m->prev;
  for (struct ln *p = head.prev; p != &head; p = p->prev)
    s = s * .5 + p->val;
  free(pool);
  return s;
}
FUNCTIONAL(dlist, 4)

// Soft dynamic time warping, whose two rows change places.
static double smin(double a, double b, double g) {
  double m = a < b ? a : b;
  return m - g * log(exp((m - a) / g) + exp((m - b) / g));
}
double dtw(const double *x) {
  double (*row)[6] = malloc(2 * sizeof *row), *prev = row[0], *cur = row[1];
  for (int j = 0; j < 6; ++j)
    prev[j] = j ? 1e3 : 0;
  for (int i = 1; i < 6; ++i) {
    cur[0] = 1e3;
    for (int j = 1; j < 6; ++j) {
      double d = x[i % 4] * i - x[j % 3] * j * .8;
      cur[j] = d * d + smin(smin(prev[j], cur[j - 1], .5), prev[j - 1], .5);
    }
    double *t = prev;
    prev = cur;
    cur = t;
  }
  double r = prev[5];
  free(row);
  return r;
}
FUNCTIONAL(dtw, 4)
