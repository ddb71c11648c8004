// Structs that begin with another one, as C has classes, and headers: a pointer
// to one says nothing of what follows, also with -g, and a copy takes it along.
// RUN: %check %s %t -g -DDEBUG --skip=-O0
// RUN: %check %s %t --skip=-O0 --skip=-O3 --skip=valgrind

#include "../Inputs/check.h"

typedef struct {
  int kind;
} Shape;

typedef struct {
  Shape base;
  double radius;
} Circle;

typedef struct {
  Shape base;
  double width, height, *scale;
} Rectangle;

static const size_t sizes[] = {sizeof(Circle), sizeof(Rectangle)};

static __attribute__((noinline)) Shape *cloned(const Shape *s) {
  Shape *copy = malloc(sizes[s->kind]);
  memcpy(copy, s, sizes[s->kind]);
  return copy;
}

static __attribute__((noinline)) double area(const Shape *s) {
  if (s->kind == 0) {
    const Circle *c = (const Circle *)s;
    return 3.14 * c->radius * c->radius;
  }
  const Rectangle *r = (const Rectangle *)s;
  return r->width * r->height * *r->scale;
}

double shapes(const double *x) {
  double scale = x[2] * x[0];
  Circle c = {{0}, x[0]};
  Rectangle r = {{1}, x[1], x[2], &scale};
  Shape *all[4] = {&c.base, &r.base, cloned(&c.base), cloned(&r.base)};
  ((Circle *)all[2])->radius *= x[1];
  double sum = 0;
  for (int i = 0; i < 4; i++)
    sum += (i + 1) * area(all[i]);
  free(all[2]);
  free(all[3]);
  return sum;
}
FUNCTIONAL(shapes, 3)

// What follows a header of the size of a number.
typedef struct {
  int type, length;
} Header;

static __attribute__((noinline)) Header *made(int type, int length,
                                              const double *x) {
  Header *h = malloc(sizeof(Header) + length * sizeof(double));
  h->type = type;
  h->length = length;
  memcpy(h + 1, x, length * sizeof(double));
  return h;
}

static __attribute__((noinline)) Header *message(const Header *h) {
  size_t bytes = sizeof(Header) + h->length * sizeof(double);
  Header *copy = malloc(bytes);
  memcpy(copy, h, bytes);
  ((double *)(copy + 1))[1] *= h->type;
  return copy;
}

static __attribute__((noinline)) double payload(const Header *h) {
  const double *x = (const double *)(h + 1);
  double sum = 0;
  for (int i = 0; i < h->length; i++)
    sum += x[i] * x[i] * h->type;
  return sum;
}

double messages(const double *x) {
  Header *a = made(2, 3, x), *b = message(a);
  ((double *)(b + 1))[1] *= x[0];
  double sum = payload(a) * 2 + payload(b);
  free(a);
  free(b);
  return sum;
}
#ifdef DEBUG
FUNCTIONAL(messages, 3)
#endif
