// std::list, set and multimap whose nodes hold floats where the header holds
// the number of nodes. At -O0 nothing tells the two apart, and they are
// refused. RUN: %check %s %t --skip=-O0
// RUN: not %clangxx -std=c++20 -w -O0 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: {{.*}}no derivative rule for this active instruction

#include "../Inputs/check.h"
#include <list>
#include <map>
#include <set>

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
