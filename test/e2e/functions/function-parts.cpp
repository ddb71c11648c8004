// std::function objects that are made in one module and moved in another.
// RUN: %check %s %t

#include <cmath>
#include <functional>
#include <vector>

using Map = std::function<double(double)>;
Map scaled(double a);
Map through(const double *p);
Map twice(Map f);
double chain(std::vector<Map> maps, double v);

#if !defined(PART) || PART == 1
Map scaled(double a) {
  return [a](double v) { return a * v + cos(a); };
}
Map through(const double *p) {
  return [p](double v) { return sin(v) * *p; };
}
#endif

#if !defined(PART) || PART == 2
Map twice(Map f) {
  return [f](double v) { return f(f(v)); };
}
double chain(std::vector<Map> maps, double v) {
  std::swap(maps.front(), maps.back());
  for (const Map &map : maps)
    v = map(v);
  return v;
}
#endif

#if !defined(PART) || PART == 3
#include "../Inputs/check.h"
double parts(const double *x) {
  std::vector<Map> maps;
  maps.push_back(scaled(x[0]));
  maps.push_back(through(x + 1));
  maps.push_back(twice(maps[0]));
  maps.push_back(twice(twice(maps[1])));
  return chain(maps, x[2]) + chain({maps[2], maps[0]}, x[1]);
}
FUNCTIONAL(parts, 3)
#endif
