// Exceptions that may leave: checks that throw on bad values but do not here, with
// owners on the way; cleanups that give memory back; a library function that throws
// (at(), stod); nothing is caught inside.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct Bad : std::runtime_error {
  int code;
  Bad(int code) : std::runtime_error("bad"), code(code) {}
};
__attribute__((noinline)) static double checked(double v, double most) {
  if (!(v < most))
    throw Bad(int(v));
  return sqrt(most - v);
}
__attribute__((noinline)) static double sums(const double *x, int n) {
  std::vector<double> parts(n);
  std::unique_ptr<double[]> copy(new double[n]);
  for (int i = 0; i < n; ++i) {
    copy[i] = x[i] * x[0];
    parts.at(i) = checked(copy[i], 4) * x[i];
  }
  double s = 1;
  for (double p : parts)
    s = s * 0.5 + p;
  return s;
}
double fine(const double *x) {
  double s = sums(x, 4);
  return checked(s * 0.1, 3) + s;
}
FUNCTIONAL(fine, 4)

// Out of the derivative, through its memory.
static void ownChecks() {
  double x[4] = {1, 1, 5, 1}, dx[4] = {0}, caught = 0;
  try {
    __enzyme_autodiff((void *)fine, enzyme_dup, x, dx);
  } catch (const Bad &b) {
    caught = b.code;
  }
  EXPECT(caught, 5);
  try {
    __enzyme_fwddiff((void *)fine, enzyme_dup, x, dx);
    caught = 0;
  } catch (const std::exception &e) {
    caught += e.what()[0] == 'b';
  }
  EXPECT(caught, 6);
}
