// Requests as C++ programs write them, unoptimised and optimised.
// RUN: %clangxx -O0 -std=c++17 -S -emit-llvm %s -o - \
// RUN:   | %opt -passes='print<linkgrad-requests>' -disable-output 2>&1 \
// RUN:   | FileCheck %s --implicit-check-not=error:
// RUN: %clangxx -O2 -std=c++17 -S -emit-llvm %s -o - \
// RUN:   | %opt -passes='print<linkgrad-requests>' -disable-output 2>&1 \
// RUN:   | FileCheck %s --implicit-check-not=error:

extern int enzyme_dup, enzyme_const, enzyme_out;

template <class Result, class... T> Result __enzyme_autodiff(void *, T...);
template <class Result, class... T> Result __enzyme_fwddiff(void *, T...);

struct Vec {
  double x, y, z;
};
double norm(Vec v);
Vec scale(const Vec &v, double s);
double mayThrow(double x);
template <class T> T square(T x) { return x * x; }

// CHECK: reverse mode of {{(double )?}}square<double>(double)(active) -> active
// CHECK-NEXT: requested in: templated(double)
double templated(double x) {
  return __enzyme_autodiff<double>((void *)square<double>, x);
}

// CHECK: reverse mode of float square<float>(float)(active) -> active
// CHECK-NEXT: requested in: fixedTypes(float)
// CHECK-NEXT: type: { float } (float)
float fixedTypes(float x) {
  return __enzyme_autodiff<float>((void *)square<float>, enzyme_out, x);
}

// CHECK: reverse mode of lambda(double)::{{.*}}::__invoke(double)(active) -> active
// CHECK-NEXT: requested in: lambda(double)
double lambda(double x) {
  auto *f = +[](double y) { return y * y; };
  return __enzyme_autodiff<double>((void *)f, x);
}

// A struct by value: pass the addresses to get at its gradient.
// CHECK: reverse mode of norm(Vec)(dup) -> active
// CHECK-NEXT: requested in: byValue(Vec const&, Vec&)
// CHECK-NEXT: type: void (ptr, ptr)
void byValue(const Vec &v, Vec &dv) {
  __enzyme_autodiff<void>((void *)norm, enzyme_dup, &v, &dv);
}

// CHECK: forward mode of scale(Vec const&, double)(dupnoneed, dup, const) -> const
// CHECK-NEXT: requested in: references(Vec const&, Vec const&, double)
// CHECK-NEXT: type: void (ptr, ptr, ptr, ptr, double)
// CHECK-NEXT: operands: scratch %struct.Vec, ptr %{{.*}} + 0, ptr
Vec references(const Vec &v, const Vec &dv, double s) {
  return __enzyme_fwddiff<Vec>((void *)scale, enzyme_dup, &v, &dv,
                               enzyme_const, s);
}

// CHECK: reverse mode of mayThrow(double)(active) -> active
// CHECK-NEXT: requested in: throwing(double)
double throwing(double x) {
  try {
    return __enzyme_autodiff<double>((void *)mayThrow, x);
  } catch (int) {
    return 0.0;
  }
}
