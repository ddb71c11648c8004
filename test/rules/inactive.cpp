// Output, time, environment, exceptions and text inside a differentiated
// function are called as ever and contribute nothing.

// RUN: %clangxx -O2 -fpass-plugin=%plugin %s -o %t
// RUN: %t | FileCheck %s

#include <cassert>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

extern double __enzyme_autodiff(void *, double);

static double primal(double X) {
  assert(X > 0);
  std::printf("x = %g\n", X);
  std::fflush(stdout);
  std::cout << "x again: " << X << std::endl;
  if (X > 100)
    throw std::out_of_range("x is too large");
  auto Now = std::chrono::steady_clock::now();
  double Zero = std::getenv("LINKGRAD_NO_SUCH_VARIABLE") ? 1 : 0;
  if (Now.time_since_epoch().count() == 0)
    std::abort();
  return X * X + Zero;
}

// CHECK: x = 3
// CHECK-NEXT: x again: 3
// CHECK-NEXT: derivative 6
int main() {
  double D = __enzyme_autodiff(reinterpret_cast<void *>(primal), 3.0);
  std::printf("derivative %g\n", D);
}
