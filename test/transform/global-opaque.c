// A function without a body might change a variable that holds active values: it
// is refused, unless the variable is static or the function is marked.
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: %clang -O1 -DSTATIC=static -c -fpass-plugin=%plugin %s -o %t.o
// RUN: %clang -O1 -DINACTIVE -c -fpass-plugin=%plugin %s -o %t.o
// CHECK: error: no derivative of 'advance': its body is not in this module [missing-body]
// CHECK: note: called here: {{.*}}'f' calls 'advance'
#ifndef STATIC
#define STATIC
#endif
double __enzyme_autodiff(void *, ...);
#ifdef INACTIVE
__attribute__((annotate("enzyme_inactive")))
#endif
void advance(void);
STATIC double position;
static double f(double x) {
  position = x * x;
  advance();
  return position * x;
}
double d(double x) { return __enzyme_autodiff((void *)f, x); }
