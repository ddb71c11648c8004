// Requests as C programs write them, unoptimised and optimised.
// RUN: %clang -O0 -S -emit-llvm %s -o - \
// RUN:   | %opt -passes='print<linkgrad-requests>' -disable-output 2>&1 \
// RUN:   | FileCheck %s --implicit-check-not=error:
// RUN: %clang -O2 -S -emit-llvm %s -o - \
// RUN:   | %opt -passes='print<linkgrad-requests>' -disable-output 2>&1 \
// RUN:   | FileCheck %s --implicit-check-not=error:

#include <stddef.h>

typedef struct { double x, y; } pair;
typedef struct { double x, y, z; } triple;

extern int enzyme_dup, enzyme_dupnoneed, enzyme_out, enzyme_const, enzyme_width;

double __enzyme_autodiff(void *, ...);
pair __enzyme_autodiff_pair(void *, ...);
triple __enzyme_fwddiff_triple(void *, ...);
void __enzyme_fwddiff_void(void *, ...);

double dot(const double *a, const double *b, size_t n);
double mix(double x, float y, short n, const double *p);
pair split(double x);
triple spread(double x);

// CHECK: reverse mode of dot(dup, dupnoneed, const) -> active
// CHECK-NEXT: requested in: arrays
// CHECK-NEXT: type: void (ptr, ptr, ptr, ptr, i64)
void arrays(double *a, double *da, double *b, double *db, size_t n) {
  __enzyme_autodiff((void *)dot, enzyme_dup, a, da, enzyme_dupnoneed, b, db,
                    enzyme_const, n);
}

// Without markers, with a float and a short that C promotes.
// CHECK: reverse mode of mix(active, active, const, dup) -> active
// CHECK-NEXT: requested in: defaults
// CHECK-NEXT: type: { double, float } (double, float, i16, ptr, ptr)
// CHECK-NEXT: operands: double {{.*}}, double {{.*}} as float, i32 {{.*}} as i16, ptr
double defaults(double x, float y, short n, double *p, double *dp) {
  return __enzyme_autodiff((void *)mix, x, y, n, p, dp);
}

// A function in a variable.
// CHECK: reverse mode of mix(active, const, const, const) -> active
// CHECK-NEXT: requested in: variable
double variable(double x, const double *p) {
  double (*f)(double, float, short, const double *) = mix;
  return __enzyme_autodiff((void *)f, enzyme_out, x, enzyme_const, 1.0f,
                           enzyme_const, 2, enzyme_const, p);
}

// CHECK: reverse mode of split(active) -> active, width 2
// CHECK-NEXT: requested in: lanes
// CHECK-NEXT: type: { [2 x double] } (double)
pair lanes(double x) {
  return __enzyme_autodiff_pair((void *)split, enzyme_width, 2, enzyme_out, x);
}

// CHECK: forward mode of spread(dupnoneed, dup) -> const
// CHECK-NEXT: requested in: buffer
// CHECK-NEXT: type: void (ptr, ptr, double, double)
// CHECK-NEXT: operands: scratch %struct.triple, ptr %{{.*}} + 0, double
triple buffer(double x) {
  return __enzyme_fwddiff_triple((void *)spread, enzyme_dup, x, 1.0);
}

// CHECK: forward mode of dot(dup, dup, const) -> const
// CHECK-NEXT: requested in: discarded
void discarded(double *a, double *da, size_t n) {
  __enzyme_fwddiff_void((void *)dot, enzyme_dup, a, da, enzyme_dup, a, da, n);
}
