// What is called through a pointer and cannot be differentiated, or is not known,
// stops the program where it is called, and not the build; what is inactive is
// just called.
// UNSUPPORTED: asan
// RUN: %clang -O1 -c -DOTHER %s -o %t.o
// RUN: %clang -g -O1 -fpass-plugin=%plugin %s %t.o -o %t
// RUN: %t 0 && %t 1
// RUN: not --crash %t 2 2>&1 | FileCheck %s --check-prefix=REFUSED
// RUN: not --crash %t 3 2>&1 | FileCheck %s --check-prefix=REFUSED
// RUN: not --crash %t 4 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not --crash %t 5 2>&1 | FileCheck %s --check-prefix=UNKNOWN
//
// The other file is part of the program, too.
// RUN: %clang -g -O1 -flto=thin -c -DOTHER %s -o %t.other.o
// RUN: %clang -g -O1 -flto=thin -c %s -o %t.main.o
// RUN: %clang -flto=thin --ld-path=%ld_linkgrad %t.main.o %t.other.o -o %t.thin
// RUN: %t.thin 0 && %t.thin 1 && %t.thin 4 && %t.thin 5
// RUN: not --crash %t.thin 2 2>&1 | FileCheck %s --check-prefix=REFUSED
// RUN: not --crash %t.thin 3 2>&1 | FileCheck %s --check-prefix=REFUSED

// REFUSED: linkgrad: stopped in a derivative: {{.*}}speculative-calls.c:[[#]]:[[#]]: error: {{.*}}[unsupported-call]
// REFUSED: in function:
// UNKNOWN: linkgrad: stopped in a derivative: {{.*}}speculative-calls.c:[[#]]:[[#]]: error: call through a pointer of a function that was not known when the derivative was made [indirect-call]
// UNKNOWN: in function: apply
typedef double (*Function)(double);
typedef double (*Inactive)(int);
extern Function fromOutside;
extern Inactive inactive;
#ifdef OTHER
static double triple(double x) { return 3 * x; }
Function fromOutside = triple;
static double one(int x) { return 1; }
Inactive inactive = one;
#else
#include <stdarg.h>
#include <stdlib.h>
extern int enzyme_const;
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double square(double x) { return x * x; }
__attribute__((noinline)) static double sum(int n, ...) {
  va_list list;
  va_start(list, n);
  double s = 0;
  while (n--)
    s += va_arg(list, double);
  va_end(list);
  return s;
}
static double refused(double x) { return sum(2, x, x * x); }
Function functions[2] = {square, refused};
__attribute__((noinline)) static double apply(Function f, double x) {
  return f(x) * inactive(1);
}

int main(int argc, char **argv) {
  int what = atoi(argv[1]);
  Function f = what < 4 ? functions[what / 2] : fromOutside;
  double d = what % 2 ? __enzyme_autodiff((void *)apply, enzyme_const, f, 2.0)
                      : __enzyme_fwddiff((void *)apply, enzyme_const, f, 2.0, 1.0);
  return d != (what < 2 ? 4 : 3);
}
#endif
