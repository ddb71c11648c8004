// The memory functions of the C library on active data: memmove in a gap buffer,
// memcpy of rows, memset of parts, comparing and searching bytes beside them, strdup
// of names, calloc of matrices.
// (With sanitizers nothing tells that a row of a block from calloc is doubles.)
// RUN: %check %s %t --skip sanitize

#define _GNU_SOURCE
#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

struct buffer {
  double data[10];
  int n;
};
NOINLINE static void insert(struct buffer *b, int at, double v) {
  memmove(b->data + at + 1, b->data + at, (b->n - at) * sizeof *b->data);
  b->data[at] = v;
  ++b->n;
}
NOINLINE static double take(struct buffer *b, int at) {
  double v = b->data[at];
  --b->n;
  memmove(b->data + at, b->data + at + 1, (b->n - at) * sizeof *b->data);
  return v;
}
double edited(const double *x) {
  struct buffer b = {.n = 0};
  for (int i = 0; i < 6; ++i)
    insert(&b, i / 2, x[i] * (b.n ? b.data[0] : 1));
  double s = take(&b, 2) * take(&b, 0);
  insert(&b, b.n, s);
  for (int i = 0; i < b.n; ++i)
    s = s * 0.5 + b.data[i];
  return s;
}
FUNCTIONAL(edited, 6)

// Rows of a matrix are copied, cleared and compared.
double rows(const double *x) {
  double(*m)[3] = calloc(4, sizeof *m);
  memcpy(m[1], x, 3 * sizeof **m);
  memcpy(m[2], x + 3, 3 * sizeof **m);
  for (int j = 0; j < 3; ++j)
    m[0][j] = m[1][j] * m[2][2 - j];
  memset(m[1] + 1, 0, 2 * sizeof **m);
  mempcpy(m[3], m[0], 3 * sizeof **m);
  double s = 0;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 3; ++j)
      s += m[i][j] * m[3 - i][j];
  s += memcmp(m[0], m[3], 3 * sizeof **m) ? x[0] : x[1];
  free(m);
  return s;
}
FUNCTIONAL(rows, 6)

// Names beside values: text is copied and compared, and freed.
struct named {
  char *name;
  double value;
};
double looked(const double *x) {
  static const char *const names[] = {"alpha", "beta", "gamma"};
  struct named all[3];
  for (int i = 0; i < 3; ++i)
    all[i] = (struct named){strdup(names[i]), x[i] * x[0]};
  double s = 0;
  for (int i = 0; i < 3; ++i) {
    if (strchr(all[i].name, 'm') || strcmp(all[i].name, "beta") == 0)
      s += all[i].value * strlen(all[i].name);
    all[i].value *= all[(i + 1) % 3].value;
  }
  for (int i = 0; i < 3; ++i) {
    s += all[i].value;
    free(all[i].name);
  }
  return s;
}
FUNCTIONAL(looked, 3)
