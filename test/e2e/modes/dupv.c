// enzyme_dupv: the shadows of all lanes lie at a distance in one array; for arrays,
// structs and matrices, in both modes, beside enzyme_dup and constants.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

extern int enzyme_dupv, enzyme_dupnoneedv;
struct Three {
  double lane[3];
};
struct Three __enzyme_fwddiff_three(void *, ...);
double __enzyme_autodiff_d(void *, ...);

enum { N = 4 };
static double f(const double *x, const double *w, int n) {
  double s = 1;
  for (int i = 0; i < n; ++i)
    s = s * x[i] * w[i] + sin(x[i]);
  return s;
}
static void g(const double *x, double *y) {
  for (int i = 0; i < N; ++i)
    y[i] = x[i] * x[(i + 1) % N] + y[i];
}
struct body {
  double position[2];
  int id;
  double mass;
};
static double energy(const struct body *b) {
  return b->mass * (b->position[0] * b->position[0] + b->position[1]) * b->id;
}

// The directions are the rows of a matrix; single directions must agree.
static void directions(void) {
  double x[N] = {0.5, 1.5, 0.7, 1.1}, w[N] = {1, 0.5, 2, 1.5};
  double rows[3][N + 1] = {{1, 0, 2, -1}, {0, 1, 0.5, 0}, {0.25, -1, 0, 3}};
  struct Three d = __enzyme_fwddiff_three((void *)f, enzyme_width, 3, enzyme_dupv, sizeof rows[0], x, rows,
                                          enzyme_const, w, N);
  for (int k = 0; k < 3; ++k) {
    double h = 1e-6, up[N], down[N];
    for (int i = 0; i < N; ++i)
      up[i] = x[i] + h * rows[k][i], down[i] = x[i] - h * rows[k][i];
    EXPECT_NEAR(d.lane[k], (f(up, w, N) - f(down, w, N)) / (2 * h), 1e-8);
  }
}
// A Jacobian in one reverse call: the seeds are the identity.
static void jacobian(void) {
  double x[N] = {2, 3, 5, 7}, dx[N][N] = {{0}}, y[N] = {0}, dy[N][N] = {{0}};
  for (int i = 0; i < N; ++i)
    dy[i][i] = 1;
  __enzyme_autodiff((void *)g, enzyme_width, N, enzyme_dupv, sizeof dx[0], x, dx, enzyme_dupnoneedv,
                    sizeof dy[0], y, dy);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) {
      EXPECT(dx[i][j], j == i ? x[(i + 1) % N] : j == (i + 1) % N ? x[i] : 0);
      EXPECT(dy[i][j], i == j); // y is added to, so its adjoint passes on
    }
}
// Shadow structs in an array, at twice their size.
static void structs(void) {
  struct body b = {{2, 3}, 4, 5}, db[6];
  memset(db, 0, sizeof db);
  __enzyme_autodiff((void *)energy, enzyme_width, 3, enzyme_dupv, 2 * sizeof *db, &b, db);
  for (int k = 0; k < 6; ++k) {
    EXPECT(db[k].position[0], k % 2 ? 0 : 80), EXPECT(db[k].position[1], k % 2 ? 0 : 20);
    EXPECT(db[k].mass, k % 2 ? 0 : 28);
  }
  for (int k = 0; k < 3; ++k)
    db[2 * k].position[0] = k, db[2 * k].position[1] = 1, db[2 * k].mass = -k;
  struct Three d = __enzyme_fwddiff_three((void *)energy, enzyme_width, 3, enzyme_dupv, 2 * sizeof *db, &b, db);
  for (int k = 0; k < 3; ++k)
    EXPECT(d.lane[k], 80 * k + 20 - 28 * k);
}

static void ownChecks(void) {
  directions();
  jacobian();
  structs();
}
