// Doubles that a function moves as integers, and unions that one moves as pointers:
// only functions far down in what the caller calls know of the floats.
// RUN: %check %s %t -fno-strict-aliasing -g --skip=-O3 --skip=valgrind --skip=sanitize

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

NOINLINE static void put0(const double *x, void *to) {
  double *a = to;
  for (int i = 0; i < 3; ++i)
    a[i] = x[i] * x[i];
}
NOINLINE static double get0(void *from) {
  double *a = from;
  return a[0] + 2 * a[1] + 3 * a[2];
}
#define DEEPER(NAME, NEXT)                                                     \
  NOINLINE static void put##NAME(const double *x, void *to) {                  \
    put##NEXT(x, to);                                                          \
  }                                                                            \
  NOINLINE static double get##NAME(void *from) { return get##NEXT(from); }
DEEPER(1, 0)
DEEPER(2, 1)
DEEPER(3, 2)
DEEPER(4, 3)
DEEPER(5, 4)
DEEPER(6, 5)
DEEPER(7, 6)

NOINLINE static void swap(long *a, long *b) {
  long t = *a;
  *a = *b;
  *b = t;
}
double far(const double *x) {
  long a[3];
  put7(x, a);
  swap(a, a + 2);
  return get7(a);
}
FUNCTIONAL(far, 3)

// Through a struct, and in what else the swapping function calls.
struct Vector {
  long *data;
  long size;
};
#define MEMBER(NAME, NEXT)                                                     \
  NOINLINE static void swapIn##NAME(struct Vector *v, long i, long j) {        \
    swapIn##NEXT(v, i, j);                                                     \
  }                                                                            \
  NOINLINE static void fill##NAME(struct Vector *v, const double *x) {         \
    fill##NEXT(v, x);                                                          \
  }
NOINLINE static void swapIn0(struct Vector *v, long i, long j) {
  swap(v->data + i, v->data + j);
}
NOINLINE static void fill0(struct Vector *v, const double *x) {
  for (long i = 0; i < v->size; ++i)
    ((double *)v->data)[i] = x[i] * x[i];
}
MEMBER(1, 0)
MEMBER(2, 1)
MEMBER(3, 2)
MEMBER(4, 3)
MEMBER(5, 4)
MEMBER(6, 5)
NOINLINE static void exchange(struct Vector *v, const double *x) {
  fill6(v, x);
  swapIn6(v, 0, 2);
  swapIn6(v, 1, 2);
}
double members(const double *x) {
  long a[3];
  struct Vector v = {a, 3};
  exchange(&v, x);
  return get6(a);
}
FUNCTIONAL(members, 3)

// In a recursion of several functions.
NOINLINE static void even(const double *x, void *to, int n);
NOINLINE static void odd(const double *x, void *to, int n) {
  if (n == 0)
    put5(x, to);
  else
    even(x, to, n - 1);
}
NOINLINE static void even(const double *x, void *to, int n) {
  long *a = to;
  odd(x, to, n - 1);
  swap(a, a + 1);
}
double recursive(const double *x) {
  long a[3];
  even(x, a, 5);
  swap(a, a + 2);
  return get6(a);
}
FUNCTIONAL(recursive, 3)
