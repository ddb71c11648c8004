// Other forms: no underscore, hidden lengths of strings, an int as result; what
// has no derivative is refused.
// RUN: %clang -O1 -w -fpass-plugin=%plugin -S -emit-llvm %s -o - | FileCheck %s
// RUN: not %clang -O1 -w -fpass-plugin=%plugin -DWRONG -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=WRONG
// RUN: not %clang -O1 -w -fpass-plugin=%plugin -DINACTIVE -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=INACTIVE
// RUN: not %clang -O1 -w -fpass-plugin=%plugin -DNORULE -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=NORULE
// RUN: not %clang -O1 -w -fpass-plugin=%plugin -DOWN -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=OWN

extern int enzyme_dup, enzyme_const;
void __enzyme_autodiff(void *, ...);

#ifdef WRONG
// WRONG: error: {{.*}}'daxpy_'
void daxpy_(int, double, const double *, int, double *, int);
void f(double *x, double *y) { daxpy_(3, 2.0, x, 1, y, 1); }
#elif defined INACTIVE
// INACTIVE: error: {{.*}}'daxpy_' writes active values to memory that has no shadow (parameter 5)
void daxpy_(const int *, const double *, const double *, const int *, double *,
            const int *);
void f(double *x, double *y, double *sink) {
  int n = 3, one = 1;
  double two = 2;
  daxpy_(&n, &two, x, &one, sink, &one);
  *y = sink[0];
}
#elif defined OWN
// OWN: error: there is no derivative of 'daxpy_' on this target, or the program has a 'linkgrad_save_daxpy_' of its own
int linkgrad_save_daxpy_ = 3;
void daxpy_(const int *, const double *, const double *, const int *, double *,
            const int *);
void f(double *x, double *y) {
  int n = 3, one = 1;
  double two = 2;
  daxpy_(&n, &two, x, &one, y, &one);
}
#elif defined NORULE
// NORULE: error: {{.*}}'dtrmv_'
void dtrmv_(const char *, const char *, const char *, const int *,
            const double *, const int *, double *, const int *);
void f(double *x, double *y) {
  int n = 3, one = 1;
  dtrmv_("U", "N", "N", &n, x, &n, y, &one);
}
#else
int dgemv_(const char *, const int *, const int *, const double *,
           const double *, const int *, const double *, const int *,
           const double *, double *, const int *, unsigned long);
void dcopy(const int *, const double *, const int *, double *, const int *);
// CHECK-LABEL: define {{.*}}@g(
// The gradient of a copy needs no copy of anything.
// CHECK: call {{.*}}@dcopy(
// CHECK: call {{.*}}@dgemv_(
// CHECK: call {{.*}}@linkgrad_gradient_dgemv_(
// CHECK: call {{.*}}@linkgrad_gradient_dcopy(
void f(double *x, double *y) {
  int n = 3, one = 1;
  double two = 2, none = 0, t[3];
  dcopy(&n, x + 9, &one, t, &one);
  dgemv_("N", &n, &n, &two, x, &n, t, &one, &none, y, &one, 1);
}
#endif
void g(double *x, double *dx, double *y, double *dy) {
#ifdef INACTIVE
  double sink[3] = {0};
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx, enzyme_dup, y, dy,
                    enzyme_const, sink);
#else
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx, enzyme_dup, y, dy);
#endif
}
