// Virtual calls: abstract classes, multiple inheritance, virtual bases, objects
// on the heap that their destructors free, containers of them, pointers to
// members, objects from outside with a shadow object.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <memory>
#include <vector>

struct Linear {
  virtual double f(double) = 0;
  virtual ~Linear() {}
  double a = 1;
};
struct Quadratic {
  virtual double g(double) = 0;
  virtual ~Quadratic() {}
  double b = 2;
};
struct Both : Linear, Quadratic {
  double c;
  Both(double c) : c(c) {}
  double f(double x) override { return c * x + a; }
  double g(double x) override { return c * x * x * b; }
};
struct Heap : Linear {
  double *p;
  Heap(double x) : p(new double(x)) {}
  ~Heap() { delete p; }
  double f(double x) override { return sin(*p * x); }
};

__attribute__((noinline)) static double use(Linear *l, Quadratic *q, double x) {
  return l->f(x) * (q ? q->g(x) : 1);
}
double bases(const double *x) {
  Both both(x[0]);
  Heap heap(x[1]);
  return use(&both, &both, x[2]) + use(&heap, nullptr, x[0]) +
         use(&heap, &both, x[1]);
}
FUNCTIONAL(bases, 3)

double container(const double *x) {
  std::vector<std::unique_ptr<Linear>> all;
  for (int i = 0; i < 4; i++)
    if (i % 2)
      all.push_back(std::make_unique<Both>(x[0] * i));
    else
      all.push_back(std::make_unique<Heap>(x[1]));
  double s = 0;
  for (auto &one : all)
    s += one->f(x[2]) * s + one->f(s);
  return s;
}
FUNCTIONAL(container, 3)

struct Base {
  virtual double h(double x) { return x * x; }
  double k = 3;
  virtual ~Base() {}
};
struct Left : virtual Base {
  double h(double x) override { return k * x; }
};
struct Right : virtual Base {
  double m = 1;
};
struct Diamond : Left, Right {
  double h(double x) override { return Left::h(x) * m * x; }
};
double virtualBases(const double *x) {
  Diamond d;
  d.k = x[0];
  d.m = x[1];
  Base *b = &d;
  Right *r = &d;
  Right other;
  other.k = x[1];
  Base *choice = x[2] > 1 ? b : &other;
  return b->h(x[2]) + r->h(x[0]) + choice->h(x[2]);
}
FUNCTIONAL(virtualBases, 3)

struct Member {
  double k;
  double p(double x) { return k * x * x; }
  double q(double x) { return sin(k * x); }
  virtual double r(double x) { return k + x; }
};
double members(const double *x) {
  Member m;
  m.k = x[0];
  double (Member::*table[3])(double) = {&Member::p, &Member::q, &Member::r};
  double s = 0;
  for (int i = 0; i < 6; i++)
    s += (m.*table[i % 3])(x[1] + i);
  return s;
}
FUNCTIONAL(members, 2)

// The objects, and the shadow objects, are made outside.
static double outsideValue(Linear *l, Quadratic *q, double x) {
  return use(l, q, x) + l->f(q->g(x));
}
double gradientOutside(const double *x, double *d) {
  Both both(x[0]), shadow(0);
  shadow.a = shadow.b = 0;
  __enzyme_autodiff((void *)outsideValue, enzyme_dup, (Linear *)&both,
                    (Linear *)&shadow, enzyme_dup, (Quadratic *)&both,
                    (Quadratic *)&shadow, enzyme_const, x[1]);
  *d = shadow.c;
  return outsideValue(&both, &both, x[1]);
}
static void outside(void) {
  double x[2] = {0.7, 1.3}, d, unused;
  gradientOutside(x, &d);
  double up[2] = {0.7 + 1e-6, 1.3}, down[2] = {0.7 - 1e-6, 1.3};
  double difference =
      (gradientOutside(up, &unused) - gradientOutside(down, &unused)) / 2e-6;
  expectNear("outside", "derivative", 0, d, difference, 1, 1e-6);
}
__attribute__((constructor)) static void registerOutside() { outside(); }
