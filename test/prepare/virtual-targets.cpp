// A virtual call reaches functions in vtables, not others of its type whose
// address is taken.
// RUN: %clangxx -O1 -fpass-plugin=%plugin -S -emit-llvm %s -o - | FileCheck %s

struct Shape {
  virtual double area(double scale) const = 0;
};
struct Circle : Shape {
  double r;
  double area(double scale) const override { return scale * r * r; }
};
struct Square : Shape {
  double a;
  double area(double scale) const override { return scale * a * a * a; }
};

double plain(const Shape *, double x) { return x * x * x; }
double (*taken)(const Shape *, double);
void take() { taken = plain; }
Shape *makeCircle() { return new Circle; }
Shape *makeSquare() { return new Square; }

double virtualCall(const Shape *s, double x) { return s->area(x); }
double pointerCall(const Shape *s, double x) { return taken(s, x); }

extern int enzyme_const;
double __enzyme_fwddiff(void *, ...);

double ofVirtual(const Shape *s, double x) {
  return __enzyme_fwddiff((void *)virtualCall, enzyme_const, s, x, 1.0);
}
double ofPointer(const Shape *s, double x) {
  return __enzyme_fwddiff((void *)pointerCall, enzyme_const, s, x, 1.0);
}

// CHECK-LABEL: define {{.*}}@_Z11virtualCallPK5Shaped.linkgrad.fwd(
// CHECK-NOT:   @_Z5plainPK5Shaped
// CHECK:       icmp eq ptr %{{.*}}, @_ZNK6{{Circle|Square}}4areaEd
// CHECK-NOT:   @_Z5plainPK5Shaped
// CHECK-LABEL: define {{.*}}@_Z11pointerCallPK5Shaped.linkgrad.fwd(
// CHECK:       @_Z5plainPK5Shaped
