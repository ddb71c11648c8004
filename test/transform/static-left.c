// A `static` variable with active values whose address the differentiated function
// leaves in memory that is passed to it: a function without a body may find it there
// and change it.
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O0 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: %clang -O1 -DELSEWHERE -c -fpass-plugin=%plugin %s -o %t.o
// CHECK: error: no derivative of 'external': its body is not in this module [missing-body]

extern int enzyme_dup;
double __enzyme_autodiff(void *, ...);

void external(void);
static double state;
__attribute__((noinline)) static void leave(double **slot, double *v) { *slot = v; }

static double f(double x, double **slot) {
  state = x * x;
#ifdef ELSEWHERE
  double *local;
  slot = &local;
#endif
  leave(slot, &state);
  external();
  return state;
}
double slope(double x, double **slot, double **dslot) {
  return __enzyme_autodiff((void *)f, x, enzyme_dup, slot, dslot);
}
