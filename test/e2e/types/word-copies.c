// Structs that mix floats, integers and pointers, moved as words: by copies through
// arrays of bytes and integers, by swaps of 8 bytes, into and out of buffers.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <stdint.h>

#define NOINLINE __attribute__((noinline))

struct record {
  double weight;
  int id;
  float factor;
  double *values;
  int64_t stamp;
};

// What the compiler makes words of.
NOINLINE static void exchange(struct record *a, struct record *b) {
  struct record t = *a;
  *a = *b;
  *b = t;
}
NOINLINE static void rotate(struct record *r, int n) {
  struct record first = r[0];
  for (int i = 0; i + 1 < n; ++i)
    r[i] = r[i + 1];
  r[n - 1] = first;
}
NOINLINE static double total(const struct record *r, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += r[i].weight * r[i].factor * r[i].values[r[i].id % 2] + r[i].stamp;
  return s;
}
double records(const double *x) {
  struct record r[4];
  double store[8];
  for (int i = 0; i < 8; ++i)
    store[i] = x[i] * x[(i + 3) % 8];
  for (int i = 0; i < 4; ++i)
    r[i] = (struct record){x[i], i, 0.25f * (i + 1), store + 2 * i, i * i};
  exchange(&r[0], &r[2]);
  r[0].weight *= x[5];
  rotate(r, 4);
  exchange(&r[1], &r[3]);
  r[3].values[1] *= 2;
  return total(r, 4) * total(r + 1, 2);
}
FUNCTIONAL(records, 8)

// Serialised into a buffer of bytes and read back in another order.
NOINLINE static unsigned char *put(unsigned char *to, const struct record *r) {
  memcpy(to, &r->id, sizeof r->id);
  memcpy(to + 4, &r->weight, sizeof r->weight);
  return to + 12;
}
NOINLINE static const unsigned char *get(const unsigned char *from, struct record *r) {
  memcpy(&r->weight, from + 4, sizeof r->weight);
  memcpy(&r->id, from, sizeof r->id);
  return from + 12;
}
double serialised(const double *x) {
  unsigned char buffer[36], *to = buffer;
  for (int i = 0; i < 3; ++i) {
    struct record r = {.weight = x[i] * x[0], .id = 3 - i};
    to = put(to, &r);
  }
  const unsigned char *from = buffer;
  double s = 1;
  while (from != to) {
    struct record r;
    from = get(from, &r);
    s = s * r.weight + r.id;
  }
  return s;
}
FUNCTIONAL(serialised, 3)

// An array of structs as one block, and as a block inside a struct.
struct point {
  float x, y;
  short tag;
};
struct cloud {
  int n;
  struct point points[3];
  double scale;
};
NOINLINE static double spread(struct cloud c) {
  double s = 0;
  for (int i = 0; i < c.n; ++i)
    s += c.points[i].x * c.scale * c.points[(i + 1) % c.n].y + c.points[i].tag;
  return s;
}
double clouds(const double *x) {
  struct point p[3];
  for (int i = 0; i < 3; ++i)
    p[i] = (struct point){x[i], x[i] * x[3], i};
  struct cloud c = {3, {}, x[4]}, d;
  memcpy(c.points, p, sizeof p);
  memcpy(&d, &c, sizeof c);
  d.points[1].x = 2;
  return spread(c) + spread(d) * 0.5;
}
FUNCTIONAL(clouds, 5, .step = 1e-3, .tolerance = 1e-4, .precision = 1e-6)
