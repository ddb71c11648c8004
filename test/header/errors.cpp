// Wrong use of linkgrad.hpp ends in one sentence that says what to do.

// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -ferror-limit=0 %s 2>&1 | FileCheck %s

#include <linkgrad/linkgrad.hpp>
using namespace linkgrad;

struct Point {
  double X, Y;
  double norm() const;
};
double ofPointer(const double *P);
double ofNumber(double X);
double ofClass(Point P, double X);
Point toClass(double X);
double variadic(double X, ...);

void test(double X, double *P, const double *Q) {
  gradient(ofPointer, P);
  // CHECK: error: {{.*}}say what a pointer or reference argument is: Duplicated{p, shadow} or Const{p}
  gradient(ofNumber, X, X);
  // CHECK: error: {{.*}}the number of arguments differs from the function's parameters
  gradient([=](double Y) { return X * Y; }, X);
  // CHECK: error: {{.*}}pass that as a Const{...} or Duplicated{...} argument
  autodiff<Forward>(ofNumber, Active{X});
  // CHECK: error: {{.*}}Active is for reverse mode; in forward mode say Duplicated{x, dx}
  autodiff<Reverse>(ofNumber, Duplicated{X, X});
  // CHECK: error: {{.*}}in reverse mode only pointers and references can be Duplicated; a number is Active{x}
  autodiff<Reverse>(ofNumber, Const{X});
  // CHECK: error: {{.*}}nothing to differentiate: no argument is Active or Duplicated
  autodiff<Reverse>(ofPointer, Duplicated{P, Q});
  // CHECK: error: {{.*}}reverse mode adds to the shadow, so it cannot be a pointer to const
  gradient(ofClass, Const{Point{}}, X);
  // CHECK: error: {{.*}}a class cannot be passed by value; let the function take it by pointer or reference
  gradient(toClass, X);
  // CHECK: error: {{.*}}write other results through a pointer or reference argument
  gradient(&Point::norm, X);
  // CHECK: error: {{.*}}a member function cannot be differentiated directly; wrap it in a lambda
  gradient(ofNumber, Const{"text"});
  // CHECK: error: {{.*}}an argument cannot be converted to the parameter's type
  gradient(variadic, X);
  // CHECK: error: {{.*}}a C variadic function cannot be differentiated
}
