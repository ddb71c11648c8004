// A struct by value that the calling convention passes in two parameters: a request
// lists both halves, and then those of the shadow. Debug information tells them from
// two parameters.
// RUN: not %clang -O1 -g -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -g "-DFIELDS=double *" -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: %clang -O1 -g -DBY_POINTER -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o
// CHECK: error: 'f' takes a struct by value, which the compiler passes in two parameters: a shadow cannot be told from the other half [unsupported-request]
// CHECK: help: take it by pointer

typedef struct {
  FIELDS a;
  FIELDS b;
} Two;

double __enzyme_fwddiff(void *, ...);
#ifdef BY_POINTER
static double f(const Two *x, double y, double z) { return *(double *)&x->a * y + z; }
double d(Two *x, Two *dx) { return __enzyme_fwddiff((void *)f, x, dx, 1.0, 0.0, 2.0, 0.0); }
#else
static double f(const Two x, int n) { return *(double *)&x.a * n; }
double d(Two x, Two dx) { return __enzyme_fwddiff((void *)f, x, dx, 3); }
#endif
