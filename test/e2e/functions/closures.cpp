// Lambdas: stored, returned, kept in containers, capturing by reference, value
// and move, recursive, mutable, converted to function pointers, as comparators
// and visitors, and with type erasure of one's own.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <vector>

// Type erasure without the library.
struct Function {
  struct Base {
    virtual ~Base() = default;
    virtual double call(double v) const = 0;
  };
  template <class F> struct Holder : Base {
    F f;
    explicit Holder(F f) : f(std::move(f)) {}
    double call(double v) const override { return f(v); }
  };
  std::unique_ptr<Base> held;
  template <class F> Function(F f) : held(std::make_unique<Holder<F>>(std::move(f))) {}
  double operator()(double v) const { return held->call(v); }
};
static Function shifted(double by) {
  return [by](double v) { return v * by + by; };
}
double erased(const double *x) {
  std::vector<Function> stages;
  stages.emplace_back([](double v) { return std::sin(v); });
  stages.push_back(shifted(x[1]));
  stages.emplace_back([x](double v) { return v * x[2] + x[0]; });
  double v = x[0];
  for (int round = 0; round < 2; ++round)
    for (const Function &f : stages)
      v = f(v);
  return v;
}
FUNCTIONAL(erased, 3)

// Passed down as templates, in layers.
template <class F> static double trapezium(F &&f, double a, double b, int n) {
  double sum = 0.5 * (f(a) + f(b));
  for (int i = 1; i < n; ++i)
    sum += f(a + (b - a) * i / n);
  return sum * (b - a) / n;
}
template <class F> static auto derivative(F f, double h) {
  return [=](double t) { return (f(t + h) - f(t - h)) / (2 * h); };
}
double layers(const double *x) {
  int calls = 0;
  auto f = [&](double s, double t) {
    ++calls;
    return x[0] * s * t + std::exp(-x[1] * s * s);
  };
  double area = trapezium([&](double s) { return trapezium([&](double t) { return f(s, t); }, 0, s, 4); }, 0, x[2], 5);
  auto slope = derivative([&](double s) { return f(s, x[2]); }, 0.1);
  return area * slope(x[0]) + calls;
}
FUNCTIONAL(layers, 3, .tolerance = 1e-5)

// State inside: mutable captures, generators, captured arrays and owners.
double generators(const double *x) {
  auto walk = [state = x[0], step = x[1]]() mutable {
    state += step;
    step *= 0.9;
    return state * step;
  };
  std::array<double, 3> weights{x[0], x[1], x[2]};
  auto weigh = [weights, i = 0](double v) mutable { return weights[i++ % 3] * v; };
  auto keep = [memory = std::make_unique<double>(x[2])](double v) {
    *memory = 0.5 * *memory + v;
    return *memory;
  };
  double sum = 0;
  for (int i = 0; i < 5; ++i)
    sum += keep(weigh(walk()));
  return sum;
}
FUNCTIONAL(generators, 3)

// Plain function pointers out of lambdas without captures, chosen by index.
double pointers(const double *x) {
  using Map = double (*)(double, double);
  const Map maps[] = {[](double a, double b) { return a * b; }, [](double a, double b) { return a + std::sin(b); },
                      +[](double a, double b) { return a / (1 + b * b); }};
  double v = x[0];
  for (int i = 0; i < 7; ++i)
    v = maps[(i * i) % 3](v, x[i % 2]);
  return v;
}
FUNCTIONAL(pointers, 2)

// As comparators and visitors, with indices instead of values.
void visitors(const double *x, double *y) {
  std::array<int, 6> order{0, 1, 2, 3, 4, 5};
  auto score = [&](int i) { return x[i] * x[(i + 1) % 6]; };
  std::sort(order.begin(), order.end(), [&](int a, int b) { return score(a) < score(b); });
  auto visit = [&](auto &&self, int depth, double carried) -> double {
    if (depth == 6)
      return carried;
    double rest = self(self, depth + 1, carried * 0.5 + score(order[depth]));
    y[depth] = rest * x[order[depth]];
    return rest + x[depth];
  };
  y[0] += visit(visit, 0, x[0]);
}
MAP(visitors, 6, 6)
