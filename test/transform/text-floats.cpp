// Text has no derivative: numbers that are kept there would lose theirs.
// RUN: not %clangxx -O1 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clangxx -O1 -DCOPY -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clangxx -O1 -DCOPY -DFORWARD -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: the characters of a string hold active floats [unsupported-instruction]
// CHECK: help: keep them in memory of their own type
#include <cstring>
#include <string>
double __enzyme_autodiff(void *, ...), __enzyme_fwddiff(void *, ...);
static double buffered(const double *x, int n) {
  std::string buffer(8 * n, ' ');
#ifdef COPY
  std::memcpy(buffer.data(), x, sizeof(double) * n);
#else
  for (int i = 0; i < n; ++i)
    reinterpret_cast<double *>(buffer.data())[i] = x[i];
#endif
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    double v;
    std::memcpy(&v, &buffer[8 * i], sizeof v);
    sum += v * x[i];
  }
  return sum;
}
double derivative(const double *x, double *d, int n) {
#ifdef FORWARD
  return __enzyme_fwddiff((void *)buffered, x, d, n);
#else
  return __enzyme_autodiff((void *)buffered, x, d, n);
#endif
}
