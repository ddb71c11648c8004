// Arrays of variable size on the stack: one and two dimensions, in loops, in one
// arm of a branch, overaligned, alloca(), in callees that are inlined or not.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <alloca.h>

double oneDimension(const double *x) {
  int n = (int)(x[0] * 3) + 2;
  double a[n];
  for (int i = 0; i < n; i++)
    a[i] = x[1] * i + (i ? a[i - 1] * x[2] : 0);
  double s = 0;
  for (int i = 0; i < n; i++)
    s += a[i] * a[i];
  return s;
}
FUNCTIONAL(oneDimension, 3)

double inLoop(const double *x) {
  double s = x[0];
  for (int i = 1; i < 6; ++i) {
    double a[i], b[2 * i];
    a[0] = s;
    for (int j = 1; j < i; ++j)
      a[j] = sin(a[j - 1]) * x[1];
    for (int j = 0; j < 2 * i; ++j)
      b[j] = a[j / 2] * a[i - 1];
    if (s > 100)
      break;
    for (int j = 0; j < 2 * i; ++j)
      s += b[j] * 0.1;
  }
  return s;
}
FUNCTIONAL(inLoop, 2)

__attribute__((noinline)) static double product(int n, double m[n][n],
                                                const double *v) {
  double t[n], s = 0;
  for (int i = 0; i < n; ++i) {
    t[i] = 0;
    for (int j = 0; j < n; ++j)
      t[i] += m[i][j] * v[j];
  }
  for (int i = 0; i < n; ++i)
    s += t[i] * t[i];
  return s;
}
double twoDimensions(const double *x) {
  int n = x[0] > 0.9 ? 3 : 4;
  double m[n][n], v[n];
  for (int i = 0; i < n; ++i) {
    v[i] = x[i % 3];
    for (int j = 0; j < n; ++j)
      m[i][j] = x[(i + j) % 3] * (i - j + 0.5);
  }
  return product(n, m, v) + product(n - 1, (void *)m, v + 1);
}
FUNCTIONAL(twoDimensions, 3)

double onOneArm(const double *x) {
  double s = x[0];
  for (int i = 0; i < 3; ++i)
    if (s < 2) {
      int n = 2 + i;
      _Alignas(64) double a[n];
      if ((unsigned long)a % 64)
        return 0;
      for (int j = 0; j < n; ++j)
        a[j] = s * j;
      s += a[n - 1] * a[1] * x[1];
    }
  return s;
}
FUNCTIONAL(onOneArm, 2)

double allocas(const double *x) {
  int n = (int)(x[0] * 2) + 3;
  double *a = alloca(n * sizeof *a), *b = 0;
  for (int i = 0; i < n; ++i)
    a[i] = x[i % 2] * x[0];
  if (x[1] > 1) {
    b = alloca(2 * n * sizeof *b);
    for (int i = 0; i < 2 * n; ++i)
      b[i] = a[i / 2] * a[0];
  }
  return b ? b[2 * n - 1] * a[1] : a[n - 1];
}
FUNCTIONAL(allocas, 2)
