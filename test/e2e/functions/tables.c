// Tables of functions: activations of a network, reactions of a chemical system,
// a dispatch by a name, objects with a table of operations, functions that return
// functions.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

static double relu(double v) { return v > 0 ? v : 0.1 * v; }
static double sigmoid(double v) { return 1 / (1 + exp(-v)); }
static double swish(double v) { return v * sigmoid(v); }
typedef double (*Unary)(double);
static Unary const activations[] = {tanh, relu, sigmoid, swish};

double network(const double *x) {
  double v[3] = {x[0], x[1], x[2]};
  for (int l = 0; l < 4; ++l) {
    double next[3];
    for (int i = 0; i < 3; ++i)
      next[i] = activations[(l + i) % 4](v[i] * x[3 + i] - 0.5 * v[(i + 1) % 3]);
    memcpy(v, next, sizeof v);
  }
  return v[0] * v[1] + v[2];
}
FUNCTIONAL(network, 6)

// Reactions: a rate and what it changes.
struct reaction {
  double (*rate)(const double *c, const double *k);
  int from, to;
};
static double decay(const double *c, const double *k) { return k[0] * c[0]; }
static double meet(const double *c, const double *k) { return k[1] * c[0] * c[1]; }
static double saturate(const double *c, const double *k) { return k[2] * c[2] / (1 + c[2]); }
static const struct reaction reactions[] = {{decay, 0, 1}, {meet, 1, 2}, {saturate, 2, 0}};
void chemistry(const double *x, double *y) {
  double c[3] = {x[0], x[1], x[2]};
  for (int t = 0; t < 5; ++t)
    for (int r = 0; r < 3; ++r) {
      double v = 0.1 * reactions[r].rate(c, x + 3);
      c[reactions[r].from] -= v;
      c[reactions[r].to] += v;
    }
  memcpy(y, c, sizeof c);
}
MAP(chemistry, 6, 3)

// Operations of an object, with its data behind.
struct curve;
struct operations {
  double (*value)(const struct curve *, double);
  void (*scale)(struct curve *, double);
};
struct curve {
  const struct operations *ops;
  double a, b;
};
static double line(const struct curve *c, double t) { return c->a + c->b * t; }
static double wave(const struct curve *c, double t) { return c->a * sin(c->b * t); }
static void both(struct curve *c, double s) { c->a *= s, c->b *= s; }
static void height(struct curve *c, double s) { c->a *= s; }
static const struct operations lines = {line, both}, waves = {wave, height};
double curves(const double *x) {
  struct curve c[3] = {{&lines, x[0], x[1]}, {&waves, x[2], x[3]}, {&lines, x[1], x[2]}};
  double s = 0;
  for (int t = 0; t < 3; ++t)
    for (int i = 0; i < 3; ++i) {
      s += c[i].ops->value(&c[i], s * 0.2 + t);
      c[i].ops->scale(&c[i], 0.9 * x[i]);
    }
  return s;
}
FUNCTIONAL(curves, 4)

// Chosen by a name.
NOINLINE static Unary named(const char *name) {
  static const struct {
    const char *name;
    Unary function;
  } all[] = {{"exp", exp}, {"sqrt", sqrt}, {"swish", swish}, {0, 0}};
  for (int i = 0; all[i].name; ++i)
    if (!strcmp(all[i].name, name))
      return all[i].function;
  return relu;
}
double chained(const double *x) {
  static const char *const steps[] = {"sqrt", "swish", "relu", "exp"};
  double v = x[0];
  for (int i = 0; i < 4; ++i)
    v = named(steps[i])(v * x[1]);
  return v;
}
FUNCTIONAL(chained, 2)
