// Ranges and views of C++20 over active values: transform, filter, take, drop,
// reverse, iota, projections of algorithms, a pipe of several. (At -O0 a sort copies
// lengths in bytes of which nothing tells what they are.)
// RUN: %check %s %t --skip=-O0

#include "../Inputs/check.h"
#include <algorithm>
#include <array>
#include <numeric>
#include <ranges>
#include <span>

double views(const double *x) {
  std::span<const double> s(x, 6);
  double sum = 0;
  for (double v : s | std::views::filter([](double v) { return v > 0.8; }) |
                      std::views::transform([&](double v) { return v * v * x[0]; }))
    sum = sum * 0.5 + v;
  for (double v : s | std::views::drop(1) | std::views::take(3) | std::views::reverse)
    sum = sum * v + 0.1;
  return sum;
}
FUNCTIONAL(views, 6)

double indexed(const double *x) {
  double p = 0;
  for (int i : std::views::iota(0, 5))
    p += x[i] * x[4 - i] * i;
  auto squares = std::views::iota(1, 4) | std::views::transform([&](int i) { return x[i] * x[i]; });
  return p * std::accumulate(squares.begin(), squares.end(), 1.0);
}
FUNCTIONAL(indexed, 5)

struct Sample {
  double at, value;
  int id;
};
void projected(const double *x, double *y) {
  std::array<Sample, 4> all;
  for (int i = 0; i < 4; ++i)
    all[i] = {x[i], x[i] * x[4 + i], i};
  std::ranges::sort(all, {}, &Sample::at);
  const Sample &most = *std::ranges::max_element(all, {}, &Sample::value);
  y[0] = most.value * (most.id + 1);
  y[1] = 0;
  for (const auto &[at, value, id] : all)
    y[1] = y[1] * at + value;
  std::ranges::for_each(all, [&](double &v) { v *= x[0]; }, &Sample::value);
  y[2] = std::ranges::min(all, {}, &Sample::value).value + all[2].value;
}
MAP(projected, 8, 3)
