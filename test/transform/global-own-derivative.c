// A function that asks, in what it calls, for its own derivative would share
// the shadows of global variables with it.
// RUN: not %clang -O1 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s

double __enzyme_autodiff(void *, ...);

static double kept, seen;
double f(double x, int depth);

__attribute__((noinline)) static void monitor(double x, int depth) {
  seen = __enzyme_autodiff((void *)f, x, depth);
}
void *__enzyme_inactivefn_monitor[] = {(void *)monitor};

double f(double x, int depth) {
  kept = x * x;
  if (depth)
    monitor(x, depth - 1);
  return kept * x;
}
// CHECK: error: {{.*}}'f' changes global variables and, by what it calls, asks for its own derivative
// CHECK-SAME: [unsupported-request]
double df(double x) { return __enzyme_autodiff((void *)f, x, 1); }
