// Recursion and mutual recursion: by value, through arrays, with a tape in
// loops on every level, with memory on the stack of every level.
// RUN: %check %s %t

#include "../Inputs/check.h"

static double power(double a, int n) {
  if (n == 0)
    return 1;
  return n % 2 ? a * power(a, n - 1) : power(a * a, n / 2);
}
double powers(const double *x) { return power(x[0], 13) + power(x[1], 8); }
FUNCTIONAL(powers, 2)

static double fib(int n, double a, double b) {
  return n < 2 ? (n ? b : a) : fib(n - 1, a, b) * 0.7 + fib(n - 2, b, a);
}
double fibonacci(const double *x) { return fib(9, x[0], x[1] * x[0]); }
FUNCTIONAL(fibonacci, 2)

static double odd(double v, int n);
static double even(double v, int n) { return n ? odd(v * v * 0.5 + 0.3, n - 1) : v; }
static double odd(double v, int n) { return n ? even(sin(v) + 0.1, n - 1) * v : 1; }
double mutual(const double *x) { return even(x[0], 9) + odd(x[1], 8) + even(x[0], 6); }
FUNCTIONAL(mutual, 2)

// In place on halves of an array.
static void transform(double *p, int n) {
  if (n < 2)
    return;
  transform(p, n / 2);
  transform(p + n / 2, n / 2);
  for (int i = 0; i < n / 2; ++i) {
    double a = p[i], b = p[i + n / 2];
    p[i] = a * b + 0.1;
    p[i + n / 2] = a - b * b;
  }
}
void butterflies(double *x) { transform(x, 8); }
INPLACE(butterflies, 8)

// Recursion depth depends on active data.
static double halve(double v, double k) { return v > 1 ? halve(v * k, k) + v : v * v; }
double dataDepth(const double *x) { return halve(x[0] * 10, x[1] * 0.5); }
FUNCTIONAL(dataDepth, 2)

// Ackermann-like mutual recursion through memory.
static void ping(double *p, int n);
static void pong(double *p, int n) {
  p[1] += p[0] * 0.5;
  if (n > 0)
    ping(p, n - 2);
  p[0] *= p[1];
}
static void ping(double *p, int n) {
  p[0] = sin(p[0]) + p[2];
  if (n > 0)
    pong(p, n - 1);
  p[2] *= 0.9;
}
void pingPong(double *x) { ping(x, 7); }
INPLACE(pingPong, 3)

static void permute(const double *x, int *order, int n, int k, double *sum) {
  if (k == n) {
    double p = 1;
    for (int i = 0; i < n; ++i)
      p = p * x[order[i]] + i;
    *sum += p;
    return;
  }
  for (int i = k; i < n; ++i) {
    int t = order[k];
    order[k] = order[i], order[i] = t;
    permute(x, order, n, k + 1, sum);
    t = order[k];
    order[k] = order[i], order[i] = t;
  }
}
void permutations(const double *x, double *y) {
  int order[4] = {0, 1, 2, 3};
  y[0] = 0;
  permute(x, order, 4, 0, y);
}
MAP(permutations, 4, 1)
