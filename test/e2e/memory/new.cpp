// new and delete in all forms that C++ programs write.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <new>

struct Base {
  double a;
  explicit Base(double a) : a(a) {}
};
struct Owner {
  Base *base;
  double *data;
  int n;
  Owner(double v, int n) : base(new Base(v)), data(new double[n]()), n(n) {
    for (int i = 0; i < n; ++i)
      data[i] = v * i + 1;
  }
  Owner(const Owner &o) : base(new Base(*o.base)), data(new double[o.n]), n(o.n) {
    for (int i = 0; i < n; ++i)
      data[i] = o.data[i];
  }
  Owner &operator=(const Owner &) = delete;
  ~Owner() {
    delete[] data;
    delete base;
  }
  double sum() const {
    double s = base->a;
    for (int i = 0; i < n; ++i)
      s = s * 0.9 + data[i];
    return s;
  }
};

double owners(const double *x) {
  Owner a(x[0], 3), b(x[1] * x[0], 4);
  Owner c = a;
  c.data[1] *= x[2];
  c.base->a = b.base->a;
  return a.sum() * b.sum() + c.sum();
}
FUNCTIONAL(owners, 3)

double newInLoop(const double *x) {
  double s = x[0];
  for (int i = 0; i < 5; ++i) {
    Base *b = new Base(s * x[1]);
    s += b->a * b->a * 0.1;
    delete b;
  }
  return s;
}
FUNCTIONAL(newInLoop, 2)

double arrays(const double *x) {
  Base **all = new Base *[3];
  for (int i = 0; i < 3; ++i)
    all[i] = new Base(x[i] * x[i]);
  double p = 1;
  for (int i = 0; i < 3; ++i)
    p *= all[i]->a + all[(i + 1) % 3]->a;
  for (int i = 0; i < 3; ++i)
    delete all[i];
  delete[] all;
  return p;
}
FUNCTIONAL(arrays, 3)

double placement(const double *x) {
  alignas(Base) unsigned char room[sizeof(Base)];
  Base *b = new (room) Base(x[0]);
  b->a *= x[1];
  double r = b->a * b->a;
  b->~Base();
  b = ::new (room) Base(r);
  return b->a + x[0];
}
FUNCTIONAL(placement, 2)

double nothrow(const double *x) {
  double *p = new (std::nothrow) double[2];
  if (!p)
    return 0;
  p[0] = x[0];
  p[1] = p[0] * x[1];
  double r = p[1] / (1 + p[0]);
  delete[] p;
  return r;
}
FUNCTIONAL(nothrow, 2)
