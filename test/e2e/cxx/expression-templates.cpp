// Expression templates of one's own: vectors whose sums are evaluated element by
// element when they are assigned, symbolic functions as types, stencils.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <cstddef>
#include <type_traits>
#include <utility>

// Lazy vectors.
template <class E> struct Expression {
  const E &self() const { return static_cast<const E &>(*this); }
};
template <class A, class B, class Op> struct Binary : Expression<Binary<A, B, Op>> {
  A a;
  B b;
  Binary(const A &a, const B &b) : a(a), b(b) {}
  double operator[](size_t i) const { return Op::apply(a[i], b[i]); }
};
template <class A, double (*F)(double)> struct Unary : Expression<Unary<A, F>> {
  A a;
  explicit Unary(const A &a) : a(a) {}
  double operator[](size_t i) const { return F(a[i]); }
};
struct Scalar : Expression<Scalar> {
  double v;
  explicit Scalar(double v) : v(v) {}
  double operator[](size_t) const { return v; }
};
struct View : Expression<View> {
  const double *p;
  explicit View(const double *p) : p(p) {}
  double operator[](size_t i) const { return p[i]; }
};
struct Plus { static double apply(double a, double b) { return a + b; } };
struct Minus { static double apply(double a, double b) { return a - b; } };
struct Times { static double apply(double a, double b) { return a * b; } };
struct Over { static double apply(double a, double b) { return a / b; } };
template <size_t N> struct Vector {
  double v[N];
  template <class E> Vector &operator=(const Expression<E> &e) {
    for (size_t i = 0; i < N; ++i)
      v[i] = e.self()[i];
    return *this;
  }
  template <class E> Vector &operator+=(const Expression<E> &e) {
    for (size_t i = 0; i < N; ++i)
      v[i] += e.self()[i];
    return *this;
  }
};
template <class E> const E &term(const Expression<E> &e) { return e.self(); }
template <size_t N> View term(const Vector<N> &v) { return View(v.v); }
inline Scalar term(double v) { return Scalar(v); }
template <class T> using Term = std::decay_t<decltype(term(std::declval<T>()))>;
#define OPERATOR(Symbol, Op)                                                                        \
  template <class A, class B, std::enable_if_t<!std::is_arithmetic_v<A> || !std::is_arithmetic_v<B>, int> = 0> \
  Binary<Term<A>, Term<B>, Op> operator Symbol(const A &a, const B &b) {                            \
    return {term(a), term(b)};                                                                      \
  }
OPERATOR(+, Plus)
OPERATOR(-, Minus)
OPERATOR(*, Times)
OPERATOR(/, Over)
template <class A> Unary<Term<A>, std::sin> sine(const A &a) { return Unary<Term<A>, std::sin>(term(a)); }
template <class A> Unary<Term<A>, std::exp> exponential(const A &a) { return Unary<Term<A>, std::exp>(term(a)); }

void lazy(const double *x, double *y) {
  Vector<5> a, b, c;
  for (int i = 0; i < 5; ++i)
    a.v[i] = x[i], b.v[i] = x[(i + 2) % 5];
  c = a * b + 2.0 * sine(a) / (b + 1.0);
  for (int round = 0; round < 3; ++round) {
    a = a + x[5] * (c - a) * exponential(-0.5 * (a * a));
    c += a / (1.0 + c * c) - b * 0.1;
  }
  for (int i = 0; i < 5; ++i)
    y[i] = c.v[i] * a.v[4 - i];
}
MAP(lazy, 6, 5)

// Functions as types: f(x) built at compile time, with its own derivative, which
// checks the engine's.
template <int N> struct Power {
  static double at(double x) { return x * Power<N - 1>::at(x); }
  static double slope(double x) { return N * Power<N - 1>::at(x); }
};
template <> struct Power<0> {
  static double at(double) { return 1; }
  static double slope(double) { return 0; }
};
struct Sine {
  static double at(double x) { return std::sin(x); }
  static double slope(double x) { return std::cos(x); }
};
template <class F, class G> struct Compose {
  static double at(double x) { return F::at(G::at(x)); }
  static double slope(double x) { return F::slope(G::at(x)) * G::slope(x); }
};
template <class F, class G> struct Product {
  static double at(double x) { return F::at(x) * G::at(x); }
  static double slope(double x) { return F::at(x) * G::slope(x) + F::slope(x) * G::at(x); }
};
using Chain = Product<Compose<Sine, Power<3>>, Compose<Power<2>, Product<Sine, Power<1>>>>;
// Newton's method on the type, differentiated through.
double symbolic(const double *x) {
  double v = x[0];
  for (int i = 0; i < 3; ++i)
    v -= 0.1 * (Chain::at(v) - x[1]) / (1 + Chain::slope(v) * Chain::slope(v));
  return v * Chain::at(x[1]);
}
FUNCTIONAL(symbolic, 2)

// A stencil is a sum of shifted terms, as a pack of types.
template <int Offset, int Weight> struct Point {
  static double at(const double *p) { return Weight * p[Offset]; }
};
template <class... Points> struct Stencil {
  static double at(const double *p) { return (Points::at(p) + ...); }
  static void apply(const double *from, double *to, int n, double scale) {
    for (int i = 2; i < n - 2; ++i)
      to[i] = from[i] + scale * at(from + i);
  }
};
using Second = Stencil<Point<-1, 1>, Point<0, -2>, Point<1, 1>>;
using Fourth = Stencil<Point<-2, 1>, Point<-1, -4>, Point<0, 6>, Point<1, -4>, Point<2, 1>>;
void stencils(double *x) {
  double work[9];
  for (int i = 0; i < 9; ++i)
    work[i] = x[i];
  for (int step = 0; step < 3; ++step) {
    Second::apply(x, work, 9, 0.2 * x[0]);
    Fourth::apply(work, x, 9, -0.05 * work[8]);
  }
}
INPLACE(stencils, 9)
