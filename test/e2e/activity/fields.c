// Structs that are active in part: some fields carry derivatives, others are
// constants, counts or flags; fields are passed by address, overwritten and copied.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

typedef struct {
  int kind;
  double position, velocity; // active
  double mass;               // constant
  const char *name;
  float charge; // active
  short neighbours[3];
} Particle;

NOINLINE static void push(double *velocity, const double *mass, double force) {
  *velocity += force / *mass;
}
NOINLINE static double energy(const Particle *p) {
  double e = p->mass * p->velocity * p->velocity / 2;
  return p->kind ? e + p->charge * p->position : e - p->mass * p->position;
}
void particles(const double *x, double *y) {
  Particle p[4];
  for (int i = 0; i < 4; ++i) {
    Particle fresh = {i & 1, x[i], 0.5, 1.0 + i, "particle", x[i] * x[0], {(i + 1) & 3, (i + 2) & 3, i}};
    p[i] = fresh;
  }
  for (int t = 0; t < 3; ++t) {
    for (int i = 0; i < 4; ++i)
      for (int k = 0; k < 2; ++k) {
        const Particle *q = &p[p[i].neighbours[k]];
        push(&p[i].velocity, &p[i].mass, 0.1 * (q->position - p[i].position));
      }
    for (int i = 0; i < 4; ++i)
      p[i].position += 0.1 * p[i].velocity;
  }
  Particle last = p[3];
  p[3] = p[0];
  p[0].charge = 1; // a constant from here on
  for (int i = 0; i < 4; ++i)
    y[i] = energy(&p[i]) + last.position * strlen(p[i].name);
}
MAP(particles, 4, 4, .tolerance = 1e-4, .step = 1e-3, .precision = 1e-6)

// Only one field of the result of a search counts.
typedef struct {
  double value;
  int index, tries;
  double bound;
} Found;
NOINLINE static Found largest(const double *x, int n, double bound) {
  Found f = {x[0] * x[0], 0, 0, bound};
  for (int i = 1; i < n; ++i, ++f.tries)
    if (x[i] * x[i] > f.value && f.tries < f.bound)
      f.value = x[i] * x[i], f.index = i;
  return f;
}
double search(const double *x) {
  Found f = largest(x, 6, 3), g = largest(x + 2, 4, 9);
  return f.value * x[g.index] + f.bound * f.tries + g.value * f.index;
}
FUNCTIONAL(search, 6)

// Options by pointer, some of which are numbers that are computed from inputs.
struct options {
  double tolerance;
  double *start;
  double relaxation;
  int limit;
};
NOINLINE static double solve(const double *x, const struct options *o) {
  double v = o->start[1];
  for (int i = 0; i < o->limit; ++i) {
    double next = v + o->relaxation * (cos(v * x[0]) - v);
    if (fabs(next - v) < o->tolerance)
      break;
    v = next;
  }
  return v;
}
double relaxed(const double *x) {
  double start[2] = {0.1, 0.2};
  struct options o = {1e-3, start, 0.3 * x[1], 6};
  double first = solve(x, &o);
  o.start = (double *)x;
  o.relaxation = 0.5;
  return first * solve(x, &o);
}
FUNCTIONAL(relaxed, 2)
