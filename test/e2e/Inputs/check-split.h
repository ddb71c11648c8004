//===- check-split.h - The checks through split mode ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With -DSPLIT the forms of check.h ask for their derivatives in two halves: the
// augmented primal gives a tape, and a forward or a reverse sweep reads it.
// Between the halves the primal's memory holds nothing, and each tape is read
// twice, which must give the same.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TEST_CHECK_SPLIT_H
#define LINKGRAD_TEST_CHECK_SPLIT_H

extern int enzyme_nofree;

#ifdef __cplusplus
extern "C" {
#endif
struct TapeAndNumber {
  void *tape;
  double number;
};
void *__enzyme_augmentfwd(void *, ...);
struct TapeAndNumber __enzyme_augmentfwd_number(void *, ...);
void __enzyme_reverse(void *, ...);
void __enzyme_fwdsplit(void *, ...);
double __enzyme_fwdsplit_number(void *, ...);
struct Lanes __enzyme_fwdsplit_lanes(void *, ...);
#ifdef __cplusplus
}
#endif

static double *copyOf(const double *a, int n);

/// Moves the \p n numbers away; giveBack() brings them back.
static double *takeAway(double *a, int n) {
  double *kept = copyOf(a, n);
  for (int i = 0; i < n; ++i)
    a[i] = NAN;
  return kept;
}

static void giveBack(double *a, double *kept, int n) {
  memcpy(a, kept, n * sizeof *a);
  free(kept);
}

/// Both halves. X and Y are the primal's arrays, DX and DY their shadows.
#define SPLIT_TWICE(Sweep, F, W, X, N, DX, Y, M, DY, ...)                      \
  do {                                                                         \
    void *tape = __enzyme_augmentfwd((void *)F, enzyme_width, W, __VA_ARGS__); \
    double *x0 = takeAway(X, N), *y0 = takeAway(Y, M);                         \
    double *dx0 = copyOf(DX, (W) * (N)), *dy0 = copyOf(DY, (W) * (M));         \
    Sweep((void *)F, enzyme_nofree, enzyme_width, W, __VA_ARGS__, tape);       \
    giveBack(DX, dx0, (W) * (N)), giveBack(DY, dy0, (W) * (M));                \
    Sweep((void *)F, enzyme_width, W, __VA_ARGS__, tape);                      \
    giveBack(X, x0, N), giveBack(Y, y0, M);                                    \
  } while (0)

#undef MAP
#define MAP(F, N, M, ...)                                                      \
  static void F##_primal(const double *x, double *y) { F((double *)x, y); }    \
  static void F##_forward(double *x, double *dx, double *y, double *dy) {      \
    SPLIT_TWICE(__enzyme_fwdsplit, F, 1, x, N, dx, y, M, dy, enzyme_dup, x,    \
                dx, enzyme_dup, y, dy);                                        \
  }                                                                            \
  static void F##_forward4(double *x, double *dx, double *y, double *dy) {     \
    SPLIT_TWICE(__enzyme_fwdsplit, F, 4, x, N, dx, y, M, dy, enzyme_dup, x,    \
                dx, dx + (N), dx + 2 * (N), dx + 3 * (N), enzyme_dup, y, dy,   \
                dy + (M), dy + 2 * (M), dy + 3 * (M));                         \
  }                                                                            \
  static void F##_reverse(double *x, double *dx, double *y, double *dy) {      \
    SPLIT_TWICE(__enzyme_reverse, F, 1, x, N, dx, y, M, dy, enzyme_dup, x, dx, \
                enzyme_dup, y, dy);                                            \
  }                                                                            \
  static void F##_reverse4(double *x, double *dx, double *y, double *dy) {     \
    SPLIT_TWICE(__enzyme_reverse, F, 4, x, N, dx, y, M, dy, enzyme_dup, x, dx, \
                dx + (N), dx + 2 * (N), dx + 3 * (N), enzyme_dup, y, dy,       \
                dy + (M), dy + 2 * (M), dy + 3 * (M));                         \
  }                                                                            \
  REGISTER(F, N, M, ##__VA_ARGS__)

#undef INPLACE
#define INPLACE(F, N, ...)                                                     \
  static void F##_primal(const double *x, double *y) {                         \
    memcpy(y, x, (N) * sizeof *x);                                             \
    F(y);                                                                      \
  }                                                                            \
  static void F##_forward(double *x, double *dx, double *y, double *dy) {      \
    memcpy(y, x, (N) * sizeof *x);                                             \
    memcpy(dy, dx, (N) * sizeof *x);                                           \
    SPLIT_TWICE(__enzyme_fwdsplit, F, 1, x, N, dx, y, N, dy, enzyme_dup, y,    \
                dy);                                                           \
  }                                                                            \
  static void F##_forward4(double *x, double *dx, double *y, double *dy) {     \
    memcpy(y, x, (N) * sizeof *x);                                             \
    memcpy(dy, dx, 4 * (N) * sizeof *x);                                       \
    SPLIT_TWICE(__enzyme_fwdsplit, F, 4, x, N, dx, y, N, dy, enzyme_dup, y,    \
                dy, dy + (N), dy + 2 * (N), dy + 3 * (N));                     \
  }                                                                            \
  static void F##_reverse(double *x, double *dx, double *y, double *dy) {      \
    memcpy(y, x, (N) * sizeof *x);                                             \
    SPLIT_TWICE(__enzyme_reverse, F, 1, x, N, dx, y, N, dy, enzyme_dup, y,     \
                dy);                                                           \
    for (int i = 0; i < (N); ++i)                                              \
      dx[i] += dy[i], dy[i] = 0;                                               \
  }                                                                            \
  static void F##_reverse4(double *x, double *dx, double *y, double *dy) {     \
    memcpy(y, x, (N) * sizeof *x);                                             \
    SPLIT_TWICE(__enzyme_reverse, F, 4, x, N, dx, y, N, dy, enzyme_dup, y, dy, \
                dy + (N), dy + 2 * (N), dy + 3 * (N));                         \
    for (int i = 0; i < 4 * (N); ++i)                                          \
      dx[i] += dy[i], dy[i] = 0;                                               \
  }                                                                            \
  REGISTER(F, N, N, ##__VA_ARGS__)

// A reverse sweep takes the adjoint of the result, in one lane only.
#undef FUNCTIONAL
#define FUNCTIONAL(F, N, ...)                                                  \
  static void F##_primal(const double *x, double *y) { *y = F((double *)x); }  \
  static void F##_forward(double *x, double *dx, double *y, double *dy) {      \
    struct TapeAndNumber t =                                                   \
        __enzyme_augmentfwd_number((void *)F, enzyme_dup, x, dx);              \
    double *x0 = takeAway(x, N), *dx0 = copyOf(dx, N);                         \
    __enzyme_fwdsplit_number((void *)F, enzyme_nofree, enzyme_dup, x, dx,      \
                             t.tape);                                          \
    giveBack(dx, dx0, N);                                                      \
    *dy = __enzyme_fwdsplit_number((void *)F, enzyme_dup, x, dx, t.tape);      \
    *y = t.number;                                                             \
    giveBack(x, x0, N);                                                        \
  }                                                                            \
  static void F##_forward4(double *x, double *dx, double *y, double *dy) {     \
    void *tape = __enzyme_augmentfwd((void *)F, enzyme_width, 4, enzyme_dup,   \
                                     x, dx, dx + (N), dx + 2 * (N),            \
                                     dx + 3 * (N));                            \
    double *x0 = takeAway(x, N);                                               \
    struct Lanes l = __enzyme_fwdsplit_lanes(                                  \
        (void *)F, enzyme_width, 4, enzyme_dup, x, dx, dx + (N), dx + 2 * (N), \
        dx + 3 * (N), tape);                                                   \
    giveBack(x, x0, N);                                                        \
    *y = F(x);                                                                 \
    memcpy(dy, &l, sizeof l);                                                  \
  }                                                                            \
  static void F##_reverse(double *x, double *dx, double *y, double *dy) {      \
    double *gradient = (double *)calloc(N, sizeof *gradient);                  \
    struct TapeAndNumber t =                                                   \
        __enzyme_augmentfwd_number((void *)F, enzyme_dup, x, gradient);        \
    double *x0 = takeAway(x, N), *g0 = copyOf(gradient, N);                    \
    __enzyme_reverse((void *)F, enzyme_nofree, enzyme_dup, x, gradient, 1.0,   \
                     t.tape);                                                  \
    giveBack(gradient, g0, N);                                                 \
    __enzyme_reverse((void *)F, enzyme_dup, x, gradient, *dy, t.tape);         \
    giveBack(x, x0, N);                                                        \
    for (int i = 0; i < (N); ++i)                                              \
      dx[i] += gradient[i];                                                    \
    *y = t.number;                                                             \
    *dy = 0;                                                                   \
    free(gradient);                                                            \
  }                                                                            \
  static void F##_reverse4(double *x, double *dx, double *y, double *dy) {     \
    for (int lane = 0; lane < 4; ++lane)                                       \
      F##_reverse(x, dx + lane * (N), y, dy + lane);                           \
  }                                                                            \
  REGISTER(F, N, 1, ##__VA_ARGS__)

#endif // LINKGRAD_TEST_CHECK_SPLIT_H
