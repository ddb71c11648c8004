// A small struct that comes back packed into an integer: followed where the
// callee is inlined, else refused; never taken for an integer without a
// derivative.
// RUN: %clang -O0 -fpass-plugin=%plugin %s -o %t && %t
// RUN: not %clang -O2 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// CHECK: {{holds or may hold a floating-point value|cannot tell whether}}
// CHECK-SAME: [unknown-type]
typedef struct {
  float x;
  int n;
} Mixed;
double __enzyme_autodiff(void *, ...);
__attribute__((noinline)) static Mixed make(double x) {
  Mixed m = {x * x, 3};
  for (int i = 0; i < m.n; ++i)
    m.x *= x;
  return m;
}
static double through(double x) {
  Mixed m = make(x);
  return m.x * m.n;
}

// 3 x^5
int main(void) {
  double error = __enzyme_autodiff((void *)through, 1.5) - 15 * 5.0625;
  return error > 1e-5 || error < -1e-5;
}
