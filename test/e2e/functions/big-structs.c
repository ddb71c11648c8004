// Structs by value that do not fit into registers: state vectors of solvers, passed
// and returned, with arrays and counters in them, through pointers to functions and
// recursion.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

typedef struct {
  double position[2], velocity[2];
  double time;
  int steps;
} State;
typedef State (*Slope)(State, const double *);

NOINLINE static State axpy(State a, double h, State b) {
  for (int i = 0; i < 2; ++i) {
    a.position[i] += h * b.position[i];
    a.velocity[i] += h * b.velocity[i];
  }
  a.time += h * b.time;
  return a;
}
static State orbit(State s, const double *p) {
  double r2 = s.position[0] * s.position[0] + s.position[1] * s.position[1], k = -p[0] / (r2 * sqrt(r2));
  return (State){{s.velocity[0], s.velocity[1]}, {k * s.position[0], k * s.position[1]}, 1, 1};
}
static State spring(State s, const double *p) {
  return (State){{s.velocity[0], s.velocity[1]},
                 {-p[1] * s.position[0] - 0.1 * s.velocity[0], -p[2] * s.position[1]}, 1, 1};
}
// Heun's method, with either right-hand side.
NOINLINE static State heun(State s, Slope f, const double *p, double h) {
  State k = f(s, p), l = f(axpy(s, h, k), p);
  s = axpy(axpy(s, h / 2, k), h / 2, l);
  s.steps += k.steps;
  return s;
}
void solved(const double *x, double *y) {
  State s = {{x[0], x[1]}, {0.1 * x[2], x[3]}, 0, 0};
  for (int i = 0; i < 5; ++i)
    s = heun(s, i < 3 ? orbit : spring, x, 0.1);
  y[0] = s.position[0] * s.steps;
  y[1] = s.position[1] + s.time;
  y[2] = s.velocity[0] * s.velocity[1];
}
MAP(solved, 4, 3)

// Halving a step by recursion.
NOINLINE static State adaptive(State s, const double *p, double h, int depth) {
  State whole = heun(s, orbit, p, h);
  State half = heun(heun(s, orbit, p, h / 2), orbit, p, h / 2);
  double error = fabs(whole.position[0] - half.position[0]) + fabs(whole.position[1] - half.position[1]);
  if (depth == 0 || error < 1e-4)
    return half;
  return adaptive(adaptive(s, p, h / 2, depth - 1), p, h / 2, depth - 1);
}
double adapted(const double *x) {
  State s = {{x[0], x[1]}, {-x[1] * 0.5, x[2] * 0.5}, 0, 0};
  s = adaptive(s, x, 0.8, 3);
  return s.position[0] * s.velocity[1] + s.time;
}
FUNCTIONAL(adapted, 3)
