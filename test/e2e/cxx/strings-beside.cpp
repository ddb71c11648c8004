// Strings beside active values: their functions in libstdc++'s shared library change
// the primal's text, not the shadow's pointer to it.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

using Named = std::pair<std::string, double>;

double sorted(const double *x) {
  std::vector<Named> v{{"a long name that is not short", x[0]}, {"beta", x[1]}};
  for (int i = 0; i < 2; i++)
    v.push_back({"name" + std::to_string(i), x[2] * (i + 1)});
  std::sort(v.begin(), v.end(),
            [](auto &a, auto &b) { return a.first > b.first; });
  return v[0].second * v[1].second + v[2].second * v[3].second * v[3].second;
}
FUNCTIONAL(sorted, 3)

struct Parameter {
  std::string name;
  double value, low, high;
};

double parameters(const double *x) {
  std::vector<Parameter> p;
  p.push_back({"a", x[0], 0, 1});
  p.push_back({"b with a rather long name, really", x[1], 0, 1});
  Parameter q = p[0];
  q.name += "_copy_that_is_long_enough";
  q.value *= x[2];
  p.push_back(q);
  std::swap(p[0], p[2]);
  p.erase(p.begin() + 1);
  double s = 0;
  for (auto &r : p)
    s += r.value * r.value * r.name.size();
  return s;
}
FUNCTIONAL(parameters, 3)

struct Config {
  std::string name;
  std::map<std::string, double> values;
  std::vector<std::string> order;
};

__attribute__((noinline)) static void set(Config &c, const std::string &key,
                                          double value) {
  if (!c.values.count(key))
    c.order.push_back(key);
  c.values[key] = value;
}

double config(const double *x) {
  Config c;
  c.name = "a configuration with a long name";
  set(c, "rate", x[0]);
  set(c, "moment of inertia about z", x[1] * x[0]);
  set(c, "rate", x[2]);
  Config d = c;
  d.name += "!";
  double s = d.name.size() * x[0];
  for (auto &key : d.order)
    s += d.values[key] * key.size() * s;
  return s;
}
FUNCTIONAL(config, 3)

double tally(const double *x) {
  std::unordered_map<std::string, double> m;
  const char *names[] = {"alpha", "beta", "a very long name indeed"};
  for (int i = 0; i < 9; i++)
    m[names[i % 3]] += x[i % 3] * (i + 1);
  m.erase("beta");
  std::ostringstream key;
  key << "key-" << 7 << "-with-a-suffix";
  m[key.str()] = x[1];
  double s = m.at(key.str());
  for (auto &[name, v] : m)
    s += v * v * name.length();
  return s;
}
FUNCTIONAL(tally, 3)

struct Shape {
  std::string name;
  explicit Shape(std::string n) : name(std::move(n)) {}
  virtual ~Shape() = default;
  virtual double area(double scale) const = 0;
  virtual std::string describe() const { return name + "!"; }
};

struct Circle : Shape {
  double r;
  explicit Circle(double r) : Shape("circle"), r(r) {}
  double area(double scale) const override { return scale * r * r; }
};

struct Rectangle : Shape {
  double a, b;
  Rectangle(double a, double b) : Shape("a rectangle with sides"), a(a), b(b) {}
  double area(double scale) const override { return scale * a * b; }
  std::string describe() const override { return "this is " + name; }
};

double shapes(const double *x) {
  std::vector<std::unique_ptr<Shape>> v;
  v.push_back(std::make_unique<Circle>(x[0]));
  v.push_back(std::make_unique<Rectangle>(x[1], x[2]));
  double s = 0;
  for (auto &p : v)
    s += p->area(3) * p->describe().size();
  return s;
}
FUNCTIONAL(shapes, 3)
