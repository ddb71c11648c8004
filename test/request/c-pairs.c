// A struct by value that the calling convention passes in two parameters: a request
// lists both halves, and then those of the shadow. Debug information tells them from
// two parameters.
// RUN: not %clang -O1 -g -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -g "-DFIELDS=double *" -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: %clang -O1 -g -DBY_POINTER -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o
// CHECK: error: 'f' takes a struct by value, which the compiler passes in two parameters: a shadow cannot be told from the other half [unsupported-request]
// CHECK: help: take it by pointer
// Without it, one marker before two parameters of the same type can mean either. A
// marker before each, or before none, means two parameters.
// RUN: not %clang -O1 -DONE_MARKER -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=MARKER %s
// RUN: not %clang -O1 -DONE_MARKER "-DFIELDS=double *" -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=MARKER %s
// RUN: %clang -O1 -g -DFIELDS=double -DTWO_NUMBERS -DONE_MARKER -c -fpass-plugin=%plugin %s -o %t.o
// RUN: %clang -O1 -DFIELDS=double -DTWO_NUMBERS -DTWO_MARKERS -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O1 -DFIELDS=double -DTWO_NUMBERS -fpass-plugin=%plugin %s -o %t && %t
// MARKER: error: the marker before parameter 1 of 'f' may be meant for a struct by value, of which the next parameter, that has no marker, is the other half [unsupported-request]
// MARKER: help: write a marker before each argument; pass structs by pointer

typedef struct {
  FIELDS a;
  FIELDS b;
} Two;

extern int enzyme_dup;
double __enzyme_fwddiff(void *, ...);
#ifdef BY_POINTER
static double f(const Two *x, double y, double z) { return *(double *)&x->a * y + z; }
double d(Two *x, Two *dx) { return __enzyme_fwddiff((void *)f, x, dx, 1.0, 0.0, 2.0, 0.0); }
#elif defined(TWO_NUMBERS)
static double f(double x, double y) { return x * x * y; }
#ifdef ONE_MARKER
double d(double x, double y) { return __enzyme_fwddiff((void *)f, enzyme_dup, x, 1.0, y, 0.0); }
#else
int main(void) {
#ifdef TWO_MARKERS
  double d = __enzyme_fwddiff((void *)f, enzyme_dup, 3.0, 1.0, enzyme_dup, 5.0, 2.0);
#else
  double d = __enzyme_fwddiff((void *)f, 3.0, 1.0, 5.0, 2.0);
#endif
  return d == 2 * 3 * 5 + 9 * 2 ? 0 : 1;
}
#endif
#elif defined(ONE_MARKER)
static double f(const Two x) { return *(double *)&x.a * *(double *)&x.b; }
double d(Two x, Two dx) { return __enzyme_fwddiff((void *)f, enzyme_dup, x, dx); }
#else
static double f(const Two x, int n) { return *(double *)&x.a * n; }
double d(Two x, Two dx) { return __enzyme_fwddiff((void *)f, x, dx, 3); }
#endif
