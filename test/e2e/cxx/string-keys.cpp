// std::map from strings beside numbers: a string is a union of its characters
// and of the size of its memory, which is copied as a whole. (Where its members
// are called in libstdc++, as at -O0, it is refused: docs/limits.md.)
// RUN: %check %s %t --skip=-O0 --skip=sanitize

#include "../Inputs/check.h"
#include <map>
#include <string>

double maps(const double *x) {
  std::map<std::string, double> m;
  m["alpha"] = x[0];
  m["beta"] = x[1] * x[0];
  m["gamma"] = x[2];
  m["alpha"] *= m.at("gamma");
  double s = 0;
  for (auto &[k, v] : m)
    s += v * k.size();
  auto it = m.find("beta");
  if (it != m.end())
    s *= it->second;
  m.erase("beta");
  return s + m.begin()->second;
}
FUNCTIONAL(maps, 3)
