// C++ objects of static storage that stay from call to call: vectors that grow,
// in functions too, with their guards; a singleton behind a pointer; a cache.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <memory>
#include <vector>

static std::vector<double> work;
extern "C" double grows(const double *x) {
  work.resize(4);
  for (int i = 0; i < 4; ++i)
    work[i] = x[i % 2] * (i + 1);
  work.push_back(work[1] * work[2]);
  double s = 0;
  for (double w : work)
    s += w * w;
  work.pop_back();
  return s * work.back();
}
FUNCTIONAL(grows, 2)

__attribute__((noinline)) static std::vector<double> &scratch(int n) {
  static std::vector<double> s(2, 1.0);
  if ((int)s.size() < n)
    s.resize(n);
  return s;
}
extern "C" void within(const double *x, double *y) {
  std::vector<double> &s = scratch(5);
  for (int i = 0; i < 5; ++i)
    s[i] = x[i % 3] * x[(i + 1) % 3];
  for (int i = 0; i < 5; ++i)
    y[i % 2] += s[i] * scratch(3)[4 - i];
}
MAP(within, 3, 2)

struct Solver {
  std::vector<double> state;
  double *last = nullptr;
  double step(double v) {
    state.push_back(v);
    last = &state[state.size() - 1];
    return *last * state[0];
  }
};
static std::unique_ptr<Solver> solver;
static Solver &instance() {
  if (!solver)
    solver = std::make_unique<Solver>();
  return *solver;
}
extern "C" double singleton(const double *x) {
  instance().state.clear();
  double s = 0;
  for (int i = 0; i < 6; ++i)
    s += instance().step(x[i % 3] + s);
  return s * *instance().last;
}
FUNCTIONAL(singleton, 3)

// What does not depend on x is calculated once.
static std::vector<std::vector<double>> rows;
extern "C" double cached(const double *x) {
  if (rows.empty())
    for (int i = 0; i < 3; ++i)
      rows.emplace_back(3, i + 0.5);
  double s = 0;
  for (const auto &row : rows)
    for (int k = 0; k < 3; ++k)
      s += row[k] * x[k] * x[k];
  rows[1][2] = s;
  s *= rows[1][2];
  rows[1][2] = 1.5;
  return s;
}
FUNCTIONAL(cached, 3)
