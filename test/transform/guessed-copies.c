// A function that copies unions behind doubles, over which it runs an index that nobody
// bounds, knows of no pointers there. Its caller does, but cannot tell which of the
// unions are pointers. (Their shadows were lost.)
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// CHECK: error: 'copy' copies bytes that it takes for floats, as an index runs over
// CHECK-SAME: [unknown-type]

#include <string.h>

double __enzyme_autodiff(void *, double);

typedef union {
  double number, *place;
} Value;
typedef struct {
  double numbers[3];
  Value values[3];
} Values;

__attribute__((noinline)) static double copy(Values *to, Values *from, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += to->numbers[i] *= 2;
  memmove(to->values, from->values, n * sizeof to->values[0]);
  return sum;
}
__attribute__((noinline)) static double use(Values *v) {
  return *v->values[1].place * v->values[0].number;
}
static double f(double x) {
  Values a, b;
  double y = x * x, z = 1;
  for (int i = 0; i < 3; i++) {
    a.numbers[i] = x, b.numbers[i] = 1;
    a.values[i].place = &z;
  }
  b.values[0].number = x, b.values[1].place = b.values[2].place = &y;
  return copy(&a, &b, x > 100 ? 2 : 3) + use(&a);
}
double slope(double x) { return __enzyme_autodiff((void *)f, x); }
