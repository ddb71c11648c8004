// Numerical methods as C programs write them, with structs by value and by
// address. RUN: %check %s %t

#include "../Inputs/check.h"
#include <complex.h>
#include <stdbool.h>
#include <stdint.h>

// A Kalman filter whose state and matrices are structs by value.
typedef struct {
  double m[2][2];
} M2;
typedef struct {
  double v[2];
} V2;
static M2 mm(M2 a, M2 b) {
  M2 c = {0};
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      for (int k = 0; k < 2; ++k)
        c.m[i][j] += a.m[i][k] * b.m[k][j];
  return c;
}
static M2 tr(M2 a) {
  double t = a.m[0][1];
  a.m[0][1] = a.m[1][0];
  a.m[1][0] = t;
  return a;
}
static V2 mv(M2 a, V2 v) {
  return (V2){{a.m[0][0] * v.v[0] + a.m[0][1] * v.v[1],
               a.m[1][0] * v.v[0] + a.m[1][1] * v.v[1]}};
}
typedef struct {
  V2 x;
  M2 p;
  int steps;
  bool started;
} Kalman;
static Kalman update(Kalman k, double z, double r) {
  M2 f = {{{1, .1}, {0, 1}}};
  if (!k.started) {
    k.x.v[0] = z;
    k.started = true;
    return k;
  }
  k.x = mv(f, k.x);
  k.p = mm(mm(f, k.p), tr(f));
  k.p.m[0][0] += .01;
  k.p.m[1][1] += .01;
  double s = k.p.m[0][0] + r, g0 = k.p.m[0][0] / s, g1 = k.p.m[1][0] / s,
         e = z - k.x.v[0];
  k.x.v[0] += g0 * e;
  k.x.v[1] += g1 * e;
  M2 j = {{{1 - g0, 0}, {-g1, 1}}};
  k.p = mm(j, k.p);
  ++k.steps;
  return k;
}
double kalman(const double *x) {
  Kalman k = {.p = {{{x[0], 0}, {0, x[1]}}}};
  for (int i = 0; i < 6; ++i)
    k = update(k, x[2] * i + x[3] * sin(i), x[0] * .5);
  return k.x.v[0] * k.x.v[1] + k.p.m[0][1] * k.steps;
}
FUNCTIONAL(kalman, 4)

// A random number generator whose state has integers and a number that is kept.
typedef struct {
  uint64_t s;
  double cached;
  int has;
} Rng;
static double uni(Rng *r) {
  r->s = r->s * 6364136223846793005ull + 1442695040888963407ull;
  return (r->s >> 11) * 0x1p-53;
}
static double gauss(Rng *r) {
  if (r->has) {
    r->has = 0;
    return r->cached;
  }
  double u = uni(r) + 1e-9, v = uni(r), m = sqrt(-2 * log(u));
  r->cached = m * sin(2 * M_PI * v);
  r->has = 1;
  return m * cos(2 * M_PI * v);
}
double option(const double *x) {
  Rng r = {42};
  double sum = 0;
  for (int i = 0; i < 40; ++i) {
    double s = x[0];
    for (int k = 0; k < 4; ++k)
      s *= exp((x[1] - .5 * x[2] * x[2]) * .25 + x[2] * .5 * gauss(&r));
    if (s > 1)
      sum += s - 1;
  }
  return sum / 40;
}
FUNCTIONAL(option, 3)

// All roots of a cubic at once.
double roots(const double *x) {
  double complex r[3];
  for (int i = 0; i < 3; ++i)
    r[i] = cpow(.4 + .9 * I, i + 1);
  for (int it = 0; it < 12; ++it)
    for (int i = 0; i < 3; ++i) {
      double complex p = ((r[i] + x[0]) * r[i] + x[1]) * r[i] + x[2], q = 1;
      for (int j = 0; j < 3; ++j)
        if (j != i)
          q *= r[i] - r[j];
      r[i] -= p / q;
    }
  return cabs(r[0]) + creal(r[1] * conj(r[2])) + cimag(r[0] * r[0]);
}
FUNCTIONAL(roots, 3, .precision = 1e-9)

// Pointers that walk backwards, and their distances.
static double walk(const double *restrict b, const double *restrict e) {
  double s = 0;
  for (const double *p = e; p != b; --p)
    s = s * .9 + p[-1] * (p - b);
  return s;
}
static void shift(double *p, int n) {
  double *q = p + n;
  while (--q > p)
    *q += q[-1] * .5;
}
double pointers(const double *x) {
  double b[7];
  memcpy(b, x, sizeof b);
  shift(b + 1, 5);
  memmove(b + 2, b, 4 * sizeof *b);
  return walk(b, b + 7) * walk(b + 1, b + 4);
}
FUNCTIONAL(pointers, 7)

// Newton's method with status codes, clean-up by goto, and results by address.
enum status { OK, SINGULAR, NOT_CONVERGED };
static enum status newton(double (*f)(double, const double *, double *),
                          const double *c, double *root, double *err,
                          int *its) {
  enum status st = NOT_CONVERGED;
  double *hist = malloc(30 * sizeof *hist);
  int n = 0;
  for (int i = 0; i < 25; ++i) {
    double d, v = f(*root, c, &d);
    if (fabs(d) < 1e-12) {
      st = SINGULAR;
      goto out;
    }
    hist[n++] = v / d;
    *root -= v / d;
    if (fabs(v / d) < 1e-10) {
      st = OK;
      goto out;
    }
  }
out:
  *err = 0;
  for (int i = 0; i < n; ++i)
    *err += hist[i] * hist[i];
  if (its)
    *its = n;
  free(hist);
  return st;
}
static double cubic(double t, const double *c, double *d) {
  *d = 3 * t * t + c[0];
  return t * t * t + c[0] * t - c[1];
}
static double kepler(double e, const double *c, double *d) {
  *d = 1 - c[2] * cos(e);
  return e - c[2] * sin(e) - c[1];
}
double solve(const double *x) {
  double r1 = 1, r2 = x[1], e1, e2;
  int n;
  double c[3] = {x[0], x[1], .3 * x[2]};
  if (newton(cubic, c, &r1, &e1, &n) != OK)
    return -1;
  if (newton(kepler, c, &r2, &e2, 0) != OK)
    return -2;
  return r1 * r2 + e1 * n + e2;
}
FUNCTIONAL(solve, 3, .precision = 1e-10)
