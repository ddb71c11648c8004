// The exponent of frexp stays the library's, from a call that is not
// differentiated; the slope of the mantissa is 2^-e.

// RUN: %clang -O2 -fpass-plugin=%plugin %s -S -emit-llvm -o - | FileCheck %s

double frexp(double, int *);
extern double __enzyme_fwddiff(void *, double, double);

static double mantissa(double x) {
  int e;
  return frexp(x, &e);
}

double derivative(double x) {
  return __enzyme_fwddiff((void *)mantissa, x, 1);
}
// CHECK-LABEL: define {{.*}}@mantissa.linkgrad.fwd(double
// CHECK:         call double @frexp(double {{.*}}, ptr {{.*}}[[E:%.*]])
// CHECK:         [[LOADED:%.*]] = load i32, ptr [[E]]
// CHECK:         [[MINUS:%.*]] = sub i32 0, [[LOADED]]
// CHECK:         call double @{{.*}}ldexp{{.*}}(double %{{.*}}, i32 [[MINUS]])
