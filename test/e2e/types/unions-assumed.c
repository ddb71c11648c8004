// TBAA has one tag for members of unions and for arrays in structs. Where
// nothing else is seen, a copy is made as what the function uses; that is taken
// back where some other function uses the same bytes as something else.
// RUN: not %clang -w -O2 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: byte 0 of the 16 bytes behind {{.*}} is part of a union, which may hold a float elsewhere
// CHECK-NEXT: in function: copied
// RUN: %clang -w -O2 -DONE -fpass-plugin=%plugin %s -o %t -lm
// RUN: %t

#include "../Inputs/check.h"

typedef struct {
  union {
    double d;
    double *p;
  } u;
  int tag;
} Cell;

static __attribute__((noinline)) double copied(Cell *to, Cell *from, double k) {
  from->u.d *= k;
  *to = *from;
  return to->u.d * k;
}

static __attribute__((noinline)) void point(Cell *c, double *p) { c->u.p = p; }
static __attribute__((noinline)) double pointed(const Cell *c) {
  return *c->u.p;
}
double mixed(const double *x) {
  Cell a = {{x[0]}, 0}, b;
  double y[2] = {x[1], x[0]};
  double r = copied(&b, &a, x[1]);
#ifdef ONE
  return r * y[0];
#endif
  point(&a, y);
  point(&b, y + 1);
  return r * pointed(&a) + pointed(&b);
}
FUNCTIONAL(mixed, 2)
