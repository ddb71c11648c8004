// A function that only a request mentions, as an argument of what it asks to
// differentiate, is called through a pointer like any other.
// UNSUPPORTED: asan
// RUN: %clang -O2 -fpass-plugin=%plugin -DCALLEE -DCALLER %s -o %t && %t
// RUN: %clang -O0 -fpass-plugin=%plugin -DCALLEE -DCALLER %s -o %t && %t
//
// RUN: %clang -O2 -flto=thin -c -DCALLEE %s -o %t.callee.o
// RUN: %clang -O2 -flto=thin -c -DCALLER %s -o %t.caller.o
// RUN: %clang -flto=thin --ld-path=%ld_linkgrad %t.caller.o %t.callee.o -o %t.thin
// RUN: %t.thin

double call(double (*f)(double), double x);

#ifdef CALLEE
__attribute__((noinline)) double call(double (*f)(double), double x) {
  return f(x) * x;
}
#endif

#ifdef CALLER
extern int enzyme_const;
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double square(double x) { return x * x; }

int main(void) {
  // d/dx x³ at 2
  double R = __enzyme_autodiff((void *)call, enzyme_const, square, 2.0);
  double F = __enzyme_fwddiff((void *)call, enzyme_const, square, 2.0, 10.0);
  return R == 12.0 && F == 120.0 ? 0 : 1;
}
#endif
