// A registered derivative that is used in loops, in recursion and on memory, whose
// tape is a block of memory: a tridiagonal solver with the adjoint solve.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))
enum { N = 4 };

// Solves (2 + d_i) u_i - u_{i-1} - u_{i+1} = b_i; b is overwritten by u.
static void thomas(const double *d, double *b) {
  double c[N], e = 2 + d[0];
  b[0] /= e;
  c[0] = -1 / e;
  for (int i = 1; i < N; ++i) {
    e = 2 + d[i] + c[i - 1];
    c[i] = -1 / e;
    b[i] = (b[i] + b[i - 1]) / e;
  }
  for (int i = N - 2; i >= 0; --i)
    b[i] -= c[i] * b[i + 1];
}
__attribute__((noinline, optnone)) static void solve(const double *d, double *b) { thomas(d, b); }

// The tape is the solution and the diagonal, which may change before the gradient runs.
static double *augment(const double *d, double *dd, double *b, double *db) {
  thomas(d, b);
  double *tape = malloc(2 * N * sizeof *tape);
  memcpy(tape, b, N * sizeof *b);
  memcpy(tape + N, d, N * sizeof *d);
  return tape;
}
static void gradient(const double *d, double *dd, double *b, double *db, double *tape) {
  thomas(tape + N, db); // the matrix is symmetric
  for (int i = 0; i < N; ++i)
    dd[i] -= db[i] * tape[i];
  free(tape);
}
static void tangent(const double *d, double *dd, double *b, double *db) {
  thomas(d, b);
  for (int i = 0; i < N; ++i)
    db[i] -= dd[i] * b[i];
  thomas(d, db);
}
__attribute__((used)) static void *__enzyme_register_gradient_solve[] = {(void *)solve, (void *)augment, (void *)gradient};
__attribute__((used)) static void *__enzyme_register_derivative_solve[] = {(void *)solve, (void *)tangent};

// Implicit time steps of a heat equation. One lane only: a rule that writes to
// memory is refused for several.
double __enzyme_autodiff_d(void *, ...);
static void heat(const double *x, double *y) {
  double u[N], d[N];
  for (int i = 0; i < N; ++i)
    u[i] = x[i], d[i] = x[N + i];
  for (int t = 0; t < 3; ++t) {
    for (int i = 0; i < N; ++i)
      u[i] *= d[i];
    solve(d, u);
    d[t] += 0.1 * u[3 - t];
  }
  for (int i = 0; i < N; ++i)
    y[i] = u[i] * u[i];
}
static void heat_primal(const double *x, double *y) { heat(x, y); }
static void heat_forward(double *x, double *dx, double *y, double *dy) {
  __enzyme_fwddiff((void *)heat, enzyme_dup, x, dx, enzyme_dup, y, dy);
}
static void heat_forward4(double *x, double *dx, double *y, double *dy) {
  for (int lane = 0; lane < 4; ++lane)
    heat_forward(x, dx + lane * 2 * N, y, dy + lane * N);
}
static void heat_reverse(double *x, double *dx, double *y, double *dy) {
  __enzyme_autodiff((void *)heat, enzyme_dup, x, dx, enzyme_dup, y, dy);
}
static void heat_reverse4(double *x, double *dx, double *y, double *dy) {
  for (int lane = 0; lane < 4; ++lane)
    heat_reverse(x, dx + lane * 2 * N, y, dy + lane * N);
}
REGISTER(heat, 2 * N, N)
