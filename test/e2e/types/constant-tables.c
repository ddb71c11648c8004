// Constant tables, big ones too, and mutable statics that hold nothing active.
// RUN: %check %s %t

#include "../Inputs/check.h"

static const double Nodes[5] = {-0.9061798459386640, -0.5384693101056831, 0,
                                0.5384693101056831, 0.9061798459386640};
static const double Weights[5] = {0.2369268850561891, 0.4786286704993665,
                                  0.5688888888888889, 0.4786286704993665,
                                  0.2369268850561891};
static double integrand(double t, const double *x) {
  return exp(-x[0] * t) * cos(x[1] * t * t);
}
double quadrature(const double *x) {
  double s = 0;
  for (int i = 0; i < 5; ++i)
    s += Weights[i] * integrand(Nodes[i] * x[2], x) * x[2];
  return s;
}
FUNCTIONAL(quadrature, 3)

static const float Small[2][3] = {{1, 2, 3}, {0.5f, 0.25f, -1}};
static const struct { int row, column; double factor; const char *name; } Plan[] = {
    {0, 1, 2.5, "first"}, {1, 2, -1, "second"}, {1, 0, 0.125, ""}};
void planned(const double *x, double *y) {
  for (int i = 0; i < 3; ++i)
    y[i] = x[Plan[i].row] * x[Plan[i].column] * Plan[i].factor *
           Small[Plan[i].row][Plan[i].column] * (Plan[i].name[0] ? 2 : 3);
}
MAP(planned, 3, 3)

#define T4(v) v, v + 1, v * 2, v - 3
#define T16(v) T4(v), T4(v + 4), T4(v * 3), T4(v + 9)
#define T256(v) T16(v), T16(v + 1), T16(v + 2), T16(v + 3), T16(v + 4),        \
    T16(v + 5), T16(v + 6), T16(v + 7), T16(v + 8), T16(v + 9), T16(v + 10),   \
    T16(v + 11), T16(v + 12), T16(v + 13), T16(v + 14), T16(v + 15)
static const double Large[4096] = {
    T256(1.0), T256(2.0), T256(3.0), T256(4.0), T256(1.5), T256(2.5), T256(3.5),
    T256(4.5), T256(0.0), T256(9.0), T256(8.0), T256(7.0), T256(6.0), T256(5.0),
    T256(0.5), T256(0.25)};
double interpolate(const double *x) {
  double s = 0;
  for (int i = 0; i < 3; ++i) {
    double at = x[i] * 1000 + 0.25;
    int cell = (int)at;
    double f = at - cell;
    s += (Large[cell] * (1 - f) + Large[cell + 1] * f) * x[i];
  }
  return s;
}
FUNCTIONAL(interpolate, 3, .step = 1e-8, .tolerance = 1e-4)

// A table of pointers to tables.
static const double First[3] = {1, 2, 4}, Second[3] = {3, -1, 2};
static const double *const Tables[2] = {First, Second};
double tables(const double *x) {
  double s = 0;
  for (int k = 0; k < 2; ++k) {
    const double *t = Tables[k];
    double p = 0;
    for (int i = 2; i >= 0; --i)
      p = p * x[k] + t[i];
    s += p * p;
  }
  return s;
}
FUNCTIONAL(tables, 2)

// A pointer that is now active memory, now a table.
double chosen(const double *x) {
  double local[3] = {x[0] * 2, x[1], 3};
  double s = 0;
  for (int i = 0; i < 4; ++i) {
    const double *p = i % 2 ? First : local;
    s += p[i % 3] * x[i % 2];
  }
  return s;
}
FUNCTIONAL(chosen, 2)

static int calls;
static double scale = 2;
double statics(const double *x) {
  ++calls;
  return x[0] * x[0] * scale;
}
FUNCTIONAL(statics, 1)
