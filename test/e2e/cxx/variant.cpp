// A std::variant of a number and a std::vector: at -O1 LLVM loads the first
// bytes once, as a float, and casts them to the vector's pointer.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <variant>
#include <vector>

using Entry = std::variant<double, std::vector<double>>;

static double total(const Entry &e) {
  if (auto *d = std::get_if<double>(&e))
    return *d * *d;
  double s = 0;
  for (double v : std::get<1>(e))
    s += v * v * v;
  return s;
}

double entries(const double *x) {
  std::vector<Entry> all;
  all.reserve(2);
  all.emplace_back(std::vector<double>{x[0], x[1]});
  all.emplace_back(x[2]);
  double s = 0;
  for (auto &e : all)
    s += total(e);
  return s;
}
FUNCTIONAL(entries, 3)
