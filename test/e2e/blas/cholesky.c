// A blocked Cholesky factorisation and what it is used for: least squares by the normal
// equations, a determinant, a Gaussian process's likelihood. Blocks of one array at
// varying places, matrices on the heap and in structs.
// RUN: %check %s %t -lblas

#include "../Inputs/check.h"
#include <cblas.h>

typedef struct {
  int rows, columns, stride;
  double *at;
} Matrix; // by columns

static Matrix create(int rows, int columns) {
  return (Matrix){rows, columns, rows, calloc(rows * columns, sizeof(double))};
}

static Matrix block(Matrix m, int i, int j, int rows, int columns) {
  return (Matrix){rows, columns, m.stride, m.at + i + j * m.stride};
}

static void unblocked(Matrix a) {
  for (int j = 0; j < a.columns; ++j) {
    double *column = a.at + j * a.stride;
    double d = column[j] - cblas_ddot(j, a.at + j, a.stride, a.at + j, a.stride);
    column[j] = sqrt(d);
    for (int i = j + 1; i < a.rows; ++i)
      column[i] = (column[i] - cblas_ddot(j, a.at + i, a.stride, a.at + j, a.stride)) / column[j];
  }
}

// The lower triangle becomes L with L L^T = A.
static void factorise(Matrix a, int size) {
  int n = a.columns;
  for (int k = 0; k < n; k += size) {
    int b = n - k < size ? n - k : size, rest = n - k - b;
    unblocked(block(a, k, k, b, b));
    if (!rest)
      break;
    Matrix panel = block(a, k + b, k, rest, b), corner = block(a, k + b, k + b, rest, rest);
    cblas_dtrsm(CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, rest, b,
                1, a.at + k + k * a.stride, a.stride, panel.at, panel.stride);
    cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, rest, b, -1, panel.at,
                panel.stride, 1, corner.at, corner.stride);
  }
}

static void solve(Matrix l, Matrix b) {
  CBLAS_TRANSPOSE orders[] = {CblasNoTrans, CblasTrans};
  for (int i = 0; i < 2; ++i)
    cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, orders[i], CblasNonUnit, b.rows,
                b.columns, 1, l.at, l.stride, b.at, b.stride);
}

// x: 4 numbers that generate a tall matrix, 6 measurements.
void leastSquares(const double *x, double *y) {
  enum { M = 6, N = 5 };
  Matrix a = create(M, N), normal = create(N, N), right = create(N, 1);
  for (int i = 0; i < M; ++i)
    for (int j = 0; j < N; ++j)
      a.at[i + j * M] = x[(i + j) % 4] * (i + 1) / (1. + j) + (i == j);
  cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, N, M, 1, a.at, M, 0, normal.at, N);
  for (int i = 0; i < N; ++i)
    normal.at[i * (N + 1)] += .5;
  cblas_dgemv(CblasColMajor, CblasTrans, M, N, 1, a.at, M, x + 4, 1, 0, right.at, 1);
  factorise(normal, 2);
  solve(normal, right);
  for (int i = 0; i < N; ++i)
    y[i] = right.at[i];
  // The residual.
  double r[M];
  cblas_dcopy(M, x + 4, 1, r, 1);
  cblas_dgemv(CblasColMajor, CblasNoTrans, M, N, -1, a.at, M, right.at, 1, 1, r, 1);
  y[N] = cblas_dnrm2(M, r, 1);
  free(a.at), free(normal.at), free(right.at);
}
MAP(leastSquares, 10, 6, .precision = 1e-10)

// x: length scale, amplitude, noise, then 4 places and 4 values.
double likelihood(const double *x) {
  enum { N = 4 };
  const double *place = x + 3, *value = x + 3 + N;
  Matrix k = create(N, N), alpha = create(N, 1);
  for (int i = 0; i < N; ++i)
    for (int j = 0; j <= i; ++j) {
      double d = (place[i] - place[j] + i - j) / x[0];
      k.at[i + j * N] = x[1] * x[1] * exp(-d * d / 2) + (i == j) * (1 + x[2] * x[2]);
    }
  factorise(k, 3);
  memcpy(alpha.at, value, N * sizeof(double));
  solve(k, alpha);
  double sum = .5 * cblas_ddot(N, value, 1, alpha.at, 1);
  for (int i = 0; i < N; ++i)
    sum += log(k.at[i * (N + 1)]);
  free(k.at), free(alpha.at);
  return sum;
}
FUNCTIONAL(likelihood, 11, .precision = 1e-10)
