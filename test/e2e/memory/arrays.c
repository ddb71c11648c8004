// Loads and stores through pointers: in-place updates, overlapping windows,
// aliasing pointers, arrays of arrays, index arrays, arrays on the stack.
// RUN: %check %s %t

#include "../Inputs/check.h"

void smooth(double *x) {
  for (int sweep = 0; sweep < 5; ++sweep)
    for (int i = 1; i < 7; ++i)
      x[i] = 0.3 * x[i - 1] + 0.4 * x[i] * x[i] + 0.3 * x[i + 1];
}
INPLACE(smooth, 8)

void reverseOrder(double *x) {
  for (int i = 0, j = 6; i < j; ++i, --j) {
    double t = x[i];
    x[i] = x[j] * x[i];
    x[j] = t;
  }
}
INPLACE(reverseOrder, 7)

// Both pointers may be the same.
static void addTo(double *a, const double *b, int n) {
  for (int i = 0; i < n; ++i)
    a[i] += b[i] * b[n - 1 - i];
}
void aliasing(double *x) {
  addTo(x, x, 4);
  addTo(x, x + 2, 2);
  addTo(x + 1, x, 3);
}
INPLACE(aliasing, 4)

void stencil(const double *x, double *y) {
  double grid[2][5][5];
  for (int i = 0; i < 25; ++i)
    grid[0][i / 5][i % 5] = grid[1][i / 5][i % 5] = x[i % 9];
  int now = 0;
  for (int t = 0; t < 6; ++t, now ^= 1)
    for (int i = 1; i < 4; ++i)
      for (int j = 1; j < 4; ++j)
        grid[now ^ 1][i][j] =
            grid[now][i][j] +
            0.1 * grid[now][i][j] *
                (grid[now][i - 1][j] + grid[now][i + 1][j] - grid[now][i][j - 1] * grid[now][i][j + 1]);
  for (int i = 0; i < 9; ++i)
    y[i] = grid[now][1 + i / 3][1 + i % 3];
}
MAP(stencil, 9, 9)

void indirect(const double *x, double *y) {
  static const int from[] = {3, 1, 4, 1, 5, 2, 0, 5};
  static const int to[] = {0, 0, 1, 2, 1, 2, 0, 1};
  for (int i = 0; i < 3; ++i)
    y[i] = 0;
  for (int i = 0; i < 8; ++i)
    y[to[i]] += x[from[i]] * x[(from[i] + i) % 6];
}
MAP(indirect, 6, 3)

// An index computed from active data picks an active value.
double lookup(const double *x) {
  double table[16];
  for (int i = 0; i < 16; ++i)
    table[i] = x[0] * i + x[1] * i * i;
  double at = x[2] * 8;
  int cell = (int)at;
  double f = at - cell;
  return table[cell] * (1 - f) + table[cell + 1] * f;
}
FUNCTIONAL(lookup, 3)

// An array on the stack of a callee that is called in a loop.
__attribute__((noinline)) static double viaArray(const double *x, int k) {
  double a[6];
  for (int i = 0; i < 6; ++i)
    a[i] = i < k ? x[i] * x[i] : x[i];
  for (int i = 1; i < 6; ++i)
    a[i] *= a[i - 1] + 0.5;
  return a[5];
}
double calleeArrays(const double *x) {
  double s = 0;
  for (int k = 0; k < 6; ++k)
    s += viaArray(x, k) * (k + 1);
  return s;
}
FUNCTIONAL(calleeArrays, 6)

// Rows chosen by pointer.
double rows(const double *x) {
  double a[3] = {x[0], x[1], x[2]}, b[3] = {x[2], x[0], 1};
  double *row[2] = {a, b};
  double s = 0;
  for (int i = 0; i < 6; ++i) {
    double *r = row[i & 1], *o = row[~i & 1];
    r[i % 3] += o[(i + 1) % 3] * x[1];
    s += r[0] * o[2];
  }
  return s;
}
FUNCTIONAL(rows, 3)

// Written, read, overwritten, read.
void overwritten(const double *x, double *y) {
  double t[2];
  t[0] = x[0];
  y[0] = t[0] * t[0];
  t[0] = x[1];
  y[1] = t[0] * y[0];
  t[0] = 3;
  y[2] = t[0] * x[0];
  t[1] = y[0];
  y[0] = x[1];
  y[0] *= t[1];
}
MAP(overwritten, 2, 3)

// Cholesky in place.
void cholesky(double *a) {
  for (int i = 0; i < 3; ++i)
    a[i * 3 + i] += 4;
  for (int j = 0; j < 3; ++j) {
    for (int k = 0; k < j; ++k)
      for (int i = j; i < 3; ++i)
        a[i * 3 + j] -= a[i * 3 + k] * a[j * 3 + k];
    double d = sqrt(a[j * 3 + j]);
    for (int i = j; i < 3; ++i)
      a[i * 3 + j] /= d;
  }
}
INPLACE(cholesky, 9)
