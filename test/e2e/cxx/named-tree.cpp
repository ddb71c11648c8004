// A tree of named nodes that know their parents: strings, short and long, are made and
// moved beside the numbers, and looked up in a map. (At -O0, and between the checks of
// sanitizers, functions of libstdc++ without a body change strings: limits.md.)
// RUN: %check %s %t --skip=-O0 --skip=sanitize -g

#include "../Inputs/check.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {
struct Part {
  Part *parent = nullptr;
  std::vector<std::unique_ptr<Part>> parts;
  std::string name;
  double mass = 0;

  Part *add(std::string n, double m) {
    auto p = std::make_unique<Part>();
    p->parent = this;
    p->name = std::move(n);
    p->mass = m;
    parts.push_back(std::move(p));
    return parts.back().get();
  }
  double total() const {
    double sum = mass;
    for (const auto &p : parts)
      sum += p->total() * .5;
    return sum;
  }
  double depths(int depth = 0) const {
    double sum = depth * mass + name.size();
    for (const auto &p : parts)
      sum += p->depths(depth + 1);
    return sum;
  }
  double chain() const {
    double product = mass;
    for (const Part *p = parent; p; p = p->parent)
      product *= 1 + p->mass;
    return product;
  }
};
} // namespace

double assembly(const double *x) {
  Part root;
  root.mass = x[0];
  Part *left = root.add("left", x[1]);
  Part *right = root.add("a name longer than sixteen characters", x[2]);
  Part *bolt = left->add("bolt", x[0] * x[1]);
  right->add("nut", 2);
  return root.total() * root.depths() + bolt->chain();
}
FUNCTIONAL(assembly, 3)

double symbols(const double *x) {
  std::map<std::string, double> env;
  env["mass"] = x[0] * x[1];
  env["speed"] = x[1];
  env["a name that is not short at all"] = x[2];
  double energy = .5 * env["mass"] * env["speed"] * env.at("speed");
  for (const auto &[name, value] : env)
    energy += value * name.size();
  if (env.find("none") != env.end())
    energy = 0;
  env.erase("mass");
  return energy + env.size() * env.begin()->second;
}
FUNCTIONAL(symbols, 3)
