// A loop over an array member, in steps of 8 bytes, and a copy whose length is
// the distance of two pointers to the structs: that they hold nothing but floats
// must not be assumed. With -g: test/e2e/types/moves.c.
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DCOUNT -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: byte {{16|8}} behind {{.*}} [unknown-type]
// CHECK: in function: insert
#include <string.h>

extern int enzyme_dup, enzyme_const;
void __enzyme_autodiff(void *, ...);

typedef struct {
  double a[2];
  float b;
  int n;
  const double *x;
} Row;

__attribute__((noinline)) static double insert(Row *first, Row *last, int k) {
  double s = 0;
#ifdef COUNT
  for (double *q = first->a; q != first->a + k; ++q)
    s += *q;
  memmove(first + 1, first, (last - first - 1) * sizeof *first);
#else
  for (Row *p = first; p != last; ++p)
    for (double *q = p->a; q != p->a + k; ++q)
      s += *q;
  memmove(first + 1, first, (char *)last - (char *)(first + 1));
#endif
  return s;
}
static double f(Row *first, Row *last, int k) { return insert(first, last, k); }

void df(Row *first, Row *dfirst, Row *last, Row *dlast) {
  __enzyme_autodiff((void *)f, enzyme_dup, first, dfirst, enzyme_dup, last,
                    dlast, enzyme_const, 2);
}
