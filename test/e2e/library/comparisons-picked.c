// qsort by comparisons that come from memory, in a program of one file and of two
// that take the addresses. All functions of their type that can be meant compare
// doubles; where another compares something else, that is refused, and so are elements
// of unknown size.
// RUN: %check %s %t
// RUN: not %clang -O1 -w -DMORE -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -w -DSIZE -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=SIZE %s
// CHECK: error: cannot tell whether this integer, stored to active memory, holds a

typedef int Comparison(const void *, const void *);
struct Menu {
  Comparison *up, *down;
};
extern struct Menu menu;

#if !defined(PART) || PART == 2
static int up(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
static int down(const void *a, const void *b) { return up(b, a); }
struct Menu menu = {up, down};
#endif

#if !defined(PART) || PART == 1
#include "../Inputs/check.h"

__attribute__((noinline)) static void sort(double *v, int n, Comparison *c) {
  qsort(v, n, sizeof *v, c);
}
double ranked(const double *x) {
  double v[6], s = 0;
  for (int i = 0; i < 6; ++i)
    v[i] = x[i] * x[(i + 1) % 6];
  sort(v, 6, x[0] > 1 ? menu.up : menu.down);
  for (int i = 0; i < 6; ++i)
    s = s * 0.7 + v[i] * v[i];
  return s;
}
FUNCTIONAL(ranked, 6)

#ifdef SIZE
static size_t size = 8;
// SIZE: error: the size of the elements that 'qsort' is given is not a constant here
void sized(double *v) { qsort(v, 3, size, up); }
void change(size_t s) { size = s; }
INPLACE(sized, 3)
#endif

#ifdef MORE
static int byNumber(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}
Comparison *numbers = byNumber;
#endif
#endif
