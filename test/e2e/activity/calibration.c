// Levenberg-Marquardt inside a loss: data and damping are constants, parameters
// active; the derivative goes through the fitted optimum. The Jacobian of the model
// is by hand, the normal equations are solved by Cholesky.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

enum { POINTS = 5, N = 3 };
static const double times[POINTS] = {0, 0.5, 1, 1.5, 2};

NOINLINE static double model(const double *p, double t, double *slope) {
  double e = exp(-p[1] * t);
  slope[0] = e, slope[1] = -p[0] * t * e, slope[2] = 1;
  return p[0] * e + p[2];
}
NOINLINE static int cholesky(double a[N][N], double *b) {
  for (int j = 0; j < N; ++j) {
    for (int k = 0; k < j; ++k)
      a[j][j] -= a[j][k] * a[j][k];
    if (a[j][j] <= 0)
      return 0;
    a[j][j] = sqrt(a[j][j]);
    for (int i = j + 1; i < N; ++i) {
      for (int k = 0; k < j; ++k)
        a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= a[j][j];
    }
  }
  for (int i = 0; i < N; ++i) {
    for (int k = 0; k < i; ++k)
      b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (int i = N - 1; i >= 0; --i) {
    for (int k = i + 1; k < N; ++k)
      b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return 1;
}
NOINLINE static double step(double *p, const double *data, double damping) {
  double a[N][N] = {{0}}, b[N] = {0}, slope[N], sum = 0;
  for (int k = 0; k < POINTS; ++k) {
    double r = data[k] - model(p, times[k], slope);
    sum += r * r;
    for (int i = 0; i < N; ++i) {
      b[i] += slope[i] * r;
      for (int j = 0; j < N; ++j)
        a[i][j] += slope[i] * slope[j];
    }
  }
  for (int i = 0; i < N; ++i)
    a[i][i] += damping;
  if (cholesky(a, b))
    for (int i = 0; i < N; ++i)
      p[i] += b[i];
  return sum;
}
// The data come from active parameters; the fit has to find them again.
void fitted(const double *x, double *y) {
  double p[N] = {1, 1, 0.2}, data[POINTS], unused[N], damping = 0.1;
  for (int k = 0; k < POINTS; ++k)
    data[k] = model(x, times[k], unused) + 0.01 * k * x[3];
  double before = 1e9;
  for (int k = 0; k < 4; ++k) {
    double sum = step(p, data, damping);
    damping *= sum < before ? 0.3 : 2;
    before = sum;
  }
  for (int i = 0; i < N; ++i)
    y[i] = p[i];
}
MAP(fitted, 4, N, .precision = 1e-10)
