// A union of a number and a pointer to one, with a tag: written, read and copied.
// LLVM loads its bytes once, as a float, and casts that to the pointer. (With
// sanitizers the copy stays one of a union, which is refused.)
// RUN: %check %s %t --skip=sanitize

#include "../Inputs/check.h"

typedef struct {
  int isPlace;
  union {
    double number, *place;
  };
} Value;
__attribute__((noinline)) static double get(const Value *v) {
  return v->isPlace ? *v->place * 2 : v->number;
}

double values(const double *x) {
  double y[2] = {x[0] * x[1], x[1]}, sum = 0;
  Value v[4];
  for (int i = 0; i < 4; ++i) {
    v[i].isPlace = i & 1;
    if (v[i].isPlace)
      v[i].place = &y[i / 2];
    else
      v[i].number = x[i / 2] * i;
  }
  for (int i = 0; i < 4; ++i)
    sum += get(&v[i]) * (i + 1);
  Value w = v[(int)x[1] & 3];
  return sum * sum + get(&w);
}
FUNCTIONAL(values, 2)

double chosen(const double *x) {
  double y = x[0] * x[1];
  Value a, b;
  if (x[0] > 1)
    a.isPlace = 1, a.place = &y;
  else
    a.isPlace = 0, a.number = x[1] * x[1];
  b = a;
  return b.isPlace ? *b.place * 3 : b.number;
}
FUNCTIONAL(chosen, 2)
