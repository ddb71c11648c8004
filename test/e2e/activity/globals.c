// Active values that pass from function to function through global variables:
// scalars, arrays, structs, statics of a function; beside others that hold
// constants only.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

static double temperature, rates[3];
static int steps;
static const double weights[3] = {0.5, 0.25, 2};
static struct {
  double mass, gravity;
  int n;
  double history[4];
} model;

NOINLINE static void configure(const double *x) {
  temperature = x[0] * x[1];
  for (int i = 0; i < 3; ++i)
    rates[i] = weights[i] * x[i] / temperature;
  steps = 4;
}
NOINLINE static double react(double c) {
  for (int i = 0; i < steps; ++i)
    c -= 0.1 * rates[i % 3] * c * exp(-temperature);
  return c;
}
double arrhenius(const double *x) {
  configure(x);
  double c = react(x[3]);
  temperature = 2; // no longer active
  return c * react(1) + temperature * x[2];
}
FUNCTIONAL(arrhenius, 4)

NOINLINE static void step(double dt) {
  model.mass += dt * model.gravity * model.mass;
  model.history[model.n++ & 3] = model.mass;
}
void histories(const double *x, double *y) {
  model.mass = x[0];
  model.gravity = 9.81; // constant beside active fields
  model.n = 0;
  for (int i = 0; i < 7; ++i)
    step(x[1] * 0.05);
  for (int i = 0; i < 4; ++i)
    y[i] = model.history[i] * y[i];
}
MAP(histories, 2, 4)

// A running mean in a static variable, set back by the caller.
NOINLINE static double filtered(double v, int reset) {
  static double state;
  static int calls;
  if (reset)
    state = 0, calls = 0;
  state += (v - state) / ++calls;
  return state * v;
}
double running(const double *x) {
  double s = 0;
  for (int i = 0; i < 5; ++i)
    s += filtered(x[i], i == 0);
  return s;
}
FUNCTIONAL(running, 5)

// A cache of results: whether it is filled does not depend on active values.
static double cache[8];
static char known[8];
NOINLINE static double fibonacci(const double *x, int n) {
  if (n < 2)
    return x[n];
  if (!known[n]) {
    cache[n] = fibonacci(x, n - 1) * 0.7 + sin(fibonacci(x, n - 2));
    known[n] = 1;
  }
  return cache[n];
}
double cached(const double *x) {
  memset(known, 0, sizeof known);
  return fibonacci(x, 7) * fibonacci(x, 5);
}
FUNCTIONAL(cached, 2)
