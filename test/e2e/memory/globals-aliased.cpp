// Global variables and functions under a second name: aliases, which is what clang
// makes of the constructors and destructors of a class.
// RUN: %check %s %t

#include "../Inputs/check.h"

double total;
extern "C" {
double state;
extern double sameState __attribute__((alias("state")));
__attribute__((noinline)) void setState(double x) { state = x * x; }
__attribute__((noinline)) double getState(void) { return state * total; }
void assign(double x) __attribute__((alias("setState")));
double value(void) __attribute__((alias("getState")));
}

struct Scope {
  double at;
  __attribute__((noinline)) explicit Scope(double x);
  __attribute__((noinline)) ~Scope();
};
Scope::Scope(double x) : at(x) { total = at * at; }
Scope::~Scope() { total *= at; }

double scoped(const double *x) {
  {
    Scope outer(x[0]);
    total *= x[1];
  }
  return total;
}
FUNCTIONAL(scoped, 2)

double functions(const double *x) {
  total = x[1];
  assign(x[0]);
  return value() * x[0];
}
FUNCTIONAL(functions, 2)

double variables(const double *x) {
  sameState = x[0] * x[1];
  double s = state;
  state += x[0];
  return s * sameState;
}
FUNCTIONAL(variables, 2)
