// Arrays of pointers: rows in any order, sorted by what they point to, shared rows,
// pointers to pointers, a jagged array, rows that are exchanged while eliminating.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

// Gaussian elimination with pivoting by exchange of row pointers.
NOINLINE static void solve(double **a, int n) {
  for (int k = 0; k < n; ++k) {
    int p = k;
    for (int i = k + 1; i < n; ++i)
      if (fabs(a[i][k]) > fabs(a[p][k]))
        p = i;
    double *t = a[k];
    a[k] = a[p], a[p] = t;
    for (int i = 0; i < n; ++i)
      if (i != k) {
        double f = a[i][k] / a[k][k];
        for (int j = k; j <= n; ++j)
          a[i][j] -= f * a[k][j];
      }
  }
}
void linear(const double *x, double *y) {
  double *a[3];
  for (int i = 0; i < 3; ++i) {
    a[i] = malloc(4 * sizeof **a);
    for (int j = 0; j < 4; ++j)
      a[i][j] = x[4 * i + j] + (j == (i + 1) % 3) * 2;
  }
  solve(a, 3);
  for (int i = 0; i < 3; ++i)
    y[i] = a[i][3] / a[i][i];
  for (int i = 0; i < 3; ++i)
    free(a[i]);
}
MAP(linear, 12, 3, .tolerance = 1e-5)

// Sorted pointers; the data stay where they are.
double ranked(const double *x) {
  double data[6];
  double *order[6];
  for (int i = 0; i < 6; ++i)
    data[i] = x[i] * x[0], order[i] = &data[i];
  for (int i = 1; i < 6; ++i)
    for (int j = i; j > 0 && *order[j] < *order[j - 1]; --j) {
      double *t = order[j];
      order[j] = order[j - 1], order[j - 1] = t;
    }
  *order[2] *= x[1];
  double s = 0;
  for (int i = 0; i < 6; ++i)
    s += *order[i] * (i + 1) + data[i] * data[5 - i];
  return s;
}
FUNCTIONAL(ranked, 6)

// Rows of different length, some of them the same row.
double jagged(const double *x) {
  double **rows = malloc(4 * sizeof *rows);
  int lengths[4] = {1, 3, 2, 3};
  for (int i = 0; i < 3; ++i) {
    rows[i] = malloc(lengths[i] * sizeof **rows);
    for (int j = 0; j < lengths[i]; ++j)
      rows[i][j] = x[i] + j * x[j];
  }
  rows[3] = rows[1];
  double s = 0, **at = rows;
  for (int i = 0; i < 4; ++i, ++at)
    for (int j = 0; j < lengths[i]; ++j) {
      (*at)[j] *= 0.9;
      s += (*at)[j] * rows[j][0];
    }
  for (int i = 0; i < 3; ++i)
    free(rows[i]);
  free(rows);
  return s;
}
FUNCTIONAL(jagged, 3)
