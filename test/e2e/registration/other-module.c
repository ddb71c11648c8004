// Facts that one file registers and another uses: a rule, a function that is like
// log1p, an inactive function, an inactive variable, an allocator. As a program of
// three files, where neither the requests nor the functions are in the file that
// registers.
// RUN: %check %s %t

#if !defined(PART) || PART == 3
#include "../Inputs/check.h"
#else
#include <math.h>
#include <stdlib.h>
#endif

#if !defined(PART) || PART == 1
#define KEEP __attribute__((noinline, optnone))
#else
#define KEEP
#endif
double softplus_core(double v);
double stable_log(double v);
void watch(const double *p, int n);
void *give_memory(int kind, size_t bytes);
void take_memory(void *p);
extern double watched[4];

#if !defined(PART) || PART == 1
double watched[4];
// Its body is not to be differentiated: a rounded table look-up.
KEEP double softplus_core(double v) {
  double t = floor(v * 1099511627776) / 1099511627776;
  return log(1 + exp(t));
}
KEEP double stable_log(double v) {
  volatile double u = 1 + v;
  return log(u) - ((u - 1) - v) / u;
}
KEEP void watch(const double *p, int n) {
  for (int i = 0; i < n; ++i)
    watched[i] = p[i];
}
KEEP void *give_memory(int kind, size_t bytes) { return malloc(bytes); }
KEEP void take_memory(void *p) { free(p); }
#endif

#if !defined(PART) || PART == 2
typedef struct {
  double tape, result;
} Augmented;
static Augmented augment(double v) {
  return (Augmented){1 / (1 + exp(-v)), softplus_core(v)};
}
static double gradient(double v, double d, double tape) { return d * tape; }
static double tangent(double v, double dv) { return dv / (1 + exp(-v)); }
__attribute__((used)) void *__enzyme_register_gradient_softplus[] = {(void *)softplus_core, (void *)augment, (void *)gradient};
__attribute__((used)) void *__enzyme_register_derivative_softplus[] = {(void *)softplus_core, (void *)tangent};
__attribute__((used)) void *__enzyme_function_like_log[] = {(void *)stable_log, (void *)"log1p"};
__attribute__((used)) void *__enzyme_inactivefn_watch[] = {(void *)watch};
__attribute__((used)) void *__enzyme_inactive_global_watched[] = {(void *)watched};
__attribute__((used)) void *__enzyme_allocation_like_memory[] = {(void *)give_memory, (void *)1, (void *)"-1", (void *)take_memory};
#endif

#if !defined(PART) || PART == 3
double smooth(const double *x) {
  double *p = give_memory(3, 4 * sizeof *p), s = 0;
  for (int i = 0; i < 4; ++i) {
    p[i] = softplus_core(x[i] * (i - 1.5));
    watch(p, i + 1);
    s += stable_log(p[i] * x[0]);
  }
  for (int i = 0; i < 3; ++i)
    s *= p[i] + p[i + 1];
  take_memory(p);
  return s;
}
FUNCTIONAL(smooth, 4, .tolerance = 1e-4, .step = 1e-4)
#endif
