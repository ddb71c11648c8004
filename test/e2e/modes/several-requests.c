// Many requests for one function in one program: both modes, widths, split mode and
// other activities of the same parameters, in two translation units.
// RUN: %check %s %t

#define OWN_CHECKS
#if defined PART && PART == 2
#define main unused
#endif
#include "../Inputs/check.h"

extern int enzyme_noret, enzyme_tape, enzyme_nofree;
double __enzyme_autodiff_number(void *, ...);
double __enzyme_fwddiff_number(void *, ...);
struct Two {
  double x, y;
};
struct Two __enzyme_autodiff_two(void *, ...);
void *__enzyme_augmentfwd(void *, ...);
double __enzyme_reverse_number(void *, ...);
double __enzyme_fwdsplit_number(void *, ...);

double shared(double x, double y, const double *p, int n);
double helper(double x, const double *p);
/// d shared / dx, dy and dp, each by its own request.
void elsewhere(double x, double y, const double *p, int n, double *gradient);

#if !defined PART || PART == 1
__attribute__((noinline)) double helper(double x, const double *p) {
  return x > 1 ? sin(x) * p[0] : x * x * p[1];
}
double shared(double x, double y, const double *p, int n) {
  double s = y;
  for (int i = 0; i < n; ++i)
    s = s * x + helper(s * 0.1, p + i) * y;
  return s;
}
#endif

#if defined PART && PART == 2
static void ownChecks(void) {}
#endif
#if !defined PART || PART == 2
// The same requests as in the other file, and others.
void elsewhere(double x, double y, const double *p, int n, double *gradient) {
  gradient[0] = __enzyme_autodiff_number((void *)shared, enzyme_out, x,
                                         enzyme_const, y, enzyme_const, p,
                                         enzyme_const, n);
  gradient[1] = __enzyme_fwddiff_number((void *)shared, enzyme_const, x, enzyme_dup,
                                        y, 1.0, enzyme_const, p, enzyme_const, n);
  __enzyme_autodiff((void *)shared, enzyme_const, x, enzyme_const, y, enzyme_dup, p,
                    gradient + 2, enzyme_const, n);
}
#endif

#if !defined PART || PART == 1
enum { N = 3 };

static void oracle(double x, double y, const double *p, double *gradient) {
  double q[N + 1], h = 1e-6;
  gradient[0] = (shared(x + h, y, p, N) - shared(x - h, y, p, N)) / (2 * h);
  gradient[1] = (shared(x, y + h, p, N) - shared(x, y - h, p, N)) / (2 * h);
  for (int i = 0; i <= N; ++i) {
    memcpy(q, p, sizeof q);
    q[i] = p[i] + h;
    double up = shared(x, y, q, N);
    q[i] = p[i] - h;
    gradient[2 + i] = (up - shared(x, y, q, N)) / (2 * h);
  }
}

static void compare(const double *is, const double *should) {
  for (int i = 0; i < N + 3; ++i)
    EXPECT_NEAR(is[i], should[i], 1e-7);
}

static void ownChecks(void) {
  double x = 1.5, y = 2.5, p[N + 1] = {0.5, -1, 2, 0.75};
  double expected[N + 3], found[N + 3] = {0};
  oracle(x, y, p, expected);
  elsewhere(x, y, p, N, found);
  compare(found, expected);

  // All at once, in reverse mode: the activities of the first request, and more.
  double all[N + 3] = {0};
  struct Two xy = __enzyme_autodiff_two((void *)shared, x, y, enzyme_dup, p, all + 2,
                                        N);
  all[0] = xy.x, all[1] = xy.y;
  compare(all, expected);
  double only = __enzyme_autodiff_number((void *)shared, enzyme_out, x, enzyme_const,
                                         y, enzyme_const, p, N);
  EXPECT(only, all[0]);

  // Four directions at once, and one at a time.
  double directions[4][N + 1] = {{0}};
  for (int k = 0; k < 4; ++k)
    directions[k][k] = 1;
  struct Lanes lanes = __enzyme_fwddiff_lanes(
      (void *)shared, enzyme_width, 4, enzyme_const, x, enzyme_const, y, enzyme_dup,
      p, directions[0], directions[1], directions[2], directions[3], N);
  for (int k = 0; k < 4; ++k) {
    EXPECT(lanes.lane[k], all[2 + k]);
    EXPECT(__enzyme_fwddiff_number((void *)shared, x, 0.5, y, -1.0, enzyme_dup, p,
                                   directions[k], N),
           0.5 * all[0] - all[1] + all[2 + k]);
  }

  // A tape of the same function, for both sweeps.
  double other[N + 3] = {0};
  void *tape = __enzyme_augmentfwd((void *)shared, x, enzyme_const, y, enzyme_dup, p,
                                   other + 2, N);
  other[0] = __enzyme_reverse_number((void *)shared, enzyme_nofree, x, enzyme_const,
                                     y, enzyme_dup, p, other + 2, N, 1.0, tape);
  other[1] = all[1];
  compare(other, expected);
  EXPECT(__enzyme_fwdsplit_number((void *)shared, x, 2.0, enzyme_const, y, enzyme_dup,
                                  p, directions[1], N, tape),
         2 * all[0] + all[3]);

  // The callee alone, with a derivative that others use too.
  double dp[N + 1] = {0};
  EXPECT(__enzyme_autodiff_number((void *)helper, 0.5, enzyme_const, p), p[1]);
  __enzyme_autodiff((void *)helper, enzyme_const, 0.5, enzyme_dup, p, dp);
  EXPECT(dp[1], 0.25);
}
#endif
