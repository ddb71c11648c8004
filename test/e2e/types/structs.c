// Structs behind pointers: fields of several types, nested structs and arrays,
// assignment of whole structs, pointers in structs.
// RUN: %check %s %t

#include "../Inputs/check.h"

struct Particle {
  double position[3];
  int id;
  float charge;
  double mass;
};

static double energy(const struct Particle *p, int n) {
  double e = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < i; ++j) {
      double r2 = 0.1;
      for (int k = 0; k < 3; ++k) {
        double d = p[i].position[k] - p[j].position[k];
        r2 += d * d;
      }
      e += p[i].mass * p[j].mass * (p[i].id + p[j].id) / sqrt(r2);
    }
  return e;
}
double particles(const double *x) {
  struct Particle p[3];
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 3; ++k)
      p[i].position[k] = x[i * 3 + k];
    p[i].id = i;
    p[i].mass = x[i] * x[i + 1];
  }
  struct Particle t = p[0];
  p[0] = p[2];
  p[2] = t;
  return energy(p, 3);
}
FUNCTIONAL(particles, 9)

struct Nested {
  struct { double a; struct { double b[2]; int n; } in; } out;
  double c;
};
__attribute__((noinline)) static void fill(struct Nested *s, double v) {
  s->out.a = v;
  for (s->out.in.n = 0; s->out.in.n < 2; ++s->out.in.n)
    s->out.in.b[s->out.in.n] = v * v + s->out.in.n;
  s->c = s->out.in.b[1] * s->out.a;
}
double nested(const double *x) {
  struct Nested s, t;
  fill(&s, x[0]);
  fill(&t, x[1]);
  s.out.in = t.out.in;
  struct Nested u = s;
  s = t;
  return u.out.in.b[0] * s.c + u.c * s.out.in.b[u.out.in.n - 1];
}
FUNCTIONAL(nested, 2)

struct View {
  double *data;
  long stride, size;
};
static double dot(struct View a, struct View b) {
  double s = 0;
  for (long i = 0; i < a.size; ++i)
    s += a.data[i * a.stride] * b.data[i * b.stride];
  return s;
}
void views(const double *x, double *y) {
  double local[6];
  for (int i = 0; i < 6; ++i)
    local[i] = sin(x[i]);
  struct View even = {local, 2, 3}, odd = {local + 1, 2, 3};
  y[0] = dot(even, odd);
  struct View *v = &even;
  v->data[2] *= y[0];
  y[1] = dot(*v, even);
}
MAP(views, 6, 2)

// A struct with pointers to another, changed through both.
struct Node { double value; struct Node *other; };
double linked(const double *x) {
  struct Node a = {x[0], 0}, b = {x[1], &a};
  a.other = &b;
  struct Node *p = &a;
  for (int i = 0; i < 5; ++i) {
    p->value *= p->other->value + 0.1;
    p = p->other;
  }
  return p->value + p->other->value * 3;
}
FUNCTIONAL(linked, 2)

union Number { double d; unsigned long bits; };
double bits(const double *x) {
  union Number u;
  u.d = x[0] * x[1];
  double sign = u.bits >> 63 ? -1 : 1;
  return u.d * u.d * sign + x[1];
}
FUNCTIONAL(bits, 2)
