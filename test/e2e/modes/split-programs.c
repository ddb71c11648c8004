// Split mode over whole programs: each half is asked for by itself, and the tape is
// read twice; time steps with a history, a heap of nodes, recursion with buffers,
// branches that depend on data.
// RUN: %check %s %t -DSPLIT

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

void waves(const double *x, double *y) {
  double now[6], before[6];
  memcpy(now, x, sizeof now);
  memcpy(before, x, sizeof before);
  for (int t = 0; t < 6; ++t) {
    double next[6];
    for (int i = 0; i < 6; ++i) {
      double left = now[(i + 5) % 6], right = now[(i + 1) % 6];
      next[i] = 2 * now[i] - before[i] + 0.2 * (left - 2 * now[i] + right) * now[i];
    }
    memcpy(before, now, sizeof now);
    memcpy(now, next, sizeof now);
  }
  for (int i = 0; i < 6; ++i)
    y[i] = now[i] * y[i];
}
MAP(waves, 6, 6)

struct node {
  double value;
  struct node *next;
};
double chained(const double *x) {
  struct node *list = 0;
  double s = 0;
  for (int i = 0; i < 5; ++i) {
    struct node *n = malloc(sizeof *n);
    n->value = x[i] * (list ? list->value : 1);
    n->next = list;
    list = n;
  }
  while (list) {
    struct node *n = list;
    s = s * 0.5 + sin(n->value);
    list = n->next;
    free(n);
  }
  return s;
}
FUNCTIONAL(chained, 5)

NOINLINE static void sortMerge(double *v, int n) {
  if (n < 2)
    return;
  int m = n / 2, i = 0, j = m;
  sortMerge(v, m);
  sortMerge(v + m, n - m);
  double *t = malloc(n * sizeof *t);
  for (int k = 0; k < n; ++k)
    t[k] = j == n || (i < m && v[i] < v[j]) ? v[i++] : v[j++];
  memcpy(v, t, n * sizeof *t);
  free(t);
}
void sorted(double *x) {
  sortMerge(x, 7);
  for (int i = 1; i < 7; ++i)
    x[i] *= x[i - 1] + 0.1 * i;
}
INPLACE(sorted, 7)
