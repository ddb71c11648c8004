// std::list, set, multimap and unordered_map whose nodes hold floats where the header
// holds the number of nodes.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <list>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

double copies(const double *x) {
  std::set<double> a{x[0], x[1]}, b = a;
  b.insert(x[2]);
  a = b;
  std::set<double> c(std::move(b));
  double s = a.size() + c.size() * x[0];
  for (double v : a)
    s = s * 0.5 + v;
  for (double v : c)
    s = s * 0.5 + v * v;
  return s;
}
FUNCTIONAL(copies, 3)

double multi(const double *x) {
  std::multimap<double, double> m;
  for (int i = 0; i < 12; i++)
    m.insert({(i * 5) % 4, x[i % 3] * i * .3});
  double s = 0;
  int n = 1;
  for (auto it = m.lower_bound(1); it != m.upper_bound(2); ++it)
    s += it->second * it->second * n++;
  return s;
}
FUNCTIONAL(multi, 3)

double keys(const double *x) {
  std::set<double> m;
  for (int i = 0; i < 9; i++)
    m.insert(x[i % 4] * (i + 1) * .1);
  double s = 0;
  int n = 1;
  for (double v : m)
    s += v * v * n++;
  return s;
}
FUNCTIONAL(keys, 4)

double list(const double *x) {
  std::list<double> l;
  for (int i = 0; i < 5; i++)
    l.push_back(x[i % 3] * i);
  l.push_front(x[1]);
  l.reverse();
  auto it = l.begin();
  ++it;
  it = l.erase(it);
  l.insert(it, x[0] * x[2]);
  std::list<double> o{x[0], x[1] * 3};
  l.splice(l.begin(), o);
  double s = 1, n = 1;
  for (double v : l)
    s += v * v * n++;
  return s;
}
FUNCTIONAL(list, 3)

double sorted(const double *x) {
  std::list<double> l;
  for (int i = 0; i < 7; i++)
    l.push_back(x[i * 3 % 4] * (i % 3 + 1));
  l.sort();
  double s = 1, n = 1;
  for (double v : l)
    s += v * v * n++;
  return s;
}
FUNCTIONAL(sorted, 4)

// The number of nodes is calculated with, moved and used.
struct Item {
  double key;
  int id;
  double load;
};
__attribute__((noinline)) static void join(std::list<Item> &a, std::list<Item> &b) {
  auto middle = std::next(a.begin(), 2);
  a.splice(middle, b, std::next(b.begin()));
  a.splice(a.end(), b, b.begin(), std::prev(b.end()));
  a.remove_if([](const Item &i) { return i.id == 2; });
}
double joined(const double *x) {
  std::list<Item> a, b;
  for (int i = 0; i < 4; i++) {
    a.push_back({x[i], i, x[3 - i]});
    b.push_front({x[i] * x[0], -i, 2 * x[i]});
  }
  join(a, b);
  std::swap(a, b);
  b.sort([](const Item &p, const Item &q) { return p.key < q.key; });
  std::list<Item> c(std::move(b));
  c.reverse();
  double s = a.size() + c.size() * x[1];
  for (auto &v : c)
    s = s * 0.7 + v.key * v.load + v.id * v.key;
  for (auto &v : a)
    s = s * 0.7 + v.key * v.load;
  return s;
}
FUNCTIONAL(joined, 4)

double merged(const double *x) {
  std::list<double> a(x, x + 4), b{x[1] * x[2], x[3] * x[0]};
  a.sort(), b.sort();
  a.merge(b);
  a.unique([](double p, double q) { return q < p * 1.01; });
  b.resize(a.size(), x[0]);
  double s = b.size() * x[2];
  for (double v : a)
    s = s * 0.7 + v * v;
  return s * b.back();
}
FUNCTIONAL(merged, 4)

double hashed(const double *x) {
  std::unordered_map<double, double> m;
  std::unordered_map<int, double> n;
  for (int i = 0; i < 20; ++i) {
    m[i % 8 * 0.5] = x[i % 3] * i;
    n[i * 7 % 13] += x[i % 3] * i;
  }
  std::unordered_set<double> t{x[0], x[1], x[2]};
  n.erase(7);
  double s = n.size() * x[0] + t.size() * x[1];
  for (int i = 0; i < 13; ++i)
    s = s * 0.7 + m[i % 8 * 0.5] * n[i];
  for (double v : t)
    s += v;
  return s;
}
FUNCTIONAL(hashed, 3)
