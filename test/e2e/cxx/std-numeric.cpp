// The containers of a fixed size and the algorithms over active values: array,
// span, valarray, accumulate, transform, inner_product, partial_sum and others.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <span>
#include <valarray>
#include <vector>

using Row = std::array<double, 3>;
using Matrix = std::array<Row, 3>;
static Matrix operator*(const Matrix &a, const Matrix &b) {
  Matrix c{};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 3; ++k)
        c[i][j] += a[i][k] * b[k][j];
  return c;
}
static Matrix power(const Matrix &m, unsigned n) {
  if (n == 0)
    return {Row{1, 0, 0}, Row{0, 1, 0}, Row{0, 0, 1}};
  Matrix half = power(m, n / 2);
  return n % 2 ? half * half * m : half * half;
}
double matrices(const double *x) {
  Matrix m;
  std::copy(x, x + 9, m[0].data());
  for (Row &row : m)
    std::transform(row.begin(), row.end(), row.begin(), [](double v) { return 0.4 * v; });
  Matrix p = power(m, 5);
  std::swap(p[0], m[2]);
  double trace = 0;
  for (size_t i = 0; i < p.size(); ++i)
    trace += p.at(i).at(i) * m[i].front();
  return trace;
}
FUNCTIONAL(matrices, 9)

// Statistics of parts of a series.
struct Moments {
  double mean, variance, skew;
};
static Moments moments(std::span<const double> s) {
  double n = s.size(), mean = std::accumulate(s.begin(), s.end(), 0.0) / n;
  double second = std::accumulate(s.begin(), s.end(), 0.0, [=](double a, double v) { return a + (v - mean) * (v - mean); });
  double third = 0;
  for (double v : s)
    third += (v - mean) * (v - mean) * (v - mean);
  return {mean, second / n, third / n};
}
static void smooth(std::span<double> s) {
  for (size_t i = 1; i + 1 < s.size(); ++i)
    s[i] = (s[i - 1] + 2 * s[i] + s[i + 1]) / 4;
}
void series(const double *x, double *y) {
  std::array<double, 8> v;
  std::adjacent_difference(x, x + 8, v.begin());
  std::span all(v);
  smooth(all.first(6));
  smooth(all.subspan(2));
  Moments whole = moments(all), tail = moments(all.last<4>());
  y[0] = whole.mean * tail.variance;
  y[1] = tail.mean + whole.skew;
  y[2] = whole.variance / (1 + tail.mean * tail.mean);
}
MAP(series, 8, 3)

// Whole arrays at once.
void arrays(const double *x, double *y) {
  std::valarray<double> a(x, 6), b = std::sin(a) * a + 1.0;
  std::valarray<double> c = a * b - std::exp(-a) / b;
  c[std::slice(0, 3, 2)] = std::valarray<double>(b[std::slice(1, 3, 2)]);
  c += 0.5 * a;
  std::valarray<double> d = c.shift(1) + c.cshift(-2);
  y[0] = d.sum();
  y[1] = (c * c).sum() * a.max();
  y[2] = std::sqrt(d[4] * d[4] + c[0] * c[0]);
}
MAP(arrays, 6, 3)

// A layer of a network by algorithms alone.
static void layer(const std::vector<double> &weights, const std::vector<double> &in, std::vector<double> &out) {
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = std::inner_product(in.begin(), in.end(), weights.begin() + i * in.size(), 0.1 * i);
  std::transform(out.begin(), out.end(), out.begin(), [](double v) { return std::tanh(v); });
}
double network(const double *x) {
  std::vector<double> weights(x, x + 12), in(x + 12, x + 15), hidden(4), soft(4);
  layer(weights, in, hidden);
  double largest = *std::max_element(hidden.begin(), hidden.end());
  std::transform(hidden.begin(), hidden.end(), soft.begin(), [=](double v) { return std::exp(v - largest); });
  double total = std::reduce(soft.begin(), soft.end());
  for (double &v : soft)
    v /= total;
  std::partial_sum(soft.begin(), soft.end(), hidden.begin());
  return std::transform_reduce(soft.begin(), soft.end(), hidden.begin(), 0.0, std::plus<>{},
                               [](double p, double q) { return -p * std::log(q); });
}
FUNCTIONAL(network, 15, .tolerance = 1e-5)

// Order statistics and rearrangements.
void orders(const double *x, double *y) {
  std::array<double, 8> v;
  std::copy(x, x + 7, v.begin());
  std::make_heap(v.begin(), v.end() - 1);
  v[7] = x[0] * x[1];
  std::push_heap(v.begin(), v.end());
  y[0] = v.front();
  std::sort_heap(v.begin(), v.end());
  std::reverse(v.begin() + 1, v.begin() + 5);
  auto middle = std::partition(v.begin(), v.end(), [&](double e) { return e > x[0]; });
  y[1] = std::accumulate(v.begin(), middle, 1.0, std::multiplies<>());
  y[2] = std::accumulate(middle, v.end(), *std::min_element(v.begin(), v.end()));
  std::iota(v.begin(), v.end(), x[1]);
  y[3] = v[6] * v[0] + std::clamp(x[2], 0.8, 1.2) * x[3];
}
MAP(orders, 7, 4)
