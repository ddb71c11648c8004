// Owned memory: unique_ptr to objects, arrays and classes with virtual
// functions, custom deleters, moves, optional, variant, tuple and pair.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
  virtual std::unique_ptr<Shape> scaled(double by) const = 0;
};
struct Circle : Shape {
  double radius;
  explicit Circle(double r) : radius(r) {}
  double area() const override { return 3.0 * radius * radius; }
  std::unique_ptr<Shape> scaled(double by) const override { return std::make_unique<Circle>(radius * by); }
};
struct Box : Shape {
  double width, height;
  Box(double w, double h) : width(w), height(h) {}
  double area() const override { return width * height; }
  std::unique_ptr<Shape> scaled(double by) const override { return std::make_unique<Box>(width * by, height / by); }
};
double shapes(const double *x) {
  std::vector<std::unique_ptr<Shape>> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(std::make_unique<Circle>(x[i]));
    all.push_back(std::make_unique<Box>(x[i], x[i + 1]));
  }
  double sum = 0;
  for (auto &shape : all) {
    auto larger = shape->scaled(1 + 0.1 * sum);
    sum += larger->area();
    if (sum > 8)
      shape = std::move(larger);
  }
  return sum * all.back()->area();
}
FUNCTIONAL(shapes, 4)

// Arrays, custom deleters, release and reset.
static int released;
struct Count {
  void operator()(double *p) const {
    ++released;
    delete[] p;
  }
};
double buffers(const double *x) {
  std::unique_ptr<double[]> work = std::make_unique<double[]>(5);
  std::unique_ptr<double[], Count> other(new double[5]);
  for (int i = 0; i < 5; ++i)
    work[i] = x[i] * (i ? work[i - 1] : 1);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i)
      other[i] = sin(work[i]) + work[(i + 1) % 5];
    std::unique_ptr<double[]> fresh(new double[5]());
    for (int i = 0; i < 5; ++i)
      fresh[i] += other[4 - i] * 0.8;
    work.swap(fresh);
  }
  double *raw = other.release();
  double kept = raw[2];
  other.reset(raw);
  return work[0] * work[4] + kept;
}
FUNCTIONAL(buffers, 5)

// What may be there or not, is one of several, or several things together.
static std::optional<double> root(double v) {
  if (v < 1)
    return std::nullopt;
  return std::sqrt(v - 0.5);
}
static std::pair<double, double> swapped(std::pair<double, double> p) { return {p.second, p.first * p.second}; }
double sums(const double *x) {
  double sum = 0;
  for (int i = 0; i < 4; ++i)
    sum += root(x[i]).value_or(x[i] * x[i]);
  auto [a, b] = swapped({x[0], x[1]});
  std::tuple<double, int, double> t(a, 3, b * sum);
  std::get<0>(t) *= std::get<1>(t);
  return std::apply([](double u, int n, double v) { return u * v + n; }, t);
}
FUNCTIONAL(sums, 4)

struct Constant { double value; };
struct Linear { double slope, offset; };
using Piece = std::variant<Constant, Linear>;
double pieces(const double *x) {
  double at = x[0], sum = 0;
  for (int i = 0; i < 4; ++i) {
    Piece p = i % 2 ? Piece(Constant{x[i]}) : Piece(Linear{x[i], x[(i + 1) % 4]});
    if (auto *linear = std::get_if<Linear>(&p))
      sum += linear->slope * at + linear->offset;
    else
      sum *= std::get<Constant>(p).value;
    at += 0.1 * sum;
  }
  return sum;
}
FUNCTIONAL(pieces, 4)
