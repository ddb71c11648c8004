// What a std::function has pointers to are its own functions, not others of their
// types whose address is taken.
// RUN: %clangxx -O1 -fpass-plugin=%plugin -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clangxx -O0 -fpass-plugin=%plugin -S -emit-llvm %s -o - | FileCheck %s

#include <functional>

double plain(const void *, double *x) { return *x * *x; }
double (*taken)(const void *, double *);
void take() { taken = plain; }

using Map = std::function<double(double)>;
double call(const Map &f, double x) { return f(x) * f(f(x)); }
double pointerCall(double x) { return taken(nullptr, &x); }
Map make(double a) {
  return [a](double x) { return a * x; };
}

extern int enzyme_const;
double __enzyme_fwddiff(void *, ...);

double ofObject(const Map &f, double x) {
  return __enzyme_fwddiff((void *)call, enzyme_const, &f, x, 1.0);
}
double ofPointer(double x) {
  return __enzyme_fwddiff((void *)pointerCall, x, 1.0);
}

// CHECK-LABEL: define {{.*}}@_Z4callRKSt8functionIFddEEd.linkgrad.fwd(
// CHECK-NOT:   @_Z5plainPKvPd
// CHECK:       icmp eq ptr %{{.*}}, @"_ZNSt17_Function_handler
// CHECK-NOT:   @_Z5plainPKvPd
// CHECK-LABEL: define {{.*}}@_Z11pointerCalld.linkgrad.fwd(
// CHECK:       icmp eq ptr %{{.*}}, @_Z5plainPKvPd
