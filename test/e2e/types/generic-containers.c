// Containers that know only the size of their elements, as C programs write them:
// a vector, a stack, a sort and a map with memcpy of elements.
// RUN: %check %s %t -g

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

struct vector {
  char *data;
  size_t size, used, room;
};
NOINLINE static void push(struct vector *v, const void *element) {
  if (v->used == v->room) {
    size_t room = v->room ? 2 * v->room : 2;
    char *bigger = malloc(room * v->size);
    if (v->used)
      memcpy(bigger, v->data, v->used * v->size);
    free(v->data);
    v->data = bigger;
    v->room = room;
  }
  memcpy(v->data + v->used++ * v->size, element, v->size);
}
static void *at(struct vector *v, size_t i) { return v->data + i * v->size; }

double pushed(const double *x) {
  struct vector v = {0, sizeof(double)};
  for (int i = 0; i < 5; ++i) {
    double e = x[i] * x[0];
    push(&v, &e);
  }
  double s = 0;
  for (size_t i = 0; i < v.used; ++i)
    s = s * 0.5 + *(double *)at(&v, i) * *(double *)at(&v, v.used - 1 - i);
  free(v.data);
  return s;
}
FUNCTIONAL(pushed, 5)
