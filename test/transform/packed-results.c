// A small struct that comes back packed into an integer: the caller is made
// anew with the callee inlined, as nothing else tells what the integer holds.
// RUN: %clang -O0 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O2 -fpass-plugin=%plugin %s -o %t && %t
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
