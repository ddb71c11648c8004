// Order without a library call on active data: own sorts of records and indices;
// qsort over integers beside active data. (Over active data: comparisons.c)
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

static int ascending(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

// Integer keys come from active data, values are looked up by them.
__attribute__((annotate("enzyme_inactive"), noinline)) static void sortKeys(int *keys, int n) {
  qsort(keys, n, sizeof *keys, ascending);
}
double ordered(const double *x) {
  int keys[6];
  for (int i = 0; i < 6; ++i)
    keys[i] = (int)(x[i] * 100) * 8 + i;
  sortKeys(keys, 6);
  double s = 0;
  for (int i = 0; i < 6; ++i)
    s = s * 0.5 + x[keys[i] % 8] * (i + 1);
  return s;
}
FUNCTIONAL(ordered, 6)

// A table of constants is searched for the place of an active value.
__attribute__((annotate("enzyme_inactive"), noinline)) static int interval(double t) {
  static const double knots[] = {0, 0.6, 0.9, 1.3, 2};
  int i = 0;
  while (i < 3 && knots[i + 1] <= t)
    ++i;
  return i;
}
double piecewise(const double *x) {
  static const double knots[] = {0, 0.6, 0.9, 1.3, 2}, heights[] = {1, 2, 0.5, 3, 1};
  double p = 1;
  for (int k = 0; k < 4; ++k) {
    int i = interval(x[k]);
    double f = (x[k] - knots[i]) / (knots[i + 1] - knots[i]);
    p *= heights[i] + f * f * (3 - 2 * f) * (heights[i + 1] - heights[i]);
  }
  return p;
}
FUNCTIONAL(piecewise, 4)

// Records sorted by an active key, with the rest of the record.
struct record {
  double key;
  int from;
  double weight;
};
NOINLINE static void shell(struct record *r, int n) {
  for (int gap = 4; gap; gap /= 2)
    for (int i = gap; i < n; ++i) {
      struct record t = r[i];
      int j = i;
      for (; j >= gap && r[j - gap].key > t.key; j -= gap)
        r[j] = r[j - gap];
      r[j] = t;
    }
}
double median(const double *x) {
  struct record r[7];
  for (int i = 0; i < 7; ++i)
    r[i] = (struct record){x[i] * x[(i + 2) % 7], i, x[6 - i]};
  shell(r, 7);
  double half = 0, sum = 0;
  for (int i = 0; i < 7; ++i)
    half += r[i].weight / 2;
  for (int i = 0; i < 7; ++i) {
    sum += r[i].weight;
    if (sum >= half)
      return r[i].key + (sum - half) / r[i].weight * r[i].from;
  }
  return 0;
}
FUNCTIONAL(median, 7)
