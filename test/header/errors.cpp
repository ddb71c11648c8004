// Wrong use of linkgrad.hpp ends in one sentence that says what to do.

// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=1 %s 2>&1 | FileCheck %s --check-prefix=POINTER
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=2 %s 2>&1 | FileCheck %s --check-prefix=COUNT
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=3 %s 2>&1 | FileCheck %s --check-prefix=CAPTURE
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=4 %s 2>&1 | FileCheck %s --check-prefix=FORWARD
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=5 %s 2>&1 | FileCheck %s --check-prefix=BYVALUE
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=6 %s 2>&1 | FileCheck %s --check-prefix=NOTHING
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=7 %s 2>&1 | FileCheck %s --check-prefix=CONSTSHADOW
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=8 %s 2>&1 | FileCheck %s --check-prefix=CLASS
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=9 %s 2>&1 | FileCheck %s --check-prefix=RESULT
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=10 %s 2>&1 | FileCheck %s --check-prefix=MEMBER
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=11 %s 2>&1 | FileCheck %s --check-prefix=TYPE
// RUN: not %clangxx -std=c++20 -I%include -fsyntax-only -DCASE=12 %s 2>&1 | FileCheck %s --check-prefix=VARIADIC

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

double test(double X, double *P, const double *Q) {
#if CASE == 1
  return gradient(ofPointer, P);
  // POINTER: say what a pointer or reference argument is: Duplicated{p, shadow} or Const{p}
#elif CASE == 2
  return gradient(ofNumber, X, X);
  // COUNT: the number of arguments differs from the function's parameters
#elif CASE == 3
  return gradient([=](double Y) { return X * Y; }, X);
  // CAPTURE: pass that as a Const{...} or Duplicated{...} argument
#elif CASE == 4
  return autodiff<Forward>(ofNumber, Active{X});
  // FORWARD: Active is for reverse mode; in forward mode say Duplicated{x, dx}
#elif CASE == 5
  return autodiff<Reverse>(ofNumber, Duplicated{X, X});
  // BYVALUE: in reverse mode only pointers and references can be Duplicated; a number is Active{x}
#elif CASE == 6
  return autodiff<Reverse>(ofNumber, Const{X});
  // NOTHING: nothing to differentiate: no argument is Active or Duplicated
#elif CASE == 7
  autodiff<Reverse>(ofPointer, Duplicated{P, Q});
  // CONSTSHADOW: reverse mode adds to the shadow, so it cannot be a pointer to const
#elif CASE == 8
  return gradient(ofClass, Const{Point{}}, X);
  // CLASS: a class cannot be passed by value; let the function take it by pointer or reference
#elif CASE == 9
  gradient(toClass, X);
  // RESULT: write other results through a pointer or reference argument
#elif CASE == 10
  gradient(&Point::norm, X);
  // MEMBER: a member function cannot be differentiated directly; wrap it in a lambda
#elif CASE == 11
  return gradient(ofNumber, Const{"text"});
  // TYPE: an argument cannot be converted to the parameter's type
#elif CASE == 12
  return gradient(variadic, X);
  // VARIADIC: a C variadic function cannot be differentiated
#endif
}
