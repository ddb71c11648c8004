// std::function objects that hold a double at one time and a pointer, or something on
// the heap, at another: copied, moved, exchanged. What is in them is told by the
// functions that call them.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <algorithm>
#include <complex>
#include <functional>
#include <vector>

using Map = std::function<double(double)>;

static Map compose(Map f, Map g) {
  return [f, g](double v) { return f(g(v)); };
}
double composed(const double *x) {
  double a = x[0], b = x[1];
  Map h = compose([a](double v) { return a * v; },
                  [b](double v) { return sin(v) + b; });
  h = compose(h, h);
  return h(a * b);
}
FUNCTIONAL(composed, 2)

double copied(const double *x) {
  double a = x[0];
  Map f = [a](double v) { return a * v; };
  Map g = f;
  Map h = [g](double v) { return g(v) * g(g(v)); };
  return h(a * x[1]);
}
FUNCTIONAL(copied, 2)

double exchanged(const double *x) {
  std::complex<double> z(x[0], x[1]);
  double b = x[1];
  Map f = [z](double v) { return v + std::abs(z); };
  Map g = [&](double v) { return v * b; };
  Map h = f, k = std::move(f);
  std::swap(h, g);
  f = h;
  return h(x[0]) + k(b) + f(b) + g(x[1]);
}
FUNCTIONAL(exchanged, 2)

double recursive(const double *x) {
  double a = x[0];
  Map factorial = [&](double n) {
    return n < .5 ? a : n * factorial(n - 1);
  };
  std::function<double(int)> sum = [&](int n) {
    return n < 2 ? x[1] * n + x[0] : sum(n - 1) * .5 + sum(n - 2);
  };
  return factorial(3) * sum(6);
}
FUNCTIONAL(recursive, 2)

// A tape of actions, as in reverse mode by hand.
struct State {
  double a, b, c, da, db, dc, ds;
};
double actions(const double *x) {
  std::vector<std::function<void()>> back;
  State s = {x[0], x[1], x[0] * x[1], 0, 0, 0, 1};
  back.push_back([&] {
    s.da += s.b * s.dc;
    s.db += s.a * s.dc;
  });
  back.push_back([&] { s.dc += cos(s.c) * s.ds; });
  for (auto i = back.rbegin(); i != back.rend(); ++i)
    (*i)();
  return s.da * s.db;
}
FUNCTIONAL(actions, 2)
