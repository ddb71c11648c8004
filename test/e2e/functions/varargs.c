// Functions with an ellipsis that move nothing active through it: formats, flags and
// counts, a list of indices ended by -1, names of options, pointers to tables.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <stdarg.h>

#define NOINLINE __attribute__((noinline))

// Which elements count.
NOINLINE static unsigned maskOf(int first, ...) {
  unsigned mask = 0;
  va_list list;
  va_start(list, first);
  for (int i = first; i >= 0; i = va_arg(list, int))
    mask |= 1u << i;
  va_end(list);
  return mask;
}
double masked(const double *x) {
  unsigned mask = maskOf(0, 2, 3, -1);
  double s = 1;
  for (int i = 0; i < 5; ++i)
    s = mask >> i & 1 ? s * x[i] : s + x[i] * x[i];
  return s * __builtin_popcount(maskOf(4, 1, -1));
}
FUNCTIONAL(masked, 5)

// Options by name; their values are numbers that the program knows.
struct options {
  int steps;
  double damping;
};
NOINLINE static void configure(struct options *o, const char *what, ...) {
  va_list list;
  va_start(list, what);
  for (; what; what = va_arg(list, const char *))
    if (!strcmp(what, "steps"))
      o->steps = va_arg(list, int);
    else
      o->damping = va_arg(list, double);
  va_end(list);
}
double iterated(const double *x) {
  struct options o = {1, 1};
  configure(&o, "steps", 4, "damping", 0.75, (char *)0);
  double v = x[0];
  for (int i = 0; i < o.steps; ++i)
    v = o.damping * v + (1 - o.damping) * sin(v * x[1]);
  return v;
}
FUNCTIONAL(iterated, 2)

// A helper with va_list between.
NOINLINE static int label(char *to, size_t n, const char *format, ...) {
  va_list list, again;
  va_start(list, format);
  va_copy(again, list);
  int a = vsnprintf(to, n, format, list), b = vsnprintf(0, 0, format, again);
  va_end(again);
  va_end(list);
  return a == b ? a : -1;
}
double labelled(const double *x) {
  char text[32];
  double s = 0;
  for (int i = 0; i < 3; ++i)
    s += label(text, sizeof text, "point %d of %s", i * 50, "three") * x[i] * x[i];
  return s * strlen(text);
}
FUNCTIONAL(labelled, 3)
