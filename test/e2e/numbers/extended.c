// long double (x86_fp80) and __float128: arithmetic, arrays, copies, structs in
// which they are followed by padding, calls by value and by reference.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

typedef __float128 quad;
#define NOINLINE __attribute__((noinline))

NOINLINE static long double mix(long double a, long double b) {
  return sqrtl(a) * b + a / b;
}
static void arrays(const double *x, double *y) {
  long double a[3], b[3];
  for (int i = 0; i < 3; ++i)
    a[i] = mix(x[i], x[(i + 1) % 3]);
  memcpy(b, a, sizeof a);
  for (int i = 0; i < 3; ++i)
    y[i] = b[i] * a[(i + 1) % 3];
}
MAP(arrays, 3, 3)

// A copy of the struct moves floats of ten bytes with six behind them.
struct Padded {
  long double v;
  int n;
  long double w;
};
NOINLINE static struct Padded make(double a, int n) {
  return (struct Padded){a * a, n, a};
}
NOINLINE static long double use(struct Padded p) { return p.v * p.n + p.w; }
static double structs(const double *x) {
  struct Padded a = make(x[0], 2), b = a;
  b.v *= x[1];
  return use(a) * use(b);
}
FUNCTIONAL(structs, 2)

struct Record {
  int n;
  long double v[2];
  double d;
  long double w;
};
NOINLINE static void swap(struct Record *a, struct Record *b) {
  struct Record t = *a;
  *a = *b;
  *b = t;
}
static void swapped(const double *x, double *y) {
  struct Record p[3] = {{1, {x[0], x[1]}, x[2], x[0] * x[1]}, {2}, {3}};
  for (int i = 1; i < 3; ++i)
    p[i] = p[i - 1], p[i].v[i % 2] *= x[i], p[i].d += x[0], p[i].w *= x[2];
  swap(p, p + 2);
  for (int i = 0; i < 3; ++i)
    y[i] = p[i].n * p[i].v[0] * p[i].v[1] + p[i].d * p[i].w;
}
MAP(swapped, 3, 3)

static double heap(const double *x) {
  int n = 5;
  long double *p = malloc(n * sizeof *p), *q = malloc(n * sizeof *q);
  for (int i = 0; i < n; ++i)
    p[i] = x[i % 2] * (i + 1);
  for (int i = 0; i < n; ++i)
    q[i] = p[i] * p[n - 1 - i];
  long double s = 0;
  for (int i = 0; i < n; ++i)
    s += p[i] * q[n - 1 - i];
  free(p), free(q);
  return s;
}
FUNCTIONAL(heap, 2)

NOINLINE static quad blend(quad a, quad b) { return a * b + a / b; }
static double quads(const double *x) {
  quad a = x[0], b = x[1], s = 0;
  for (int i = 0; i < 4; ++i)
    s += blend(a, b) * i;
  quad t[2] = {s, a}, u[2];
  memcpy(u, t, sizeof u);
  return u[0] * u[1];
}
FUNCTIONAL(quads, 2)

quad sinf128(quad), hypotf128(quad, quad), j0f128(quad), log1pf128(quad);
static double quadLibrary(const double *x) {
  quad a = x[0], b = x[1];
  return sinf128(a) * hypotf128(a, b) + j0f128(b) * log1pf128(a);
}
FUNCTIONAL(quadLibrary, 2)

static long double square(long double x) { return x * x * sinl(x); }
static quad cube(quad x) { return x * x * x; }
extern long double __enzyme_autodiff_long(void *, long double);
extern long double __enzyme_fwddiff_long(void *, long double, long double);
extern quad __enzyme_autodiff_quad(void *, quad);
extern quad __enzyme_fwddiff_quad(void *, quad, quad);

static void ownChecks(void) {
  // More digits than a double has, scaled to be seen as one.
  long double x = 1.25L, slope = 2 * x * sinl(x) + x * x * cosl(x);
  long double scale = 1 << 20;
  EXPECT(scale * (__enzyme_autodiff_long((void *)square, x) / slope - 1), 0);
  EXPECT(scale * (__enzyme_fwddiff_long((void *)square, x, 1) / slope - 1), 0);
  quad third = (quad)1 / 3;
  EXPECT(1e16 * (double)(__enzyme_autodiff_quad((void *)cube, third) - third), 0);
  EXPECT(1e16 * (double)(__enzyme_fwddiff_quad((void *)cube, third, 1) - third), 0);
}
