// memmove within arrays of structs, up and down by less than its length, of
// constant and of variable size: adjoints and the shadows of pointers move as
// if all were moved at once. RUN: %check %s %t
#include "../Inputs/check.h"
#include <string.h>

typedef struct {
  double value;
  const double *other;
} Link;

static void links(const double *x, double *squares, Link *v) {
  for (int i = 0; i < 5; i++) {
    squares[i] = x[i] * x[i];
    v[i].value = 3 * x[i];
    v[i].other = &squares[i];
  }
}

static void linksUp(const double *x, double *y) {
  double squares[5];
  Link v[5];
  links(x, squares, v);
  memmove(v + 1, v, 4 * sizeof *v);
  for (int i = 0; i < 5; i++)
    y[i] = v[i].value * *v[i].other;
}
MAP(linksUp, 5, 5)

static void linksDown(const double *x, double *y) {
  double squares[5];
  Link v[5];
  links(x, squares, v);
  memmove(v, v + 1, 4 * sizeof *v);
  for (int i = 0; i < 5; i++)
    y[i] = v[i].value * *v[i].other;
}
MAP(linksDown, 5, 5)

static void linksByHand(const double *x, double *y) {
  double squares[5];
  Link v[5];
  links(x, squares, v);
  for (int i = 3; i >= 0; i--)
    v[i + 1] = v[i];
  for (int i = 0; i < 5; i++)
    y[i] = v[i].value * *v[i].other;
}
MAP(linksByHand, 5, 5)

typedef struct {
  double value;
  long count;
} Counted;

static void countedDown(const double *x, double *y) {
  Counted v[5];
  for (int i = 0; i < 5; i++) {
    v[i].value = x[i] * x[i];
    v[i].count = i + 1;
  }
  memmove(v, v + 1, 4 * sizeof *v);
  memmove(v, v + 2, 2 * sizeof *v);
  for (int i = 0; i < 5; i++)
    y[i] = v[i].value * v[i].count;
}
MAP(countedDown, 5, 5)

// An index over every other element, and an odd number of elements.
struct range {
  double *begin, *end;
};
__attribute__((noinline)) static double walk(struct range *from,
                                             struct range *to, int n) {
  double s = 0;
  for (int i = 0; 2 * i < n; i++)
    s += from->begin[2 * i] * from->begin[2 * i];
  memcpy(to->begin, from->begin, (from->end - from->begin) * sizeof(double));
  return s;
}
static void oddNumber(const double *x, double *y) {
  double a[7], b[7];
  for (int i = 0; i < 7; i++)
    a[i] = x[i] * x[i];
  struct range from = {a, a + 7}, to = {b, b + 7};
  y[0] = walk(&from, &to, 7);
  for (int i = 1; i < 7; i++)
    y[i] = b[i];
}
MAP(oddNumber, 7, 7)

#ifdef ROWS
typedef struct {
  double a[2];
  double b;
  int n;
  const double *x;
} Row;

static void rows(const double *x, double *squares, Row *v) {
  for (int i = 0; i < 4; i++) {
    squares[i] = x[i] * x[i];
    v[i] = (Row){{x[i], 2 * x[i]}, 3 * x[i], i, &squares[i]};
  }
}

static void finish(const Row *v, double *y) {
  for (int i = 0; i < 3; i++)
    y[1 + i] = v[i + 1].a[0] * v[i + 1].n + *v[i + 1].x * v[i + 1].a[1];
  y[4] = v[3].b;
}

// The function that copies sees floats only, in steps of 8 bytes; what it
// copies counts rows.
__attribute__((noinline)) static double insert(Row *first, Row *last, int k) {
  double s = 0;
  for (Row *p = first; p != last; ++p)
    for (double *q = p->a; q != p->a + k; ++q)
      s += *q;
  memmove(first + 1, first, (char *)last - (char *)(first + 1));
  return s;
}
static void insertRow(const double *x, double *y) {
  double squares[4];
  Row v[4];
  rows(x, squares, v);
  y[0] = insert(v, v + 4, 2);
  finish(v, y);
}
MAP(insertRow, 4, 5)

__attribute__((noinline)) static double shift(Row *first, Row *last, int k) {
  double s = 0;
  for (Row *p = first; p != last; ++p) {
    s += first->a[k - 1];
    if (p != first)
      memmove(first + 1, first, (char *)p - (char *)first);
  }
  return s;
}
static void shiftRows(const double *x, double *y) {
  double squares[4];
  Row v[4];
  rows(x, squares, v);
  y[0] = shift(v, v + 4, 2);
  finish(v, y);
}
MAP(shiftRows, 4, 5)
#endif
