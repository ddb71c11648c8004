// Tail calls: accumulators, a state machine of functions that must not grow the
// stack, continuation passing, tail calls through a pointer and with memory.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))
#define MUSTTAIL __attribute__((musttail))

// An accumulator, which -O2 makes a loop and -O0 leaves as it is.
NOINLINE static double horner(const double *c, int n, double at, double sum) {
  if (n == 0)
    return sum;
  return horner(c, n - 1, at, sum * at + c[n - 1]);
}
double accumulator(const double *x) { return horner(x, 5, x[5], 0) * horner(x, 3, 0.5, x[5]); }
FUNCTIONAL(accumulator, 6)

// Guaranteed tail calls between functions with one signature.
struct Machine {
  double energy, rate;
  int left;
};
static double heat(struct Machine *m, double v);
static double cool(struct Machine *m, double v);
static double rest(struct Machine *m, double v) {
  m->energy += v * m->rate;
  if (m->left-- <= 0)
    return v * m->energy;
  if (v > 1)
    MUSTTAIL return cool(m, v);
  MUSTTAIL return heat(m, v);
}
static double heat(struct Machine *m, double v) {
  v += m->rate * (2 - v);
  MUSTTAIL return rest(m, v);
}
static double cool(struct Machine *m, double v) {
  v *= exp(-m->rate);
  m->rate *= 0.9;
  MUSTTAIL return rest(m, v);
}
double machine(const double *x) {
  struct Machine m = {x[0], x[1] * 0.5, 12};
  return rest(&m, x[2]) + m.rate * m.energy;
}
FUNCTIONAL(machine, 3)

// What comes next is passed along.
typedef double (*Next)(double v, const double *p, int n);
static double finish(double v, const double *p, int n) { return v * p[n % 3]; }
static double square(double v, const double *p, int n) {
  Next next = n > 2 ? square : finish;
  return next(v * v * 0.7 + p[0], p, n - 1);
}
static double shift(double v, const double *p, int n) {
  static const Next choices[2] = {square, finish};
  return choices[n & 1](v + p[1] * n, p, n + 2);
}
double continuations(const double *x) { return shift(x[0], x, 2) + shift(x[1], x, 3) * square(x[2], x, 4); }
FUNCTIONAL(continuations, 3)

// A walk that writes and ends with a call.
NOINLINE static void relax(double *grid, int i, int n, double weight) {
  if (i + 1 >= n)
    return;
  grid[i] = (1 - weight) * grid[i] + weight * 0.5 * (grid[i - 1] + grid[i + 1]);
  relax(grid, i + 1, n, weight * 0.95);
}
void sweeps(double *x) {
  for (int k = 0; k < 3; ++k)
    relax(x + 1, 1, 6, x[0]);
}
INPLACE(sweeps, 7)

// Euclid's algorithm on active remainders: data-dependent depth.
NOINLINE static double fraction(double a, double b, int depth, double sum) {
  if (depth == 0 || b < 0.05)
    return a + sum;
  double q = floor(a / b);
  return fraction(b, a - q * b, depth - 1, sum * 0.5 + b * q);
}
double euclid(const double *x) { return fraction(x[0] + 3, x[1], 6, 0); }
FUNCTIONAL(euclid, 2)

// Results in registers that are taken apart on the way.
typedef struct {
  double *place;
  double value;
} Found;
NOINLINE static Found further(double *x, double s, int n);
NOINLINE static Found along(double *x, double s, int n) {
  if (n == 0)
    return (Found){x + 1, s};
  MUSTTAIL return further(x, s * x[0], n - 1);
}
NOINLINE static Found further(double *x, double s, int n) {
  if (n == 0)
    return (Found){x, s};
  MUSTTAIL return along(x, s + x[1], n - 1);
}
double found(const double *x) {
  Found f = along((double *)x, x[0], 5);
  return *f.place * f.value;
}
FUNCTIONAL(found, 2)

typedef struct {
  float value;
  int steps;
} Counted;
NOINLINE static Counted odd(Counted c, int n);
NOINLINE static Counted even(Counted c, int n) {
  if (n == 0)
    return c;
  c.value *= c.value;
  c.steps++;
  MUSTTAIL return odd(c, n - 1);
}
NOINLINE static Counted odd(Counted c, int n) {
  if (n == 0)
    return c;
  c.value += 1;
  c.steps *= 2;
  MUSTTAIL return even(c, n - 1);
}
void counted(const double *x, double *y) {
  Counted c = even((Counted){x[0], 2}, 3);
  y[0] = c.value * c.steps;
}
MAP(counted, 1, 1, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)
