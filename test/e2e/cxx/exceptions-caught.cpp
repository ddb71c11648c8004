// Exceptions that are caught inside of the differentiated function, which then goes
// on: what happened before the throw counts, whatever callee it happened in.
// RUN: %check %s %t
//
// Exception objects have no shadow.
// RUN: not %clangxx -O1 -DPAYLOAD -w -fpass-plugin=%plugin %s -o %t 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: a pointer with a shadow meets one that has none [mixed-activity]

#include "../Inputs/check.h"
#include <memory>
#include <stdexcept>
#include <vector>

// A solver that gives up, and a fallback.
__attribute__((noinline)) static double newton(double a, int limit) {
  double r = a;
  for (int i = 0; i < limit; ++i) {
    double next = 0.5 * (r + a / r);
    if (fabs(next - r) < 1e-13)
      return next;
    r = next;
  }
  throw std::runtime_error("no convergence");
}
static double solve(double a, int limit) {
  try {
    return newton(a, limit) * a;
  } catch (const std::exception &) {
    return 3 * a * a;
  }
}
double fallback(const double *x) {
  return solve(x[0], 50) + x[2] * solve(x[1] * 7, 2) * solve(x[2], 40);
}
FUNCTIONAL(fallback, 3)

// Half of the work was done when it was thrown, two calls deep.
__attribute__((noinline)) static void scale(double *v, int i, double by) {
  if (i == 2)
    throw i;
  v[i] *= by;
}
__attribute__((noinline)) static void scaleAll(double *v, int n, double by) {
  for (int i = 0; i < n; ++i) {
    scale(v, i, by * v[i]);
    by += v[i];
  }
}
double half_done(const double *x) {
  double v[4] = {x[0], x[1], x[2], x[3]};
  double weight = 1;
  try {
    scaleAll(v, 4, x[1]);
  } catch (int i) {
    weight = v[i - 1] * x[0];
    v[i] *= 5;
  }
  return weight * (v[0] + 2 * v[1] + 3 * v[2] + 4 * v[3]);
}
FUNCTIONAL(half_done, 4)

// In a loop; which exception it is decides what is done with the value.
struct TooSmall : std::domain_error {
  using std::domain_error::domain_error;
};
__attribute__((noinline)) static double checked(double v, int i) {
  if (i % 3 == 1)
    throw TooSmall("small");
  if (i % 3 == 2)
    throw std::length_error("long");
  return v * v;
}
double by_type(const double *x) {
  double sum = 0;
  for (int i = 0; i < 9; ++i) {
    double v = x[i % 3] + 0.1 * sum;
    try {
      sum += 0.1 * checked(v, i);
      sum *= 1.1;
    } catch (const std::domain_error &) {
      sum += sin(v);
    } catch (const std::logic_error &) {
      sum += v * x[0];
    }
  }
  return sum;
}
FUNCTIONAL(by_type, 3)

// Destructors on the way to the handler work on active memory and free it.
struct Restore {
  double *place, old;
  ~Restore() { *place = *place * 0.5 + old; }
};
__attribute__((noinline)) static double attempt(double *cell, double v, bool fail) {
  Restore r{cell, v};
  std::vector<double> work(3, v * *cell);
  *cell += work[1];
  if (fail)
    throw std::runtime_error("failed");
  return work[2] * *cell;
}
double destructors(const double *x) {
  auto cell = std::make_unique<double>(x[0]);
  double sum = 0;
  for (int i = 0; i < 4; ++i)
    try {
      sum += attempt(cell.get(), x[1], i & 1);
    } catch (...) {
      sum -= *cell * x[0];
    }
  return sum + *cell;
}
FUNCTIONAL(destructors, 2)

// Rethrown, and caught further out.
static double inner(double v, int i) {
  try {
    return checked(v, i);
  } catch (const TooSmall &) {
    return 2 * v;
  } catch (...) {
    throw;
  }
}
void rethrown(const double *x, double *y) {
  for (int i = 0; i < 3; ++i)
    try {
      y[i] = inner(x[i] * x[0], i + 3);
    } catch (const std::length_error &) {
      y[i] = x[i] * x[i] * x[i];
    }
}
MAP(rethrown, 3, 3)

// The library throws.
double at(const double *x) {
  std::vector<double> v;
  for (int i = 0; i < 3; ++i)
    v.push_back(x[i] * x[i]);
  double sum = 0;
  for (unsigned i = 1; i < 5; ++i)
    try {
      sum += v.at(i) * x[0];
    } catch (const std::out_of_range &) {
      sum *= x[1];
    }
  return sum;
}
FUNCTIONAL(at, 3)

#ifdef PAYLOAD
__attribute__((noinline)) static double thrown(double v) {
  if (v > 1)
    throw 2 * v;
  return v;
}
double payload(const double *x) {
  try {
    return thrown(x[0]);
  } catch (double v) {
    return v * x[0];
  }
}
FUNCTIONAL(payload, 1)
#endif
