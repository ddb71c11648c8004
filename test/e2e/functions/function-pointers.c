// Calls through pointers: tables, callbacks with and without context, structs of
// operations, recursion through pointers, library functions, a pointer that an
// object from outside holds; and as a program of three files, where the functions
// are defined and their addresses taken elsewhere.
// RUN: %check %s %t

#include <math.h>

typedef double (*Unary)(double);
typedef double (*Integrand)(double t, const double *parameters);
struct Operations {
  const char *name;
  void (*apply)(double *state, int n);
  Unary result;
};

double viaTable(const double *x);
double callbacks(const double *x);
double recursive(const double *x);
double operations(const double *x);
double chosen(const double *x);
double quadrature(const double *x);
double inactive(const double *x);

#if !defined PART || PART == 1
static double square(double a) { return a * a; }
static double cube(double a) { return a * a * a; }
Unary functionTable[2] = {square, cube};
static double even(double x, int n);
static double odd(double x, int n);
double (*recursion[2])(double, int) = {even, odd};
static double even(double x, int n) {
  return n ? recursion[1](x * x * 0.5 + x, n - 1) * x : x;
}
static double odd(double x, int n) {
  return n ? recursion[0](sin(x), n - 1) + x : 1;
}
static double gauss(double t, const double *p) {
  return p[0] * exp(-p[1] * t * t);
}
static double wave(double t, const double *p) { return sin(p[0] * t) * p[1]; }
Integrand integrands[2] = {gauss, wave};
static void shift(double *s, int n) {
  for (int i = n - 1; i > 0; --i)
    s[i] = s[i - 1] * s[i];
}
static void scale(double *s, int n) {
  for (int i = 0; i < n; ++i)
    s[i] *= s[0];
}
const struct Operations operationTable[] = {
    {"shift", shift, cube}, {"scale", scale, sin}, {"root", shift, sqrt}};
static int messages;
static void count(const char *text) { messages += text[0] == 'x'; }
void (*logger)(const char *) = count;
#endif

extern Unary functionTable[2];
extern double (*recursion[2])(double, int);
extern Integrand integrands[2];
extern const struct Operations operationTable[];
extern void (*logger)(const char *);

#if !defined PART || PART == 2
double viaTable(const double *x) {
  double s = 0;
  for (int i = 0; i < 4; ++i)
    s += functionTable[i & 1](x[i % 2]) * s + i;
  return s;
}

__attribute__((noinline)) static double apply(Unary f, double a) {
  return f(a) * a;
}
double callbacks(const double *x) {
  return apply(functionTable[0], x[0]) + apply(functionTable[1], x[1]) +
         apply(sin, x[0]) * apply(sqrt, x[1]);
}

double recursive(const double *x) {
  return recursion[0](x[0], 5) + recursion[1](x[1], 4);
}

double operations(const double *x) {
  double state[4] = {x[0], x[1], x[2], 1}, s = 0;
  for (int i = 0; i < 6; ++i) {
    const struct Operations *o = &operationTable[i % 3];
    o->apply(state, 4);
    s += o->result(fabs(state[3]) + 1);
  }
  return s;
}

double chosen(const double *x) {
  Unary f = x[0] > 1 ? functionTable[0] : x[1] > 1 ? functionTable[1] : cos;
  double v = x[0];
  for (int i = 0; i < 3; ++i) {
    v = f(v) * 0.3 + x[1];
    f = v > 1 ? cos : functionTable[i & 1];
  }
  return v;
}

static double integrate(Integrand f, const double *p, double a, double b) {
  double s = 0;
  for (int i = 0; i < 10; ++i)
    s += f(a + (b - a) * (i + 0.5) / 10, p) * (b - a) / 10;
  return s;
}
double quadrature(const double *x) {
  double s = 0;
  for (int i = 0; i < 2; ++i)
    s += integrate(integrands[i], x, 0, x[2]) * (i + 1);
  return s;
}

double inactive(const double *x) {
  logger("x");
  return x[0] * x[0];
}
#endif

#if !defined PART || PART == 3
#include "../Inputs/check.h"
FUNCTIONAL(viaTable, 2)
FUNCTIONAL(callbacks, 2)
FUNCTIONAL(recursive, 2)
FUNCTIONAL(operations, 3)
FUNCTIONAL(chosen, 2)
FUNCTIONAL(quadrature, 3)
FUNCTIONAL(inactive, 1)
#endif
