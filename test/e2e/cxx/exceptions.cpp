// With exceptions enabled: cleanups on the way out, a primal that throws out of
// its derivative, a throw that is never reached, noexcept, and destructors that
// work on active memory.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"
#include <memory>
#include <stdexcept>
#include <vector>

struct Guard {
  double *p;
  ~Guard() { *p *= 2; }
};
__attribute__((noinline)) static double checkedRoot(double v) {
  if (v < 0)
    throw std::domain_error("negative");
  return std::sqrt(v);
}
double guarded(const double *x) {
  double cell = x[0];
  {
    Guard g{&cell};
    cell += checkedRoot(x[1]) * cell;
  }
  return cell * x[1];
}
FUNCTIONAL(guarded, 2)

double cleanups(const double *x) {
  std::vector<double> v(3, x[0]);
  auto p = std::make_unique<double>(checkedRoot(x[1]));
  for (int i = 0; i < 3; ++i)
    v[i] += checkedRoot(x[i]) * *p;
  return v.at(1) * v.at(2) + v.at(0);
}
FUNCTIONAL(cleanups, 3)

__attribute__((noinline)) static double safe(double v) noexcept { return v * v; }
double nothrow(const double *x) { return safe(x[0]) + checkedRoot(safe(x[0]) + 1); }
FUNCTIONAL(nothrow, 1)

double throws(const double *x) {
  std::vector<double> tape;
  for (int i = 0; i < 4; ++i)
    tape.push_back(checkedRoot(x[i]) * (tape.empty() ? 1 : tape.back()));
  return tape.back();
}
FUNCTIONAL(throws, 4)

// Caught outside of the derivative; nothing leaks (valgrind watches).
static void ownChecks() {
  double x[4] = {1, 2, -1, 3}, dx[4] = {0, 0, 0, 0};
  int caught = 0;
  try {
    __enzyme_autodiff((void *)throws, enzyme_dup, x, dx);
  } catch (const std::domain_error &) {
    ++caught;
  }
  try {
    __enzyme_fwddiff((void *)throws, enzyme_dup, x, dx);
  } catch (const std::exception &) {
    ++caught;
  }
  EXPECT(caught, 2);
}
