// What programs do with threads beside loops: a histogram with bins that the
// values choose, a slot for each thread, reductions by minimum and product,
// arrays of functions, regions inside of regions, and passes over chunks. RUN:
// %check %s %t -fopenmp

#define ROUNDING 1e-12
#include "../Inputs/check.h"
#include <omp.h>

typedef struct {
  double lo, hi;
  int n;
  double bins[8];
} Hist;
void hist(const double *x, double *y) {
  Hist h = {0, 2, 8};
#pragma omp parallel for
  for (int i = 0; i < 40; ++i) {
    double v = 1 + sin(i * x[i % 3]);
    int b = (v - h.lo) / (h.hi - h.lo) * h.n;
    double w = v * x[2];
#pragma omp atomic
    h.bins[b] += w * v;
  }
  for (int i = 0; i < 8; ++i)
    y[i % 3] += h.bins[i] * h.bins[i] * x[i % 3];
}
MAP(hist, 3, 3)

double slots(const double *x) {
  int nt = omp_get_max_threads();
  double *part = calloc(nt * 8, sizeof *part), r = 0;
#pragma omp parallel
  {
    int t = omp_get_thread_num();
    double mine = 0;
#pragma omp for schedule(runtime) nowait
    for (int i = 0; i < 30; ++i)
      mine += x[i % 4] * x[(i + 1) % 4] * cos(i);
    part[t * 8] = mine;
#pragma omp barrier
#pragma omp master
    {
      for (int k = 0; k < omp_get_num_threads(); ++k)
        r += part[k * 8];
    }
  }
  free(part);
  return r * r;
}
FUNCTIONAL(slots, 4)

double minmax(const double *x) {
  double lo = 1e30, hi = -1e30, p = 1;
#pragma omp parallel for reduction(min : lo) reduction(max : hi)               \
    reduction(* : p)
  for (int i = 0; i < 12; ++i) {
    double v = x[i % 4] * sin(i + x[(i * 3) % 4]);
    if (v < lo)
      lo = v;
    hi = fmax(hi, v);
    p *= 1 + .1 * v;
  }
  return lo * hi + p;
}
FUNCTIONAL(minmax, 4)

static double f1(double v) { return v * v; }
static double f2(double v) { return sin(v); }
double pointers(const double *x) {
  double (*fs[2])(double) = {f1, f2};
  double *buf = malloc(20 * sizeof *buf);
  const double *p = x;
#pragma omp parallel for firstprivate(p, fs) schedule(dynamic, 3)
  for (int i = 0; i < 20; ++i) {
    const double *q = p + i % 3;
    buf[i] = fs[i % 2](*q * i);
  }
  double s = 0;
#pragma omp parallel for reduction(+ : s) if (x[0] > -1)
  for (int i = 0; i < 20; ++i)
    for (int j = 0; j < i; ++j)
      s += buf[i] * buf[j] / (1 + i + j);
  free(buf);
  return s;
}
FUNCTIONAL(pointers, 3)

double nested(const double *x) {
  double s = 0;
#pragma omp parallel for reduction(+ : s) num_threads(2)
  for (int i = 0; i < 3; ++i) {
    double t = 0;
#pragma omp parallel for reduction(+ : t) num_threads(2)
    for (int j = 0; j < 4; ++j)
      t += x[j] * x[i] * j;
    s += t * t;
  }
  return s;
}
FUNCTIONAL(nested, 4)

// Sums over chunks, whose carries are added up by one thread.
double chunks(const double *x) {
  enum { N = 24, C = 4 };
  double a[N], carry[N / C], tot = 0;
#pragma omp parallel
  {
#pragma omp for
    for (int i = 0; i < N; ++i)
      a[i] = x[i % 5] * (1 + i % 3);
#pragma omp for
    for (int c = 0; c < N / C; ++c) {
      for (int k = 1; k < C; ++k)
        a[c * C + k] += a[c * C + k - 1] * .5;
      carry[c] = a[c * C + C - 1];
    }
#pragma omp single
    for (int c = 1; c < N / C; ++c)
      carry[c] += carry[c - 1] * .25;
#pragma omp for reduction(+ : tot)
    for (int i = 0; i < N; ++i)
      tot += (i / C ? carry[i / C - 1] : 0) * a[i];
  }
  return tot;
}
FUNCTIONAL(chunks, 5)
