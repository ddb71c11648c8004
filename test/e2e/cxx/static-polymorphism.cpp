// Templates that choose at compile time: CRTP, policies, traits, if constexpr,
// variadic folds, concepts, constexpr tables, partial specialisation, units.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <array>
#include <concepts>
#include <tuple>
#include <utility>

template <class D> struct Model {
  double run(double v, int n) const {
    for (int i = 0; i < n; ++i)
      v += static_cast<const D *>(this)->rate(v) * static_cast<const D *>(this)->step();
    return v;
  }
  double step() const { return 0.1; }
};
struct Growth : Model<Growth> {
  double r;
  Growth(double r) : r(r) {}
  double rate(double v) const { return r * v * (1 - v / 3); }
};
struct Cooling : Model<Cooling> {
  double k, outside;
  Cooling(double k, double outside) : k(k), outside(outside) {}
  double rate(double v) const { return k * (outside - v); }
  double step() const { return 0.2; }
};
double models(const double *x) { return Growth(x[0]).run(x[1], 5) * Cooling(x[2], x[3]).run(x[0], 4); }
FUNCTIONAL(models, 4)

// Layers of a network as a type.
template <int N> struct Dense {
  static constexpr int weights = N * N;
  template <class T> static std::array<T, N> apply(const std::array<T, N> &in, const double *w) {
    std::array<T, N> out{};
    for (int i = 0; i < N; ++i)
      for (int j = 0; j < N; ++j)
        out[i] += w[i * N + j] * in[j];
    return out;
  }
};
struct Squash {
  static constexpr int weights = 0;
  template <class T, std::size_t N> static std::array<T, N> apply(std::array<T, N> v, const double *) {
    for (T &e : v)
      e = tanh(e);
    return v;
  }
};
template <class First, class... Rest> struct Sequence {
  template <class V> static V apply(const V &in, const double *w) {
    V out = First::apply(in, w);
    if constexpr (sizeof...(Rest) > 0)
      return Sequence<Rest...>::apply(out, w + First::weights);
    else
      return out;
  }
};
double network(const double *x) {
  auto out = Sequence<Dense<2>, Squash, Dense<2>, Squash>::apply(std::array<double, 2>{x[0], x[1]}, x + 2);
  return out[0] * out[1] + out[0];
}
FUNCTIONAL(network, 10)

// Folds, tuples and concepts.
template <std::floating_point... T> static auto norm(T... v) { return sqrt(((v * v) + ...)); }
template <class T>
concept HasArea = requires(const T &t) {
  { t.area() } -> std::convertible_to<double>;
};
struct Square {
  double a;
  double area() const { return a * a; }
};
template <class T> static double size(const T &t) {
  if constexpr (HasArea<T>)
    return t.area();
  else
    return t * 0.5;
}
template <class Tuple, std::size_t... I> static double total(const Tuple &t, std::index_sequence<I...>) {
  return ((size(std::get<I>(t)) * (I + 1)) + ...);
}
double folded(const double *x) {
  std::tuple<Square, double, Square> t{{x[0]}, x[1] * x[2], {x[2]}};
  auto &[first, second, third] = t;
  second += first.a * third.a;
  return total(t, std::make_index_sequence<3>()) * norm(x[0], x[1], x[2], 0.5);
}
FUNCTIONAL(folded, 3)

// A polynomial whose coefficients are a table that the compiler made.
template <int N> static constexpr std::array<double, N> factorials = [] {
  std::array<double, N> f{1};
  for (int i = 1; i < N; ++i)
    f[i] = f[i - 1] * i;
  return f;
}();
double series(const double *x) {
  double s = 0, p = 1;
  for (double f : factorials<8>) {
    s += p / f;
    p *= -x[0] * x[1];
  }
  return s;
}
FUNCTIONAL(series, 2)
