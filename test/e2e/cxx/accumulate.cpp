// The numeric algorithms in formulas: accumulate, inner_product, transform_reduce,
// partial_sum, adjacent_difference, exclusive_scan, iota, clamp, midpoint, lerp, minmax.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

// Numerically stable log-sum-exp, a softmax and its entropy.
double entropy(const double *x) {
  double most = *std::max_element(x, x + 5);
  double sum = std::accumulate(x, x + 5, 0.0, [=](double s, double v) { return s + std::exp(v - most); });
  std::array<double, 5> p;
  std::transform(x, x + 5, p.begin(), [=](double v) { return std::exp(v - most) / sum; });
  return std::transform_reduce(p.begin(), p.end(), 0.0, std::minus<>(), [](double q) { return q * std::log(q); }) + most;
}
FUNCTIONAL(entropy, 5)

double scans(const double *x) {
  std::array<double, 6> a, b;
  std::partial_sum(x, x + 6, a.begin(), std::multiplies<>());
  std::exclusive_scan(a.begin(), a.end(), b.begin(), x[0]);
  std::adjacent_difference(b.begin(), b.end(), a.begin());
  auto [low, high] = std::minmax_element(a.begin(), a.end());
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.5) + *low * *high;
}
FUNCTIONAL(scans, 6)

double blends(const double *x) {
  double s = 0;
  for (int i = 0; i < 4; ++i) {
    double t = std::clamp(x[i] - 0.2, 0.4, 1.1);
    s += std::lerp(x[0], x[i] * x[i], t) * std::midpoint(x[i], x[3 - i]) + std::hypot(x[0], x[i], 2.0);
  }
  return s;
}
FUNCTIONAL(blends, 4)
