// Views that keep views by value, with sizes that are classes without members where
// they are known: between the fields are bytes of nothing, and wrappers lie ten deep.
// With -g all of that is known, at -O0 too, where nothing else tells what a copy moves.
// RUN: %check %s %t -g

#include "../Inputs/check.h"

template <int N> struct Size {
  Size(long) {}
  static long value() { return N; }
};
template <> struct Size<-1> {
  long n;
  Size(long n) : n(n) {}
  long value() const { return n; }
};

template <int R, int C> struct Base {
  const double *data;
  Size<R> rows;
  Size<C> columns;
  Base(const double *data, long r, long c) : data(data), rows(r), columns(c) {}
};
template <int R, int C> struct View : Base<R, C> {
  double weight;
  View(const double *data, long r, long c, double w) : Base<R, C>(data, r, c), weight(w) {}
  double sum() const {
    double s = 0;
    for (long i = 0; i < this->rows.value() * this->columns.value(); ++i)
      s += this->data[i] * this->data[i] * weight;
    return s;
  }
};

template <class V> struct Keep {
  V view;
  Size<3> nothing;
  double scale;
};
template <class V> struct Wrapped {
  V inner;
  Wrapped(const V &inner) : inner(inner) {}
  double sum() const { return inner.sum(); }
};
template <class V> struct Thrice : Wrapped<Wrapped<Wrapped<V>>> {
  Thrice(const V &inner) : Wrapped<Wrapped<Wrapped<V>>>(Wrapped<Wrapped<V>>(inner)) {}
};
template <class V> using Deep = Thrice<Thrice<V>>;

template <class V> __attribute__((noinline)) Keep<V> keep(const V &view, double scale) {
  Keep<V> result = {view, 0, scale};
  return result;
}
template <class V> __attribute__((noinline)) Deep<V> wrap(const V &view) {
  return Deep<V>(view);
}
template <class V> __attribute__((noinline)) double evaluate(Keep<Deep<V>> kept) {
  Keep<Deep<V>> copy = kept;
  return copy.view.sum() * copy.scale;
}

double views(const double *x) {
  View<2, -1> some(x, 2, 2, x[0]);
  View<-1, 2> others(x + 1, 1, 2, x[1] * x[2]);
  View<2, 2> all(x, 2, 2, x[3]);
  return evaluate(keep(wrap(some), x[2])) + evaluate(keep(wrap(others), x[0])) +
         evaluate(keep(wrap(all), 2));
}
FUNCTIONAL(views, 4)
