// c-pairs.c without debug information, where a request can mean a struct as well as two
// numbers. Then it is refused, unless each argument has a marker. Without any, what
// clang passes for a number is known by `noundef`, and C++'s names tell what is complex;
// in C, what the function does with it.
// RUN: not %clang -O1 -DONE_MARKER -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=MARKER %s
// RUN: not %clang -O1 -DONE_MARKER "-DFIELDS=double *" -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=MARKER %s
// RUN: not %clang -O0 -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 "-DFIELDS=double *" -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -DCONST -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=MARKER %s
// RUN: not %clang -O2 -DBATCH -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clangxx -x c++ -O2 -DCOMPLEX -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O0 -DCOMPLEX -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -DCOMPLEX -DCALLS -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -DCOMPLEX -DTIMES -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -DCOMPLEX -DRESULT -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O2 -DCOMPLEX -DCALLS -DCONST -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=MARKER %s
// RUN: %clang -O1 -g -DFIELDS=double -DTWO_NUMBERS -DONE_MARKER -c -fpass-plugin=%plugin %s -o %t.o
// RUN: %clang -O1 -DFIELDS=double -DTWO_NUMBERS -DTWO_MARKERS -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O0 -DFIELDS=double -DTWO_NUMBERS -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O1 -DFIELDS=double -DTWO_NUMBERS -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O1 -DBY_POINTER -DFIELDS=double -c -fpass-plugin=%plugin %s -o %t.o
// MARKER: error: the marker before parameter 1 of 'f' may be meant for a struct by value, of which the next parameter, that has no marker, is the other half [unsupported-request]
// MARKER: help: compile with -g, or write a marker before each argument and pass structs by pointer
// CHECK: error: parameters 1 and 2 of 'f{{.*}}' may be a struct or a complex number by value: a shadow cannot be told from the other half [unsupported-request]
// CHECK: help: compile with -g, or write a marker before each argument and pass structs by pointer

typedef struct {
  FIELDS a;
  FIELDS b;
} Two;
typedef struct {
  double d[2];
} Lanes;

#ifdef __cplusplus
extern "C" {
#endif
extern int enzyme_dup, enzyme_const, enzyme_width;
double __enzyme_fwddiff(void *, ...);
double __enzyme_autodiff(void *, ...);
Lanes __enzyme_batch(void *, ...);
#ifdef __cplusplus
}
#endif

#ifdef BY_POINTER
static double f(const Two *x, double y, double z) { return *(double *)&x->a * y + z; }
double d(Two *x, Two *dx) { return __enzyme_fwddiff((void *)f, x, dx, 1.0, 0.0, 2.0, 0.0); }
#elif defined(COMPLEX)
#ifdef CALLS
double cabs(double _Complex);
static double __attribute__((noinline)) distance(double _Complex z) { return cabs(z); }
static double f(double _Complex z, double y) { return distance(z) * y; }
#elif defined(TIMES)
static double f(double _Complex z, double y) { return __real__(z * z) * y; }
#elif defined(RESULT)
static double _Complex f(double _Complex z, double y) { return z + y; }
#else
static double f(double _Complex z, double y) { return __real__ z * __imag__ z * y; }
#endif
#ifdef CONST
double d(double _Complex z, double y) { return __enzyme_autodiff((void *)f, enzyme_const, z, y); }
#else
double d(double _Complex z, double _Complex dz) { return __enzyme_fwddiff((void *)f, z, dz, 1.0, 0.0); }
#endif
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
#elif defined(CONST)
static double f(Two x, double y) { return x.a * x.b * y; }
double d(Two x, double y) { return __enzyme_autodiff((void *)f, enzyme_const, x, y); }
#else
static double f(const Two x) { return *(double *)&x.a * *(double *)&x.b; }
#ifdef ONE_MARKER
double d(Two x, Two dx) { return __enzyme_fwddiff((void *)f, enzyme_dup, x, dx); }
#elif defined(BATCH)
Lanes d(Two x, Two y) { return __enzyme_batch((void *)f, enzyme_width, 2, x, y); }
#else
double d(Two x, Two dx) { return __enzyme_fwddiff((void *)f, x, dx); }
#endif
#endif
