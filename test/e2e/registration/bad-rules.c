// Registered derivatives that cannot be used, each with the error that it ends in.
// DEFINE: %{way} =
// DEFINE: %{refused} = not %clang -O1 -g -w -c -fpass-plugin=%plugin -DWAY=%{way} %s -o %t.o 2>&1 \
// DEFINE:   | FileCheck --check-prefix=WAY%{way} %s
// REDEFINE: %{way} = 0
// RUN: %{refused}
// REDEFINE: %{way} = 1
// RUN: %{refused}
// REDEFINE: %{way} = 2
// RUN: %{refused}
// REDEFINE: %{way} = 3
// RUN: %{refused}
// REDEFINE: %{way} = 4
// RUN: %{refused}
// REDEFINE: %{way} = 5
// RUN: %{refused}

double __enzyme_fwddiff(void *, ...);
struct Two {
  double lanes[2];
} __enzyme_fwddiff_two(void *, ...);
extern int enzyme_width;
#define RULE __attribute__((noinline)) static

#if WAY == 0
// WAY0: bad-rules.c:[[#@LINE+1]]: error: the registered derivative of 'inner' cannot be used: 'slope' must take (double, double), but is declared as double (double) [bad-registration]
RULE double inner(double x) { return x * x; }
RULE double slope(double x) { return 2 * x; }
double f(double x) { return inner(x); }
#elif WAY == 1
// WAY1: bad-rules.c:[[#@LINE+4]]: error: the registered derivative of 'inner' is not supported yet: the function takes or returns a large struct by value [bad-registration]
struct Big {
  double v[4];
};
RULE double inner(struct Big b) { return b.v[0] * b.v[1]; }
RULE double slope(struct Big b, struct Big db) { return b.v[0] * db.v[1]; }
double f(double x) { return inner((struct Big){{x, x, 2, 3}}); }
#elif WAY == 2
// WAY2: bad-rules.c:[[#@LINE+2]]: error: the registered derivative of 'inner' uses the shadow of parameter 2, but the argument is inactive here [bad-registration]
double factor = 2;
RULE double inner(double x, const double *scale) { return x * *scale; }
RULE double slope(double x, double dx, const double *scale, const double *dscale) {
  return dx * *scale + x * *dscale;
}
double f(double x) { return inner(x, &factor); }
#elif WAY == 3
// WAY3: bad-rules.c:[[#@LINE+1]]: error: the registered derivative of 'inner' cannot be used: 'slope' does not give the result of the function, which may write to memory and so cannot be called for it [bad-registration]
RULE double inner(double *x) { return *x *= 2; }
RULE double slope(double *x, double *dx) { return *dx *= 2; }
double f(double x) { return inner(&x); }
#elif WAY == 4
// WAY4: bad-rules.c:[[#@LINE+1]]: error: the registered derivative of 'inner' cannot be used in vector mode yet: the function writes to memory, and each lane would write again [bad-registration]
RULE void inner(double *x) { *x *= 2; }
RULE void slope(double *x, double *dx) { *x *= 2, *dx *= 2; }
double f(double x) {
  inner(&x);
  return x;
}
struct Two d(double x) {
  return __enzyme_fwddiff_two((void *)f, &enzyme_width, 2, x, 1.0, 2.0);
}
#else
struct Both {
  double *p;
  double v;
};
struct Result {
  void *tape;
  struct Both both;
  double *shadow;
};
RULE struct Both inner(double *x) { return (struct Both){x, *x * 2}; }
RULE struct Result forwards(double *x, double *dx) {
  return (struct Result){0, {x, *x * 2}, dx};
}
RULE void backwards(double *x, double *dx, double g, void *tape) { *dx += 2 * g; }
void *__enzyme_register_gradient_inner[] = {(void *)inner, (void *)forwards, (void *)backwards};
double f(double *x) {
  // WAY5: bad-rules.c:[[#@LINE+1]]:{{.*}}error: active result that mixes pointers and floats [unsupported-instruction]
  struct Both b = inner(x);
  return *b.p * b.v;
}
void __enzyme_autodiff(void *, ...);
void d(double *x, double *dx) { __enzyme_autodiff((void *)f, x, dx); }
#endif
#if WAY < 5
void *__enzyme_register_derivative_inner[] = {(void *)inner, (void *)slope};
#endif
#if WAY < 4
double d(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#endif
