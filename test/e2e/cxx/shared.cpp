// shared_ptr: an expression graph whose nodes are shared, as automatic
// differentiation by operators would build it.
// RUN: %check %s %t -g

#include "../Inputs/check.h"
#include <memory>

struct Term;
using Ref = std::shared_ptr<Term>;
struct Term {
  double value;
  Ref a, b;
  Term(double value, Ref a = nullptr, Ref b = nullptr) : value(value), a(a), b(b) {}
};
static Ref operator*(const Ref &a, const Ref &b) { return std::make_shared<Term>(a->value * b->value, a, b); }
static Ref operator+(const Ref &a, const Ref &b) { return std::make_shared<Term>(a->value + b->value, a, b); }
static double depth(const Ref &t) { return t ? t->value * 0.1 + depth(t->a) : 0; }

double graph(const double *x) {
  Ref a = std::make_shared<Term>(x[0]), b = std::make_shared<Term>(x[1]);
  Ref c = a * b + a, d = c * c;
  a.reset();
  for (int i = 0; i < 3; ++i)
    d = d * b + c;
  return d->value + depth(d);
}
FUNCTIONAL(graph, 2)
