// Text has no derivative: numbers that are kept there would lose theirs.
// RUN: not %clangxx -O1 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clangxx -O1 -DCOPY -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clangxx -O0 -DCOPY -DFORWARD -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clangxx -O0 -DFORWARD -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clangxx -O1 -DVARIANT -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clangxx -O1 -DCOPY -DFORWARD -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: the characters of a string hold active floats [unsupported-instruction]
// CHECK: help: keep them in memory of their own type
#include <array>
#include <cstring>
#include <string>
#include <variant>
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
#ifdef VARIANT
// Numbers where a string may have its characters.
using Pair = std::array<double, 2>;
struct Pairs {
  Pair first, second;
};
using Value = std::variant<Pairs, std::string>;
__attribute__((noinline)) static void move(Value &to, Value &from) {
  if (auto *pairs = std::get_if<Pairs>(&from))
    std::get<Pairs>(to).second = pairs->second;
  else
    to = std::get<std::string>(from) + "x";
}
static double buffered(const double *x, int n) {
  Value a = Pairs{{x[0], x[1]}, {x[2], x[0]}}, b = Pairs{};
  move(b, a);
  return std::get<Pairs>(b).second[0] * std::get<Pairs>(b).second[1];
}
#else
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
#endif
double derivative(const double *x, double *d, int n) {
#ifdef FORWARD
  return __enzyme_fwddiff((void *)buffered, x, d, n);
#else
  __enzyme_autodiff((void *)buffered, x, d, n);
  return 0;
#endif
}
