// std::map, unordered_map and deque of active values: built, iterated, copied
// and erased inside of differentiated code, and passed in from outside. Copying
// a pair<const int, double> needs -g to tell what it is. RUN: %check %s %t -g

#define OWN_CHECKS
#include "../Inputs/check.h"
#include <deque>
#include <map>
#include <unordered_map>

double built(const double *x) {
  std::map<int, double> m;
  for (int i = 0; i < 5; i++)
    m[i * 7 % 5] += x[i % 3] * i;
  double s = 0;
  for (auto &[k, v] : m)
    s += v * v * k;
  return s;
}
FUNCTIONAL(built, 3)

double erased(const double *x) {
  std::map<int, double> m;
  for (int i = 0; i < 60; i++)
    m[i * 37 % 61] = x[i % 4] * (i + 1) * .05;
  for (int i = 0; i < 60; i += 3)
    m.erase(i * 11 % 61);
  double s = 0;
  int n = 0;
  for (auto &[k, v] : m)
    s += v * v * ++n * .1;
  for (auto it = m.rbegin(); it != m.rend(); ++it)
    s = s * .9 + it->second;
  return s;
}
FUNCTIONAL(erased, 4)

double copied(const double *x) {
  std::map<int, double> m;
  for (int i = 0; i < 20; i++)
    m[i * 7 % 23] = x[i % 4] * i * .1;
  std::map<int, double> c = m;
  for (int i = 0; i < 23; i++)
    c[i * 5 % 23] += x[(i + 1) % 4] * .3;
  for (int i = 0; i < 23; i += 2)
    c.erase(i * 3 % 23);
  for (int i = 0; i < 40; i++)
    c[i + 50] = x[i % 4] * .01 * i;
  double s = 0;
  int n = 0;
  for (auto &[k, v] : c)
    s += v * v * ++n * .1;
  for (auto it = c.rbegin(); it != c.rend(); ++it)
    s = s * .9 + it->second;
  for (auto &[k, v] : m)
    s += v * k * .1;
  return s;
}
FUNCTIONAL(copied, 4)

double hashed(const double *x) {
  std::unordered_map<int, double> m;
  for (int i = 0; i < 40; i++)
    m[i * 37 % 61] += x[i % 3] * (i + 1) * .1;
  for (int i = 0; i < 60; i += 4)
    m.erase(i);
  double s = 0;
  for (int i = 0; i < 61; i++)
    if (auto it = m.find(i); it != m.end())
      s += it->second * it->second * i * .1;
  return s;
}
FUNCTIONAL(hashed, 3)

double queue(const double *x) {
  std::deque<double> d;
  for (int i = 0; i < 150; i++) {
    d.push_back(x[i % 3] * i * .01);
    if (i % 3 == 0)
      d.push_front(x[(i + 1) % 3]);
    if (i % 5 == 4)
      d.pop_front();
  }
  double s = 0, n = 1;
  for (double v : d)
    s += v * v * n++ * .01;
  return s;
}
FUNCTIONAL(queue, 3)

// What comes from outside has a shadow of the same shape.
using Table = std::map<int, double>;
__attribute__((noinline)) static void update(Table &t, const double *x) {
  double carry = 0;
  for (auto &[key, value] : t)
    value = carry = value * x[key % 3] + carry * .5;
  t.erase(3);
  t[40] = carry * carry;
  t[-1] = x[2];
}
static Table filled(const double *y) {
  Table t;
  for (int i = 0; i < 12; ++i)
    t[i * 7 % 12] = y[i % 4];
  return t;
}
static double sum(const Table &t) {
  double s = 0, n = 1;
  for (auto &[key, value] : t)
    s += value * n++;
  return s;
}
static double primal(const double *x) {
  Table t = filled(x + 3);
  update(t, x);
  return sum(t);
}
static void outside() {
  double x[7] = {.9, 1.1, 1.2, .5, .6, .7, .8}, g[7], f[7];
  for (int i = 0; i < 7; ++i) {
    double h = 1e-6, up[7], down[7];
    for (int j = 0; j < 7; ++j)
      up[j] = down[j] = x[j];
    up[i] += h, down[i] -= h;
    g[i] = (primal(up) - primal(down)) / (2 * h);
  }
  for (int i = 0; i < 7; ++i) {
    double dx[7] = {};
    dx[i] = 1;
    Table t = filled(x + 3), dt = filled(dx + 3);
    __enzyme_fwddiff((void *)update, enzyme_dup, &t, &dt, enzyme_dup, x, dx);
    EXPECT(t.size(), 13);
    expectNear("outside", "forward", i, sum(dt), g[i], 10, 1e-7);
  }
}

static double total(Table &t, const double *x) {
  update(t, x);
  return sum(t);
}
// The nodes that stay have their adjoints in the shadow; the seed is the
// result.
static void outsideReverse() {
  double x[7] = {.9, 1.1, 1.2, .5, .6, .7, .8}, dx[7] = {};
  Table t = filled(x + 3), dt = filled(dx + 3);
  __enzyme_autodiff((void *)total, enzyme_dup, &t, &dt, enzyme_dup, x, dx);
  for (int i = 0; i < 3; ++i) {
    double h = 1e-6, up[7], down[7];
    memcpy(up, x, sizeof x), memcpy(down, x, sizeof x);
    up[i] += h, down[i] -= h;
    expectNear("outside", "reverse", i, dx[i],
               (primal(up) - primal(down)) / (2 * h), 10, 1e-7);
  }
  // The keys of new nodes are not written to the shadow, so go through both.
  auto shadow = dt.begin();
  for (auto &[key, value] : t) {
    double adjoint = shadow++->second;
    if (key == -1 || key == 40)
      continue;
    Table up = filled(x + 3), down = filled(x + 3);
    up[key] += 1e-6, down[key] -= 1e-6;
    expectNear("outside", "adjoint of key", key, adjoint,
               (total(up, x) - total(down, x)) / 2e-6, 10, 1e-7);
  }
}
static void ownChecks() {
  outside();
  outsideReverse();
}
