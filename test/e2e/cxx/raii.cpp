// Objects whose destructors do active work: scopes that undo a change, guards that
// add to a sum when they end, early returns and breaks through them, moved-from and
// temporary objects, members destroyed in order.
// RUN: %check %s %t

#include "../Inputs/check.h"

class Scaled {
  double *to;
  double by;

public:
  Scaled(double *to, double by) : to(to), by(by) { *to *= by; }
  Scaled(const Scaled &) = delete;
  ~Scaled() { *to /= by; }
};
struct Adder {
  double &sum;
  double value;
  ~Adder() { sum += value * value; }
};

static double early(double *v, const double *x) {
  Scaled a(&v[0], x[0]);
  if (v[0] > 1.4)
    return v[0] * v[1];
  Scaled b(&v[1], x[1]);
  for (int i = 0; i < 4; ++i) {
    Scaled c(&v[0], x[2] + 0.5);
    if (v[0] > 3)
      break;
    v[1] += v[0] * 0.1;
  }
  return v[0] - v[1];
}
void scopes(const double *x, double *y) {
  double v[2] = {x[3], x[4]};
  y[0] = early(v, x);
  y[1] = early(v, x + 1) * y[1];
  y[2] = v[0] * v[1];
}
MAP(scopes, 5, 3)

double guards(const double *x) {
  double sum = x[0];
  for (int i = 0; i < 5; ++i) {
    Adder first{sum, x[i]};
    if (i == 1)
      continue;
    Adder second{sum, sum * x[(i + 2) % 5]};
    if (sum > 6)
      break;
    first.value *= 0.5;
  }
  return sum;
}
FUNCTIONAL(guards, 5)

// Temporaries live to the end of the full expression.
struct Trace {
  double *out, v;
  Trace(double *out, double v) : out(out), v(v) {}
  Trace(Trace &&o) : out(o.out), v(o.v * 0.5) { o.out = nullptr; }
  ~Trace() {
    if (out)
      *out = *out * 0.9 + v;
  }
  double get() const { return v; }
};
static Trace make(double *out, double v) { return Trace(out, v * v); }
double temporaries(const double *x) {
  double out = 1;
  double s = make(&out, x[0]).get() + make(&out, x[1]).get() * out;
  Trace kept = make(&out, x[2]);
  Trace moved = static_cast<Trace &&>(kept);
  s += moved.get() * out;
  return s + out;
}
FUNCTIONAL(temporaries, 3)
