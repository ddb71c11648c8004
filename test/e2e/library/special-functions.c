// libm in formulas: Black-Scholes with erfc, Stirling against lgamma, Bessel series,
// spherical distances, a log-likelihood with log1p and expm1, phases by remainder and
// fmod, scaling by powers of two; at places where the pieces meet.
// RUN: %check %s %t

#define _GNU_SOURCE
#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

// Price of a call; the derivatives are its greeks.
NOINLINE static double normal(double v) { return 0.5 * erfc(-v / sqrt(2)); }
double call(const double *x) {
  double spot = x[0] * 100, strike = 95, rate = 0.05 * x[1], sigma = 0.3 * x[2], t = x[3];
  double d1 = (log(spot / strike) + (rate + sigma * sigma / 2) * t) / (sigma * sqrt(t)), d2 = d1 - sigma * sqrt(t);
  return spot * normal(d1) - strike * exp(-rate * t) * normal(d2);
}
FUNCTIONAL(call, 4, .tolerance = 1e-5)

void gammas(const double *x, double *y) {
  y[0] = lgamma(x[0] + 2) - ((x[0] + 1.5) * log(x[0] + 2) - x[0] - 2 + 0.5 * log(2 * M_PI));
  y[1] = tgamma(x[1]) * tgamma(1.7 - x[1] * 0.2) / tgamma(1.7);
  y[2] = j0(x[0] * 3) * y1(x[1]) - jn(2, x[0]) * j1(x[1]);
}
MAP(gammas, 2, 3, .tolerance = 1e-5)

double distance(const double *x) {
  double a = x[0], b = x[1] - 0.7, l = x[2];
  double h = sin((a - b) / 2), k = sin(l / 2);
  double chord = hypot(h, sqrt(cos(a) * cos(b)) * k);
  return 2 * asin(chord) + atan2(sin(l), cos(a) * tan(b));
}
FUNCTIONAL(distance, 3, .tolerance = 1e-5)

double likelihood(const double *x) {
  double s = 0;
  for (int i = 0; i < 5; ++i) {
    double z = (x[i] - 1) * 8; // of both signs
    s += z > 0 ? log1p(exp(-z)) : log1p(exp(z)) - z;
    s -= log(-expm1(-x[i]));
  }
  return s;
}
FUNCTIONAL(likelihood, 5)

double phases(const double *x) {
  double s = 0;
  for (int i = 0; i < 4; ++i) {
    double a = x[i] * (i - 2) * 2.3;
    s += remainder(a, 2 * M_PI) * x[0] + fmod(a, 1.1) * (a - floor(a));
    s += copysign(x[i], sin(a)) + fdim(x[i], 1) + nearbyint(a) * x[i];
  }
  return s;
}
FUNCTIONAL(phases, 4, .step = 1e-7, .tolerance = 1e-5)

double scaled(const double *x) {
  int e;
  double m = frexp(x[0] * 40, &e), whole, part = modf(x[1] * 7, &whole);
  double s = ldexp(m, e / 2) * (e % 2 ? sqrt(2) : 1);
  return s * s + scalbn(part, 3) * whole + cbrt(x[2]) * exp2(x[1]) + pow(x[0], x[2]) + exp10(x[2]) * log2(x[0] + 1) + fma(x[0], x[1], x[2]);
}
FUNCTIONAL(scaled, 3, .step = 1e-7, .tolerance = 1e-5)
