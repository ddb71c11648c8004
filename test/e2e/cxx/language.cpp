// Templates, lambdas, function objects, member functions, inheritance without
// virtual calls, references, operators, constexpr, variadic templates.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <tuple>
#include <utility>

template <class T, int N> struct Poly {
  T c[N];
  template <class U> auto operator()(U x) const {
    decltype(c[0] * x) r = 0;
    for (int i = N - 1; i >= 0; --i)
      r = r * x + c[i];
    return r;
  }
};
double polynomials(const double *x) {
  Poly<double, 4> p{{x[0], x[1], x[2], x[3]}};
  Poly<int, 3> q{{1, -2, 3}};
  return p(x[1]) * q(x[0]) + p(2);
}
FUNCTIONAL(polynomials, 4)

template <class F> __attribute__((noinline)) double bisection(F f, double lo, double hi) {
  for (int i = 0; i < 3; ++i)
    (f(0.5 * (lo + hi)) > 0 ? hi : lo) = 0.5 * (lo + hi);
  return hi - f(hi) * (hi - lo) / (f(hi) - f(lo)); // secant step: exact for linear f
}
double captures(const double *x) {
  double a = x[0], count = 0;
  auto f = [&, b = x[1]](double t) {
    count += a * 0.01;
    return a * t - b;
  };
  double root = bisection(f, 0, 4);
  return root * root + count;
}
FUNCTIONAL(captures, 2)

double lambdas(const double *x) {
  auto compose = [](auto f, auto g) { return [=](double v) { return f(g(v)); }; };
  auto twice = [](double v) { return v * v; };
  auto shift = [k = x[1]](double v) { return v + k; };
  auto h = compose(twice, compose(shift, compose(twice, shift)));
  auto recurse = [&](auto self, double v, int n) -> double {
    return n ? self(self, sin(v) * x[0], n - 1) + v : h(v);
  };
  return recurse(recurse, x[0], 4);
}
FUNCTIONAL(lambdas, 2)

struct Shape {
  double scale;
  explicit Shape(double s) : scale(s) {}
  double scaled(double v) const { return v * scale; }
};
struct Named {
  int id = 3;
  const char *name = "name";
};
struct Box : Named, Shape {
  double w, h;
  Box(double w, double h, double s) : Shape(s), w(w), h(h) {}
  double area() const { return scaled(w) * scaled(h) * id; }
  Box &grow(double by) {
    w += by, h *= by;
    return *this;
  }
};
__attribute__((noinline)) static double areaOf(const Box &b) { return b.area() + b.name[0]; }
double inheritance(const double *x) {
  Box b(x[0], x[1], x[2]);
  b.grow(x[0]).grow(0.5);
  Shape &s = b;
  s.scale *= s.scaled(2);
  Box c = b;
  c.Named::id = 1;
  return areaOf(b) * areaOf(c);
}
FUNCTIONAL(inheritance, 3)

// A dual-number-like type with operators, friend functions and references.
struct Quaternion {
  double w = 1, x = 0, y = 0, z = 0;
  friend Quaternion operator*(const Quaternion &a, const Quaternion &b) {
    return {a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z, a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
            a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x, a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w};
  }
  Quaternion &operator*=(const Quaternion &o) { return *this = *this * o; }
  double &operator[](int i) { return i == 0 ? w : i == 1 ? x : i == 2 ? y : z; }
  double norm() const { return sqrt(w * w + x * x + y * y + z * z); }
};
void quaternions(const double *p, double *q) {
  Quaternion r, step{p[0], p[1], p[2], p[3]};
  for (int i = 0; i < 6; ++i) {
    r *= step;
    r[i % 4] += 0.1 * p[i % 4];
    double n = r.norm();
    for (int k = 0; k < 4; ++k)
      r[k] /= n;
  }
  std::tie(q[0], q[1], q[2], q[3]) = std::make_tuple(r.w, r.x, r.y, r.z);
}
MAP(quaternions, 4, 4)

template <class... T> double sum(T... v) { return (v + ... + 0.0); }
template <class T> T maxOf(T a) { return a; }
template <class T, class... R> T maxOf(T a, R... r) {
  T m = maxOf(r...);
  return a > m ? a : m;
}
double variadic(const double *x) {
  return sum(x[0], 2 * x[1], x[2] * x[2], 1) * maxOf(x[0], x[1] * 1.1, x[2]);
}
FUNCTIONAL(variadic, 3)

struct Counter {
  static constexpr double step = 0.25;
  double total = 0;
  void operator()(const double &v) { total += v * v * step; }
};
double objects(const double *x) {
  Counter c;
  for (int i = 0; i < 4; ++i)
    c(x[i] * (c.total + 1));
  double (Shape::*method)(double) const = &Shape::scaled;
  return (Shape(c.total).*method)(x[0]);
}
FUNCTIONAL(objects, 4)

// Two template instances with the same code for different types.
template <class T> T horner(const double *x, T start) {
  T r = start;
  for (int i = 0; i < 3; ++i)
    r = r * T(x[i]) + T(1);
  return r;
}
void instances(const double *x, double *y) { y[0] = horner<double>(x, x[0]); }
MAP(instances, 3, 1)
void floatInstance(const double *x, double *y) { y[0] = horner<float>(x, x[0]); }
MAP(floatInstance, 3, 1, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)
