// Several derivatives at once: widths 2 to 5 forward and reverse, scalars by
// value, arrays, memory of the function's own, calls, data-dependent loops.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

typedef struct { double v[2]; } D2;
typedef struct { double v[4]; } D4;
typedef struct { double v[5]; } D5;
typedef struct { double primal; double v[4]; } P4;
typedef struct { double a[3], b[3]; } G3;
D2 __enzyme_fwddiff_2(void *, ...);
D4 __enzyme_fwddiff_4(void *, ...);
P4 __enzyme_fwddiff_p4(void *, ...);
D5 __enzyme_fwddiff_5(void *, ...);
D2 __enzyme_autodiff_2(void *, ...);
D4 __enzyme_autodiff_4(void *, ...);
G3 __enzyme_autodiff_g3(void *, ...);
double __enzyme_fwddiff_1(void *, ...);
double __enzyme_autodiff_1(void *, ...);

__attribute__((noinline)) static double inner(double v, double *p) {
  double old = *p;
  *p = v * old;
  return old + sin(v);
}
double f(double a, double b) {
  double cell = a, *heap = malloc(2 * sizeof *heap), s = 0;
  heap[0] = b, heap[1] = a * b;
  while (s < 6)
    s += inner(heap[0], &cell) * 0.7 + heap[1] * cell * 0.1 + 0.3;
  free(heap);
  return s * cell;
}
static void scalars(void) {
  double a = 1.1, b = 0.9;
  double fa = __enzyme_fwddiff_1((void *)f, a, 1.0, b, 0.0);
  double fb = __enzyme_fwddiff_1((void *)f, a, 0.0, b, 1.0);
  double h = 1e-6;
  EXPECT_NEAR(fa, (f(a + h, b) - f(a - h, b)) / (2 * h), 1e-7);
  EXPECT_NEAR(fb, (f(a, b + h) - f(a, b - h)) / (2 * h), 1e-7);
  D2 t2 = __enzyme_fwddiff_2((void *)f, enzyme_width, 2, enzyme_dup, a, 1.0, 0.0,
                             enzyme_dup, b, 0.0, 1.0);
  EXPECT(t2.v[0], fa), EXPECT(t2.v[1], fb);
  D4 t4 = __enzyme_fwddiff_4((void *)f, enzyme_width, 4, enzyme_dup, a, 1.0, 2.0, 0.0, -1.0,
                             enzyme_dup, b, 0.0, 1.0, 0.0, 3.0);
  EXPECT(t4.v[0], fa), EXPECT(t4.v[1], 2 * fa + fb), EXPECT(t4.v[2], 0), EXPECT(t4.v[3], 3 * fb - fa);
  D5 t5 = __enzyme_fwddiff_5((void *)f, enzyme_width, 5, enzyme_const, a, enzyme_dup, b, 1.0,
                             2.0, 3.0, 4.0, 5.0);
  for (int i = 0; i < 5; ++i)
    EXPECT(t5.v[i], (i + 1) * fb);
  P4 p = __enzyme_fwddiff_p4((void *)f, enzyme_primal_return, enzyme_width, 4, a, 1.0, 0.0,
                             0.0, 1.0, b, 0.0, 1.0, 0.0, 1.0);
  EXPECT(p.primal, f(a, b)), EXPECT(p.v[3], fa + fb);
  // Reverse: every lane has the seed 1.
  G3 g = __enzyme_autodiff_g3((void *)f, enzyme_width, 3, a, b);
  for (int i = 0; i < 3; ++i)
    EXPECT(g.a[i], fa), EXPECT(g.b[i], fb);
  EXPECT(__enzyme_autodiff_1((void *)f, a, enzyme_const, b), fa);
}

void g(const double *x, double *y, int n) {
  for (int i = 0; i < n; ++i) {
    double v = x[i];
    for (int k = 0; k < i; ++k)
      v = v * x[k] + y[k];
    y[i] = v;
  }
}
void growingSums(const double *x, double *y) { g(x, y, 4); }
MAP(growingSums, 4, 4)

static void lanes(void) {
  double x[3] = {1, 2, 3}, y[3], dx[4][3] = {{0}}, dy[4][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1}};
  __enzyme_autodiff((void *)g, enzyme_width, 4, enzyme_dup, x, dx[0], dx[1], dx[2], dx[3],
                    enzyme_dup, y, dy[0], dy[1], dy[2], dy[3], 3);
  // y0 = x0, y1 = x1 x0 + y0, y2 = (x2 x0 + y0) x1 + y1
  double jacobian[3][3] = {{1, 0, 0}, {3, 1, 0}, {11, 5, 2}};
  jacobian[2][0] = (x[2] + 1) * x[1] + x[1] + 1;
  jacobian[2][1] = x[2] * x[0] + x[0] + x[0];
  jacobian[2][2] = x[0] * x[1];
  for (int i = 0; i < 3; ++i) {
    double sum = 0;
    for (int l = 0; l < 3; ++l) {
      EXPECT(dx[l][i], jacobian[l][i]);
      sum += jacobian[l][i];
    }
    EXPECT(dx[3][i], sum);
  }
}

static void ownChecks(void) {
  scalars();
  lanes();
}
