// A vector that is filled from an array, and of which some elements are never read:
// nothing tells what they are, and nothing depends on them.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <utility>
#include <vector>

double first(const double *x) {
  std::vector<double> w(x, x + 4);
  return w[0] * w[1];
}
FUNCTIONAL(first, 4)

double last(const double *x) {
  std::vector<double> w(x, x + 4);
  return w[1] * w[3] + sin(w[3]);
}
FUNCTIONAL(last, 4)

// Copied on, from one to the other.
struct Unit {
  std::vector<double> w;
  double operator()(double v) const { return tanh(w[0] * v + w[2]); }
};
double copied(const double *x) {
  std::vector<double> w(x, x + 4);
  Unit a{w};
  Unit b = std::move(a);
  return b(x[0]);
}
FUNCTIONAL(copied, 4)

// Within one block: the parts would overlap.
extern "C" void __enzyme_double(const void *, size_t);
double shifted(const double *x) {
  __enzyme_double(x, 5 * sizeof(double));
  double *buffer = (double *)malloc(5 * sizeof(double));
  memcpy(buffer, x, 5 * sizeof(double));
  memmove(buffer + 2, buffer, 3 * sizeof(double));
  double result = buffer[1] * buffer[4];
  free(buffer);
  return result;
}
FUNCTIONAL(shifted, 5)
