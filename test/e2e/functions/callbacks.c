// Functions that are given functions: integrators, solvers and sorters with a
// context pointer, a table of stages, a callback that stops its caller, an
// iterator that calls back into the caller's state.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

// Quadrature of anything over an interval.
typedef double (*Integrand)(double t, void *context);
NOINLINE static double simpson(Integrand f, void *context, double a, double b, int n) {
  double h = (b - a) / n, sum = f(a, context) + f(b, context);
  for (int i = 1; i < n; ++i)
    sum += (i % 2 ? 4 : 2) * f(a + i * h, context);
  return sum * h / 3;
}
struct Wave {
  double amplitude, frequency;
  int calls;
};
static double wave(double t, void *context) {
  struct Wave *w = context;
  w->calls++;
  return w->amplitude * sin(w->frequency * t) * exp(-t);
}
static double powers(double t, void *context) {
  const double *c = context;
  return c[0] + t * (c[1] + t * c[2]);
}
double quadratures(const double *x) {
  struct Wave w = {x[0], x[1], 0};
  double first = simpson(wave, &w, 0, x[2], 8);
  double second = simpson(powers, (void *)x, x[0], x[1] + 2, 4);
  // An integrand that integrates.
  return first * second + w.calls * x[0];
}
FUNCTIONAL(quadratures, 3)

// A Runge-Kutta step over any right-hand side.
typedef void (*Rhs)(const double *y, double *dy, const void *parameters);
static void rungeKutta(Rhs f, double *y, int n, double h, const void *parameters) {
  double k[4][4], t[4];
  f(y, k[0], parameters);
  for (int stage = 1; stage < 4; ++stage) {
    double step = stage == 3 ? h : h / 2;
    for (int i = 0; i < n; ++i)
      t[i] = y[i] + step * k[stage - 1][i];
    f(t, k[stage], parameters);
  }
  for (int i = 0; i < n; ++i)
    y[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
}
static void predatorPrey(const double *y, double *dy, const void *parameters) {
  const double *p = parameters;
  dy[0] = p[0] * y[0] - p[1] * y[0] * y[1];
  dy[1] = p[2] * y[0] * y[1] - p[3] * y[1];
}
static void oscillator(const double *y, double *dy, const void *parameters) {
  double damping = *(const double *)parameters;
  dy[0] = y[1];
  dy[1] = -y[0] - damping * y[1] * (y[0] * y[0] - 1);
}
void flows(const double *x, double *y) {
  double a[2] = {x[4], x[5]}, b[2] = {x[5], x[4]};
  for (int i = 0; i < 6; ++i) {
    rungeKutta(predatorPrey, a, 2, 0.1, x);
    rungeKutta(oscillator, b, 2, 0.05, x + 1);
  }
  y[0] = a[0], y[1] = a[1], y[2] = b[0] * b[1];
}
MAP(flows, 6, 3)

// Sorting records by a comparison that is passed in.
struct Record {
  double key, load;
  int id;
};
static int byKey(const struct Record *a, const struct Record *b) { return a->key < b->key ? -1 : a->key > b->key; }
static int byLoad(const struct Record *a, const struct Record *b) { return a->load > b->load ? -1 : a->load < b->load; }
NOINLINE static void sort(struct Record *r, int n, int (*compare)(const struct Record *, const struct Record *)) {
  for (int i = 1; i < n; ++i) {
    struct Record moving = r[i];
    int k = i;
    for (; k > 0 && compare(&r[k - 1], &moving) > 0; --k)
      r[k] = r[k - 1];
    r[k] = moving;
  }
}
void sorting(const double *x, double *y) {
  struct Record r[6];
  for (int i = 0; i < 6; ++i)
    r[i] = (struct Record){x[i], x[i] * x[(i + 1) % 6], i};
  sort(r, 6, byKey);
  for (int i = 0; i < 6; ++i)
    r[i].load += r[i].key * i;
  sort(r, 6, byLoad);
  for (int i = 0; i < 6; ++i)
    y[i] = r[i].key * r[i].load + r[i].id;
}
MAP(sorting, 6, 6)

// Newton's method; the monitor decides when it is enough.
typedef int (*Monitor)(int iteration, double residual, void *context);
static double newton(double (*f)(double, const double *), double (*slope)(double, const double *), const double *p,
                     double start, Monitor monitor, void *context) {
  double v = start;
  for (int i = 0; i < 50; ++i) {
    double residual = f(v, p);
    v -= residual / slope(v, p);
    if (!monitor(i, residual, context))
      break;
  }
  return v;
}
static double cubic(double v, const double *p) { return v * v * v + p[0] * v - p[1]; }
static double cubicSlope(double v, const double *p) { return 3 * v * v + p[0]; }
static int untilSmall(int iteration, double residual, void *context) {
  double *sum = context;
  *sum += residual * residual;
  return fabs(residual) > 1e-3 && iteration < 20;
}
void solver(const double *x, double *y) {
  double history = 0;
  y[0] = newton(cubic, cubicSlope, x, x[2] + 1, untilSmall, &history);
  y[1] = history;
}
MAP(solver, 3, 2, .tolerance = 1e-5)

// Stages of a pipeline in a table with their settings.
struct Stage {
  void (*run)(double *data, int n, double setting);
  double setting;
};
static void smooth(double *data, int n, double setting) {
  for (int i = 1; i + 1 < n; ++i)
    data[i] += setting * (data[i - 1] - 2 * data[i] + data[i + 1]);
}
static void gain(double *data, int n, double setting) {
  for (int i = 0; i < n; ++i)
    data[i] *= setting;
}
static void clip(double *data, int n, double setting) {
  for (int i = 0; i < n; ++i)
    data[i] = setting * tanh(data[i] / setting);
}
void pipeline(double *x) {
  struct Stage stages[] = {{smooth, 0.25}, {gain, x[0]}, {clip, 2 + x[1]}, {smooth, x[2] * 0.1}, {0, 0}};
  for (const struct Stage *s = stages; s->run; ++s)
    s->run(x, 6, s->setting);
}
INPLACE(pipeline, 6)
