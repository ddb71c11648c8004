// C++ that ends with an error: what limits.md says of std::function, and of exceptions
// that hold active values.
// DEFINE: %{way} =
// DEFINE: %{level} = -O0
// DEFINE: %{refused} = not %clangxx -std=c++20 -w %{level} -fpass-plugin=%plugin \
// DEFINE:   -D%{way} -c %s -o %t.o 2>&1 | FileCheck --check-prefix=%{way} %s
// REDEFINE: %{way} = FUNCTION
// RUN: %{refused}
// REDEFINE: %{level} = -O1 -g
// REDEFINE: %{way} = THROW
// RUN: %{refused}

void __enzyme_autodiff(void *, ...);

#ifdef FUNCTION
// FUNCTION: error: byte 0 of the 16 bytes behind {{.*}} is used as Float@float and as Pointer and as parts of different values [unknown-type]
#include <functional>
#include <utility>
double f(const double *x) {
  float k = x[1];
  std::function<double(double)> a = [x](double t) { return t * x[0]; };
  std::function<double(double)> b = [k](double t) { return t * k; };
  std::swap(a, b);
  return a(x[1]) * b(k);
}
#else
struct Bad {
  double value;
};
double f(const double *x) {
  try {
    if (x[0] > 1)
      // THROW: refused.cpp:[[#@LINE+1]]:{{.*}}error: a pointer with a shadow meets one that has none [mixed-activity]
      throw Bad{x[0] * x[1]};
    return x[0];
  } catch (const Bad &b) {
    return b.value;
  }
}
#endif

void d(double *x, double *dx) { __enzyme_autodiff((void *)f, x, dx); }
