// Callbacks with a context: some of it is active, some not, and which function
// is called back differs from call to call.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

typedef double (*Integrand)(double t, void *context);

NOINLINE static double simpson(Integrand f, void *context, double a, double b, int n) {
  double h = (b - a) / n, s = f(a, context) + f(b, context);
  for (int i = 1; i < n; ++i)
    s += (i & 1 ? 4 : 2) * f(a + i * h, context);
  return s * h / 3;
}

struct gaussian {
  double mean, width; // active
  int calls;
};
struct table {
  const double *values; // active in one use, constant in the other
  int n;
};
static double bell(double t, void *context) {
  struct gaussian *g = context;
  ++g->calls;
  double u = (t - g->mean) / g->width;
  return exp(-u * u / 2) / g->width;
}
static double lookup(double t, void *context) {
  const struct table *b = context;
  int i = (int)(t * (b->n - 1));
  i = i < 0 ? 0 : i > b->n - 2 ? b->n - 2 : i;
  double f = t * (b->n - 1) - i;
  return b->values[i] * (1 - f) + b->values[i + 1] * f;
}
static double plain(double t, void *context) { return t * t; }

static const double constants[4] = {1, 3, 2, 5};

double integrals(const double *x) {
  struct gaussian g = {x[0], x[1], 0};
  struct table mine = {x, 4};
  double s = simpson(bell, &g, 0, 1, 8) * g.calls;
  s += x[2] * simpson(lookup, &mine, 0, 1, 6);
  s *= simpson(plain, 0, 0, x[3], 4);
  return s;
}
FUNCTIONAL(integrals, 4)

// The same callback over constants only.
double constantTable(const double *x) {
  struct table fixed = {constants, 4};
  return x[0] * simpson(lookup, &fixed, 0, 1, 6) + simpson(lookup, &fixed, 0, x[1] * 0.1, 2);
}
FUNCTIONAL(constantTable, 2)

// An observer that only watches, called with active values.
struct log {
  double seen[8];
  int n;
};
static void record(double v, void *context) {
  struct log *l = context;
  l->seen[l->n++ & 7] = v;
}
static void ignore(double v, void *context) {}
NOINLINE static double iterate(double a, double v, void (*observe)(double, void *), void *context) {
  for (int i = 0; i < 6; ++i) {
    v = (v + a / v) / 2;
    observe(v, context);
  }
  return v;
}
void observed(const double *x, double *y) {
  struct log l = {.n = 0};
  y[0] = iterate(x[0], x[1], ignore, 0);
  y[1] = iterate(x[1], 1, record, &l) + l.n;
  y[2] = l.seen[1] * l.seen[3];
}
MAP(observed, 2, 3)
