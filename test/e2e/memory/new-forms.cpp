// Every form of operator new and delete: sized, aligned, nothrow, placement into an
// array, explicit calls, objects that are made and destroyed in place.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <memory>
#include <new>

#define NOINLINE __attribute__((noinline))

struct alignas(64) Wide {
  double v[8];
};
double overAligned(const double *x) {
  Wide *w = new Wide;
  Wide *many = new Wide[2];
  for (int i = 0; i < 8; ++i) {
    w->v[i] = x[i % 3] * (i + 1);
    many[i % 2].v[i] = w->v[i] * x[0];
    many[1 - i % 2].v[i] = 1;
  }
  double s = 0;
  for (int i = 0; i < 8; ++i)
    s += many[0].v[i] * many[1].v[i] * w->v[7 - i];
  delete[] many;
  delete w;
  return s;
}
FUNCTIONAL(overAligned, 3)

// The functions themselves.
NOINLINE static double *raw(int form, std::size_t bytes) {
  switch (form) {
  case 0:
    return static_cast<double *>(::operator new(bytes));
  case 1:
    return static_cast<double *>(::operator new[](bytes));
  case 2:
    return static_cast<double *>(::operator new(bytes, std::nothrow));
  case 3:
    return static_cast<double *>(::operator new(bytes, std::align_val_t(32)));
  default:
    return static_cast<double *>(::operator new[](bytes, std::align_val_t(64), std::nothrow));
  }
}
NOINLINE static void release(int form, double *p, std::size_t bytes) {
  switch (form) {
  case 0:
    return ::operator delete(p, bytes);
  case 1:
    return ::operator delete[](p);
  case 2:
    return ::operator delete(p, std::nothrow);
  case 3:
    return ::operator delete(p, bytes, std::align_val_t(32));
  default:
    return ::operator delete[](p, std::align_val_t(64), std::nothrow);
  }
}
double forms(const double *x) {
  double s = x[0];
  for (int form = 0; form < 5; ++form) {
    double *p = raw(form, 3 * sizeof(double));
    p[0] = s;
    p[1] = p[0] * x[form % 3];
    p[2] = p[1] * p[0];
    s = 0.5 * p[2] + p[1];
    release(form, p, 3 * sizeof(double));
  }
  return s;
}
FUNCTIONAL(forms, 3)

// Objects that are made and destroyed inside memory of another kind.
struct Filter {
  double gain, *state;
  Filter(double gain, double start) : gain(gain), state(new double(start)) {}
  Filter(Filter &&o) noexcept : gain(o.gain), state(o.state) { o.state = nullptr; }
  ~Filter() { delete state; }
  double operator()(double v) { return *state += gain * (v - *state); }
};
double placed(const double *x) {
  alignas(Filter) unsigned char room[3 * sizeof(Filter)];
  Filter *f = reinterpret_cast<Filter *>(room);
  for (int i = 0; i < 3; ++i)
    new (f + i) Filter(x[i] * 0.5, x[2 - i]);
  double v = 1;
  for (int k = 0; k < 4; ++k)
    for (int i = 0; i < 3; ++i)
      v = f[i](v + x[k % 3]);
  Filter moved(std::move(f[1]));
  v *= moved(x[0]);
  std::destroy_n(f, 3);
  std::construct_at(f, x[1], v);
  v = (*f)(x[2]) * v;
  std::destroy_at(f);
  return v;
}
FUNCTIONAL(placed, 3)
