// Global variables that differentiated code writes to: they hold active values
// from one function to the next, and start as constants in each derivative.
// RUN: %check %s %t

#include "../Inputs/check.h"

static double scratch;
double visible[4];
static double work[64];
static _Thread_local double own;
struct State {
  int steps;
  double position, speed;
};
static struct State state;
// Set before, only read by what is differentiated.
static double scale = 1.5;

double through(const double *x) {
  scratch = x[0] * x[1];
  visible[1] = scratch * x[0];
  return scratch * visible[1] * scale;
}
FUNCTIONAL(through, 2)

// Functions that share nothing but the variables.
__attribute__((noinline)) static void start(const double *x) {
  state.steps = 0, state.position = x[0], state.speed = x[1] * x[1];
}
__attribute__((noinline)) static void step(void) {
  state.position += 0.1 * state.speed;
  state.speed -= 0.1 * sin(state.position);
  ++state.steps;
}
__attribute__((noinline)) static double energy(void) {
  return 0.5 * state.speed * state.speed - cos(state.position) + state.steps;
}
double simulate(const double *x) {
  start(x);
  while (state.steps < 7)
    step();
  return energy();
}
FUNCTIONAL(simulate, 2)

// What lies there at the beginning is a constant, also of the run before.
double remembers(const double *x) {
  double s = own * 0 + x[0];
  own = s * x[1];
  visible[2] = own + visible[3];
  return own * visible[2];
}
FUNCTIONAL(remembers, 2)

static void table(double v, int n) {
  work[0] = v;
  for (int i = 1; i < n; ++i)
    work[i] = work[i - 1] * v + work[i / 2];
}
double tables(const double *x) {
  double s = 0;
  for (int k = 0; k < 3; ++k) {
    table(x[k], 5 + k);
    s += work[4 + k] * work[2];
  }
  memcpy(visible, work, 3 * sizeof(double));
  return s * visible[2];
}
FUNCTIONAL(tables, 3)

// A pointer into a global variable, and a counter beside.
static long calls;
static double *cell(int i) {
  ++calls;
  return &work[40 + i];
}
double pointers(const double *x) {
  for (int i = 0; i < 4; ++i)
    *cell(i) = x[i % 2] + i;
  *cell(1) *= *cell(2);
  return *cell(0) * *cell(1) * *cell(3);
}
FUNCTIONAL(pointers, 2)

// The result stays in a variable; another function brings it out.
__attribute__((noinline)) static void keep(double v) { visible[0] += v * v; }
double outside(const double *x) {
  visible[0] = 0;
  for (int i = 0; i < 3; ++i)
    keep(x[i]);
  return sqrt(visible[0]);
}
FUNCTIONAL(outside, 3)
