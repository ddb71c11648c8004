// std::function objects of all kinds (function-objects.cpp) in containers.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <vector>

using Map = std::function<double(double)>;

// Two words of each kind, in either order.
double listed(const double *x) {
  double buffer[2] = {x[0] * 2, x[1]}, k = x[0];
  const double *p = buffer;
  std::vector<Map> list;
  list.push_back([p, k](double v) { return v * p[0] + k; });
  list.push_back([k, p](double v) { return v * p[1] - k * p[0]; });
  list.push_back([p](double v) { return v * p[1]; });
  list.push_back([k](double v) { return v * k; });
  list.push_back([k, x](double v) { return v * k * x[1]; });
  list.push_back((double (*)(double))sin);
  std::vector<Map> back = list;
  std::reverse(back.begin(), back.end());
  double v = 1;
  for (Map &f : list)
    v = f(v);
  for (Map &f : back)
    v = f(v) * .5;
  return v;
}
FUNCTIONAL(listed, 2)

// Function objects on the heap, with vectors of their own.
struct Network {
  std::vector<Map> layers;
  void add(Map layer) { layers.push_back(std::move(layer)); }
  double operator()(double v) const {
    for (const Map &layer : layers)
      v = layer(v);
    return v;
  }
};
double network(const double *x) {
  Network n;
  std::vector<double> w;
  for (int i = 0; i < 4; ++i)
    w.push_back(x[i]);
  n.add([w](double v) {
    for (double weight : w)
      v = tanh(weight * v + w[0]);
    return v;
  });
  double b = x[2];
  n.add([b](double v) { return v + b; });
  n.add([](double v) { return tanh(v); });
  Network copy = n;
  return n(x[0]) * copy(b);
}
FUNCTIONAL(network, 4)

double named(const double *x) {
  std::map<std::string, Map> steps;
  steps["scale"] = [&](double v) { return v * x[1]; };
  steps["sin"] = [](double v) { return sin(v); };
  double k = x[2];
  steps["shift"] = [k](double v) { return v + k; };
  double v = x[0];
  for (const char *name : {"scale", "sin", "shift", "scale"})
    v = steps[name](v);
  return v;
}
FUNCTIONAL(named, 3)

struct Event {
  double time;
  Map act;
  bool operator<(const Event &o) const { return time > o.time; }
};
double queued(const double *x) {
  std::priority_queue<Event> events;
  double a = x[0];
  events.push({3, [a](double v) { return v * a; }});
  events.push({1, [a](double v) { return v + a; }});
  events.push({2, [](double v) { return v * v; }});
  double v = x[1];
  for (; !events.empty(); events.pop())
    v = events.top().act(v);
  return v;
}
FUNCTIONAL(queued, 2)
