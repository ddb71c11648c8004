// Variadic functions of the program's own that only print are called with
// active arguments and have no derivative.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <stdarg.h>

static FILE *sink(void) {
  static FILE *f;
  return f ? f : (f = fopen("/dev/null", "w"));
}

static int messages;
static void report(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vfprintf(sink(), format, list);
  va_end(list);
  fputc('\n', sink());
  ++messages;
}

static int count(const char *format, ...) {
  char text[100];
  va_list list, again;
  va_start(list, format);
  va_copy(again, list);
  int n = vsnprintf(text, sizeof text, format, list);
  if (n < 0)
    abort();
  n = vfprintf(sink(), format, again);
  va_end(again);
  va_end(list);
  return n;
}

// Takes the arguments out one by one.
static void each(int n, ...) {
  va_list list;
  va_start(list, n);
  for (int i = 0; i < n; ++i) {
    double v = va_arg(list, double);
    if (v > 1)
      fprintf(sink(), "%g", v * v);
  }
  va_end(list);
}

static double logged(const double *x) {
  double s = 0;
  for (int i = 0; i < 3; ++i) {
    s += x[i] * x[(i + 1) % 3];
    each(3, s, x[i], 1.0);
    if (count("step %d: %g", i, s) < 3)
      return 0;
  }
  return s * x[0];
}
FUNCTIONAL(logged, 3)

static double reported(const double *x) {
  double s = x[0] * x[1];
  report("product %g", s);
  return s * s;
}
FUNCTIONAL(reported, 2)
