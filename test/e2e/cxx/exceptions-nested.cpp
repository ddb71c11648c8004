// Handlers that leave loops, throw again, call what throws, and are nested;
// allocations and loops of the callee that end half way.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"
#include <stdexcept>
#include <string>
#include <vector>

__attribute__((noinline)) static double step(double v, int i, int bad) {
  if (i == bad)
    throw i;
  return v * v + 0.1 * i;
}

// break, continue and return out of handlers.
double leaves(const double *x) {
  double sum = 0;
  for (int round = 0; round < 4; ++round) {
    double v = x[round % 2];
    for (int i = 0; i < 5; ++i) {
      try {
        v = 0.5 * step(v, i, round);
        if (round == 3 && i == 2)
          throw std::string("give up");
      } catch (int code) {
        sum += v * code;
        if (code == 1)
          break;
        continue;
      } catch (const std::string &s) {
        return sum * v + s.size() * x[1];
      }
      sum += v;
    }
  }
  return -sum;
}
FUNCTIONAL(leaves, 2)

// The callee grows a container and stops in the middle.
__attribute__((noinline)) static double collect(std::vector<double> &v,
                                                const double *x, int stop) {
  double last = 1;
  for (int i = 0;; ++i) {
    v.push_back(last * x[i % 3]);
    last = step(v.back(), i, stop);
  }
  return last;
}
double grown(const double *x) {
  std::vector<double> v;
  double sum = 0;
  for (int stop : {2, 0, 4})
    try {
      sum = collect(v, x, stop);
    } catch (int at) {
      sum = 0.5 * sum + v[at] * at;
    }
  for (double e : v)
    sum += e * e;
  return sum;
}
FUNCTIONAL(grown, 3)

// What a handler calls throws too, to the handler around.
double twice(const double *x) {
  double a = x[0], b = x[1];
  for (int i = 0; i < 6; ++i)
    try {
      a *= 1.1;
      try {
        b = 0.3 * step(b * a, i, i & ~1);
        a += b;
      } catch (int) {
        a = 0.2 * step(a, i, 2) + b;
        b *= 0.7;
      }
    } catch (int code) {
      b += 0.1 * code * a;
    }
  return a * b;
}
FUNCTIONAL(twice, 2)

// A vector that is torn down on the way out, and memory that outlives the throw.
struct Item {
  double value;
  double *total;
  Item(double v, double *t) : value(v), total(t) { *total += v * v; }
  ~Item() { *total -= 0.5 * value; }
};
__attribute__((noinline)) static void items(double *total, const double *x, int n) {
  std::vector<Item> held;
  held.reserve(3);
  for (int i = 0; i < 3; ++i) {
    held.emplace_back(x[i] * *total, total);
    *total *= step(held.back().value, i, n);
  }
}
void torn(const double *x, double *y) {
  for (int i = 0; i < 4; ++i) {
    y[i] = 0.5 + x[2] * i;
    try {
      items(&y[i], x, i);
      y[i] *= 2;
    } catch (...) {
      y[i] += x[i % 3];
    }
  }
}
MAP(torn, 3, 4)

// A function whose whole body is guarded, called in another's handler.
static double guarded(double v, int i) try {
  return step(v, i, 1);
} catch (int) {
  return 3 * v;
}
double bodies(const double *x) {
  double sum = 0;
  for (int i = 0; i < 3; ++i)
    try {
      sum += step(sum * x[0] + x[1], i, 2) + guarded(x[1], i);
    } catch (int) {
      sum -= guarded(sum, 1) * guarded(x[0], 0);
    }
  return sum;
}
FUNCTIONAL(bodies, 2)

// Only what a function does that never returns makes a difference, two calls deep.
[[noreturn]] __attribute__((noinline)) static void fail(double *v, int code) {
  *v *= *v;
  throw code;
}
__attribute__((noinline)) static void finish(double *v, int n) {
  for (int i = 0; i < n; ++i)
    *v *= 1.5;
  if (n > 1)
    fail(v, n);
}
double never_returns(const double *x) {
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    double v = x[i % 2];
    try {
      finish(&v, i);
    } catch (int code) {
      sum += code * v;
    }
    sum += v;
  }
  return sum;
}
FUNCTIONAL(never_returns, 2)

// In reverse mode alone: what forward mode inlines is inlined in both.
[[noreturn]] __attribute__((noinline)) static void squareAndThrow(double *v) {
  *v *= *v;
  throw 1;
}
double thrower(const double *x) {
  double v = x[0];
  try {
    squareAndThrow(&v);
  } catch (int) {
    v *= 3;
  }
  return v;
}
static void ownChecks() {
  double x = 1.5, dx = 0;
  __enzyme_autodiff((void *)thrower, enzyme_dup, &x, &dx);
  EXPECT(dx, 9);
}
