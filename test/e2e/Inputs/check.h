//===- check.h - Derivatives against differences and each other -*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test writes functions of one of three forms and names each once:
//
//   void   f(const double *x, double *y)   MAP(f, inputs, outputs)
//   void   f(double *x)                    INPLACE(f, inputs)
//   double f(const double *x)              FUNCTIONAL(f, inputs)
//
// main() is here. It checks for each, at several points x:
//  - forward and reverse mode against central differences;
//  - <ybar, J xdot> = <J^T ybar, xdot> for random vectors, at 1e-12, width 1,
//    and width 4 lane by lane;
//  - reverse adds to the shadow of x, whatever that held before;
//  - the primal's results and x are the same, bit by bit, as without
//    differentiation;
//  - what y held before counts as input, so stale shadows are found.
// Arrays are exactly as big as said, for valgrind and the sanitizers to watch.
//
// With SPLIT defined, derivatives are asked for in two halves: check-split.h.
//
// With ROUNDING defined, results may differ from run to run by that much, because
// threads add in any order.
//
// Further arguments after the sizes are fields of struct Check, in order:
// MAP(f, 2, 3, .low = -1, .high = 1).
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TEST_CHECK_H
#define LINKGRAD_TEST_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int enzyme_dup, enzyme_dupnoneed, enzyme_const, enzyme_out, enzyme_width,
    enzyme_primal_return;

#ifdef __cplusplus
extern "C" {
#endif
struct Pair {
  double primal, derivative;
};
struct Lanes {
  double lane[4];
};
void __enzyme_autodiff(void *, ...);
double __enzyme_autodiff_primal(void *, ...);
void __enzyme_fwddiff(void *, ...);
struct Pair __enzyme_fwddiff_pair(void *, ...);
struct Lanes __enzyme_fwddiff_lanes(void *, ...);
#ifdef __cplusplus
}
#endif

/// One differentiated function, in the form of a map from x to y. Derivatives
/// of W lanes take W shadows one behind the other.
struct Check {
  const char *name;
  int inputs, outputs;
  void (*primal)(const double *x, double *y);
  void (*forward)(double *x, double *dx, double *y, double *dy);
  void (*forward4)(double *x, double *dx, double *y, double *dy);
  void (*reverse)(double *x, double *dx, double *y, double *dy);
  void (*reverse4)(double *x, double *dx, double *y, double *dy);
  double low, high; ///< range of x, by default 0.5 to 1.5
  double step;      ///< of the central differences, 1e-5
  double tolerance; ///< against central differences, 1e-6
  double precision; ///< forward against reverse, 1e-12
  struct Check *next;
};

static struct Check *firstCheck, **lastCheck = &firstCheck;
static int numChecks, numFailures;

static void addCheck(struct Check *c) {
  *lastCheck = c;
  lastCheck = &c->next;
}

#define REGISTER(F, N, M, ...)                                                 \
  static struct Check F##_check = {#F,                                         \
                                   N,                                          \
                                   M,                                          \
                                   F##_primal,                                 \
                                   F##_forward,                                \
                                   F##_forward4,                               \
                                   F##_reverse,                                \
                                   F##_reverse4,                               \
                                   ##__VA_ARGS__};                             \
  __attribute__((constructor)) static void F##_register(void) {                \
    addCheck(&F##_check);                                                      \
  }

#define MAP(F, N, M, ...)                                                      \
  static void F##_primal(const double *x, double *y) { F((double *)x, y); }    \
  static void F##_forward(double *x, double *dx, double *y, double *dy) {      \
    __enzyme_fwddiff((void *)F, enzyme_dup, x, dx, enzyme_dup, y, dy);         \
  }                                                                            \
  static void F##_forward4(double *x, double *dx, double *y, double *dy) {     \
    __enzyme_fwddiff((void *)F, enzyme_width, 4, enzyme_dup, x, dx, dx + (N),  \
                     dx + 2 * (N), dx + 3 * (N), enzyme_dup, y, dy, dy + (M),  \
                     dy + 2 * (M), dy + 3 * (M));                              \
  }                                                                            \
  static void F##_reverse(double *x, double *dx, double *y, double *dy) {      \
    __enzyme_autodiff((void *)F, enzyme_dup, x, dx, enzyme_dup, y, dy);        \
  }                                                                            \
  static void F##_reverse4(double *x, double *dx, double *y, double *dy) {     \
    __enzyme_autodiff((void *)F, enzyme_width, 4, enzyme_dup, x, dx, dx + (N), \
                      dx + 2 * (N), dx + 3 * (N), enzyme_dup, y, dy, dy + (M), \
                      dy + 2 * (M), dy + 3 * (M));                             \
  }                                                                            \
  REGISTER(F, N, M, ##__VA_ARGS__)

// The function overwrites a copy of x in y. What y held before is of no
// interest, so its adjoint ends as zero.
#define INPLACE(F, N, ...)                                                     \
  static void F##_primal(const double *x, double *y) {                         \
    memcpy(y, x, (N) * sizeof *x);                                             \
    F(y);                                                                      \
  }                                                                            \
  static void F##_forward(double *x, double *dx, double *y, double *dy) {      \
    memcpy(y, x, (N) * sizeof *x);                                             \
    memcpy(dy, dx, (N) * sizeof *x);                                           \
    __enzyme_fwddiff((void *)F, enzyme_dup, y, dy);                            \
  }                                                                            \
  static void F##_forward4(double *x, double *dx, double *y, double *dy) {     \
    memcpy(y, x, (N) * sizeof *x);                                             \
    memcpy(dy, dx, 4 * (N) * sizeof *x);                                       \
    __enzyme_fwddiff((void *)F, enzyme_width, 4, enzyme_dup, y, dy, dy + (N),  \
                     dy + 2 * (N), dy + 3 * (N));                              \
  }                                                                            \
  static void F##_reverse(double *x, double *dx, double *y, double *dy) {      \
    memcpy(y, x, (N) * sizeof *x);                                             \
    __enzyme_autodiff((void *)F, enzyme_dup, y, dy);                           \
    for (int i = 0; i < (N); ++i)                                              \
      dx[i] += dy[i], dy[i] = 0;                                               \
  }                                                                            \
  static void F##_reverse4(double *x, double *dx, double *y, double *dy) {     \
    memcpy(y, x, (N) * sizeof *x);                                             \
    __enzyme_autodiff((void *)F, enzyme_width, 4, enzyme_dup, y, dy, dy + (N), \
                      dy + 2 * (N), dy + 3 * (N));                             \
    for (int i = 0; i < 4 * (N); ++i)                                          \
      dx[i] += dy[i], dy[i] = 0;                                               \
  }                                                                            \
  REGISTER(F, N, N, ##__VA_ARGS__)

// The seed of an active result is 1 and cannot be passed, so the reverse
// derivative is scaled afterwards.
#define FUNCTIONAL(F, N, ...)                                                  \
  static void F##_primal(const double *x, double *y) { *y = F((double *)x); }  \
  static void F##_forward(double *x, double *dx, double *y, double *dy) {      \
    struct Pair p = __enzyme_fwddiff_pair((void *)F, enzyme_primal_return,     \
                                          enzyme_dup, x, dx);                  \
    *y = p.primal;                                                             \
    *dy = p.derivative;                                                        \
  }                                                                            \
  static void F##_forward4(double *x, double *dx, double *y, double *dy) {     \
    struct Lanes l =                                                           \
        __enzyme_fwddiff_lanes((void *)F, enzyme_width, 4, enzyme_dup, x, dx,  \
                               dx + (N), dx + 2 * (N), dx + 3 * (N));          \
    *y = F(x);                                                                 \
    memcpy(dy, &l, sizeof l);                                                  \
  }                                                                            \
  static void F##_reverse(double *x, double *dx, double *y, double *dy) {      \
    double *gradient = (double *)calloc(N, sizeof *gradient);                  \
    *y = __enzyme_autodiff_primal((void *)F, enzyme_primal_return, enzyme_dup, \
                                  x, gradient);                                \
    for (int i = 0; i < (N); ++i)                                              \
      dx[i] += *dy * gradient[i];                                              \
    *dy = 0;                                                                   \
    free(gradient);                                                            \
  }                                                                            \
  static void F##_reverse4(double *x, double *dx, double *y, double *dy) {     \
    double *gradient = (double *)calloc(4 * (N), sizeof *gradient);            \
    __enzyme_autodiff((void *)F, enzyme_width, 4, enzyme_dup, x, gradient,     \
                      gradient + (N), gradient + 2 * (N), gradient + 3 * (N)); \
    *y = F(x);                                                                 \
    for (int i = 0; i < 4 * (N); ++i)                                          \
      dx[i] += dy[i / (N)] * gradient[i];                                      \
    memset(dy, 0, 4 * sizeof *dy);                                             \
    free(gradient);                                                            \
  }                                                                            \
  REGISTER(F, N, 1, ##__VA_ARGS__)

#ifdef SPLIT
#include "check-split.h"
#endif

/// A number in [low, high), the same sequence in every run.
static double randomIn(double low, double high) {
  static unsigned long long state = 0x9E3779B97F4A7C15ull;
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return low + (high - low) * (double)(state >> 11) / 9007199254740992.0;
}

static double *randomArray(int n, double low, double high) {
  double *a = (double *)malloc(n * sizeof *a);
  for (int i = 0; i < n; ++i)
    a[i] = randomIn(low, high);
  return a;
}

static double *copyOf(const double *a, int n) {
  double *c = (double *)malloc(n * sizeof *c);
  memcpy(c, a, n * sizeof *c);
  return c;
}

/// Compares; \p scale is what the error is relative to.
static void expectNear(const char *name, const char *what, int index, double is,
                       double should, double scale, double tolerance) {
  ++numChecks;
  if (fabs(is - should) <= tolerance * scale)
    return;
  if (++numFailures <= 20)
    printf("%s: %s %d: %.17g instead of %.17g\n", name, what, index, is,
           should);
}

static void expectSame(const char *name, const char *what, const double *is,
                       const double *should, int n) {
#ifdef ROUNDING
  for (int i = 0; i < n; ++i)
    expectNear(name, what, i, is[i], should[i], fmax(1, fabs(should[i])),
               ROUNDING);
  return;
#endif
  ++numChecks;
  for (int i = 0; i < n; ++i)
    if (memcmp(is + i, should + i, sizeof *is) && ++numFailures <= 20)
      printf("%s: %s %d: %.17g instead of %.17g\n", name, what, i, is[i],
             should[i]);
}

/// The columns of the Jacobian by central differences: [input][output].
static double *differences(const struct Check *c, const double *x,
                           const double *y0) {
  int n = c->inputs, m = c->outputs;
  double *jacobian = (double *)malloc(n * m * sizeof *jacobian);
  for (int i = 0; i < n; ++i) {
    double *moved = copyOf(x, n), *up = copyOf(y0, m), *down = copyOf(y0, m);
    double h = c->step * fmax(1, fabs(x[i]));
    moved[i] = x[i] + h;
    double above = moved[i];
    c->primal(moved, up);
    moved[i] = x[i] - h;
    c->primal(moved, down);
    for (int j = 0; j < m; ++j)
      jacobian[i * m + j] = (up[j] - down[j]) / (above - moved[i]);
    free(moved), free(up), free(down);
  }
  return jacobian;
}

/// Both modes give \p jacobian, column by column and row by row.
static void checkJacobian(const struct Check *c, double *x, const double *y0) {
  int n = c->inputs, m = c->outputs;
  double *jacobian = differences(c, x, y0), scale = 1;
  for (int i = 0; i < n * m; ++i)
    scale = fmax(scale, fabs(jacobian[i]));
  for (int i = 0; i < n; ++i) {
    double *dx = (double *)calloc(n, sizeof *dx), *y = copyOf(y0, m);
    double *dy = (double *)calloc(m, sizeof *dy);
    dx[i] = 1;
    c->forward(x, dx, y, dy);
    for (int j = 0; j < m; ++j)
      expectNear(c->name, "forward against difference", i * m + j, dy[j],
                 jacobian[i * m + j], scale, c->tolerance);
    free(dx), free(y), free(dy);
  }
  for (int j = 0; j < m; ++j) {
    double *dx = (double *)calloc(n, sizeof *dx), *y = copyOf(y0, m);
    double *dy = (double *)calloc(m, sizeof *dy);
    dy[j] = 1;
    c->reverse(x, dx, y, dy);
    for (int i = 0; i < n; ++i)
      expectNear(c->name, "reverse against difference", i * m + j, dx[i],
                 jacobian[i * m + j], scale, c->tolerance);
    free(dx), free(y), free(dy);
  }
  free(jacobian);
}

/// Adds a term to a sum and its size to \p scale.
static double term(double a, double b, double *scale) {
  *scale += fabs(a * b);
  return a * b;
}

/// <ybar, J xdot> = <J^T ybar, xdot>, where J is the derivative with respect
/// to x and to what y holds before. \p width lanes.
static void checkDotProduct(const struct Check *c, double *x, const double *y0,
                            int width) {
  int n = c->inputs, m = c->outputs;
  double *result = copyOf(y0, m), *x0 = copyOf(x, n);
  c->primal(x, result);
  double *xdot = randomArray(width * n, -1, 1),
         *tangent = copyOf(xdot, width * n);
  double *ydot0 = randomArray(width * m, -1, 1),
         *ydot = copyOf(ydot0, width * m);
  double *y = copyOf(y0, m);
  (width == 1 ? c->forward : c->forward4)(x, tangent, y, ydot);
  expectSame(c->name, "result after forward", y, result, m);
  expectSame(c->name, "input after forward", x, x0, n);
  for (int lane = 0; lane < width; ++lane) {
    double *ybar = randomArray(m, -1, 1), *xbar0 = randomArray(n, -1, 1);
    // The other lanes must stay apart; they get other numbers.
    double *ybars = randomArray(4 * m, -1, 1),
           *xbars = randomArray(4 * n, -1, 1);
    int at = width == 1 ? 0 : lane;
    memcpy(ybars + at * m, ybar, m * sizeof *ybar);
    memcpy(xbars + at * n, xbar0, n * sizeof *xbar0);
    memcpy(y, y0, m * sizeof *y);
    (width == 1 ? c->reverse : c->reverse4)(x, xbars, y, ybars);
    expectSame(c->name, "result after reverse", y, result, m);
    expectSame(c->name, "input after reverse", x, x0, n);
    double left = 0, right = 0, scale = 1;
    for (int j = 0; j < m; ++j)
      left += term(ybar[j], ydot[lane * m + j], &scale);
    for (int i = 0; i < n; ++i)
      right += term(xbars[at * n + i] - xbar0[i], xdot[lane * n + i], &scale);
    // INPLACE and FUNCTIONAL leave zero here.
    for (int j = 0; j < m; ++j)
      right += term(ybars[at * m + j], ydot0[lane * m + j], &scale);
    expectNear(c->name, "dot product, lane", lane, right, left, scale,
               c->precision);
    free(ybar), free(xbar0), free(ybars), free(xbars);
  }
  free(result), free(x0), free(xdot), free(tangent), free(ydot0), free(ydot);
  free(y);
}

static void runCheck(struct Check *c) {
  if (c->low == c->high)
    c->low = 0.5, c->high = 1.5;
  c->step = c->step ? c->step : 1e-5;
  c->tolerance = c->tolerance ? c->tolerance : 1e-6;
  c->precision = c->precision ? c->precision : 1e-12;
  for (int point = 0; point < 3; ++point) {
    double *x = randomArray(c->inputs, c->low, c->high);
    double *y0 = randomArray(c->outputs, c->low, c->high);
    checkJacobian(c, x, y0);
    checkDotProduct(c, x, y0, 1);
    checkDotProduct(c, x, y0, 4);
    free(x), free(y0);
  }
}

/// For tests with expectations of their own: called before the checks.
#ifdef OWN_CHECKS
static void ownChecks(void);
#define EXPECT(Is, Should)                                                     \
  expectNear(__func__, "line", __LINE__, Is, Should,                           \
             fmax(1, fabs((double)(Should))), 1e-12)
#define EXPECT_NEAR(Is, Should, Tolerance)                                     \
  expectNear(__func__, "line", __LINE__, Is, Should,                           \
             fmax(1, fabs((double)(Should))), Tolerance)
#endif

int main(void) {
#ifdef OWN_CHECKS
  ownChecks();
#endif
  for (struct Check *c = firstCheck; c; c = c->next)
    runCheck(c);
  printf("%d checks, %d failures\n", numChecks, numFailures);
  return numFailures || !numChecks;
}

#endif // LINKGRAD_TEST_CHECK_H
