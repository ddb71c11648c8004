// Loops with several ways out: search, breaks out of nests, returns from inside,
// clean-up labels, retries, exits whose values differ, loops that never end but
// by a way out.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

// Which way the search ended decides what is done with the place.
double interpolate(const double *x) {
  double knots[8], values[8], result = 0;
  for (int i = 0; i < 8; ++i) {
    knots[i] = (i ? knots[i - 1] : 0) + x[i % 4];
    values[i] = sin(knots[i]);
  }
  for (int q = 0; q < 6; ++q) {
    double at = x[q % 4] * (q * q * 0.5) - 0.1, v;
    int i = 0;
    for (;; ++i) {
      if (at < knots[0]) {
        v = values[0] * at;
        break;
      }
      if (i == 7) {
        v = values[7] + at - knots[7];
        goto outside;
      }
      if (knots[i + 1] > at)
        break;
    }
    if (at >= knots[0]) {
      double t = (at - knots[i]) / (knots[i + 1] - knots[i]);
      v = values[i] + t * (values[i + 1] - values[i]);
    }
    result += v;
    continue;
  outside:
    result -= 0.5 * v * v;
  }
  return result;
}
FUNCTIONAL(interpolate, 4)

// Out of three loops at once.
double firstTriple(const double *x) {
  double sum = 0;
  for (int i = 0; i < 5; ++i)
    for (int j = i; j < 5; ++j)
      for (int k = j; k < 5; ++k) {
        double v = x[i] * x[j] + x[k];
        sum += v * 0.1;
        if (v > 3.2)
          return sum * v;
        if (sum > 2.5)
          goto found;
      }
  return -sum;
found:
  return sum * sum + x[4];
}
FUNCTIONAL(firstTriple, 5)

// Resources that are released at labels, the last first.
NOINLINE static int solve(const double *a, const double *b, double *x, int n) {
  int status = -1;
  double *m = malloc(n * n * sizeof *m);
  if (!m)
    goto done;
  double *r = malloc(n * sizeof *r);
  if (!r)
    goto freeMatrix;
  memcpy(m, a, n * n * sizeof *m);
  memcpy(r, b, n * sizeof *r);
  for (int k = 0; k < n; ++k) {
    int pivot = k;
    for (int i = k + 1; i < n; ++i)
      if (fabs(m[i * n + k]) > fabs(m[pivot * n + k]))
        pivot = i;
    if (fabs(m[pivot * n + k]) < 1e-3)
      goto freeRight;
    for (int j = 0; j < n && pivot != k; ++j) {
      double t = m[k * n + j];
      m[k * n + j] = m[pivot * n + j];
      m[pivot * n + j] = t;
    }
    double t = r[k];
    r[k] = r[pivot];
    r[pivot] = t;
    for (int i = k + 1; i < n; ++i) {
      double f = m[i * n + k] / m[k * n + k];
      for (int j = k; j < n; ++j)
        m[i * n + j] -= f * m[k * n + j];
      r[i] -= f * r[k];
    }
  }
  for (int i = n; i--;) {
    double s = r[i];
    for (int j = i + 1; j < n; ++j)
      s -= m[i * n + j] * x[j];
    x[i] = s / m[i * n + i];
  }
  status = 0;
freeRight:
  free(r);
freeMatrix:
  free(m);
done:
  return status;
}
void systems(const double *x, double *y) {
  double a[9], singular[4] = {x[0], 2 * x[0], x[1], 2 * x[1]};
  for (int i = 0; i < 9; ++i)
    a[i] = sin(3 * x[i]) + (i % 4 == 0 ? 2 : 0);
  y[0] = y[1] = 5, y[2] = 1;
  if (solve(a, x + 9, y, 3))
    y[0] = -1;
  double two[2] = {x[2], x[3]};
  if (solve(singular, x, two, 2))
    y[1] *= two[0] * two[1];
}
MAP(systems, 12, 3, .tolerance = 1e-5)

// Backtracking line search in gradient descent: retry, shrink or give up.
double descent(const double *x) {
  double p = x[0], q = x[1], step = 1;
  for (int i = 0; i < 12; ++i) {
    double f = p * p + x[2] * q * q + p * q * 0.3, gp = 2 * p + 0.3 * q, gq = 2 * x[2] * q + 0.3 * p;
    for (;;) {
      double np = p - step * gp, nq = q - step * gq;
      double nf = np * np + x[2] * nq * nq + np * nq * 0.3;
      if (nf < f - 0.1 * step * (gp * gp + gq * gq)) {
        p = np, q = nq;
        break;
      }
      step *= 0.6;
      if (step < 0.01)
        return f + step;
    }
    if (gp * gp + gq * gq < 1e-2)
      break;
  }
  return p * p + q + step * 0.1 * p;
}
FUNCTIONAL(descent, 3)

// Exits in the latch, the header and the middle, with different values.
double escape(const double *x) {
  double re = 0, im = 0;
  int n = 0;
  do {
    double next = re * re - im * im + x[0] - 1;
    im = 2 * re * im + x[1] * 0.7;
    re = next;
    if (re > 3)
      return re + im * n;
    while (im > 1.5) {
      im *= 0.4;
      if (++n > 30)
        return im;
    }
  } while (re * re + im * im < 4 && ++n < 6);
  return n < 6 ? log(re * re + im * im + 1) : re * im;
}
FUNCTIONAL(escape, 2)
