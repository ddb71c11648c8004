// Output and other variadic calls in the middle of active code: printf to a
// buffer and a stream, functions of one's own that print, that add up integers,
// that are given active values only to show them.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <stdarg.h>

#define NOINLINE __attribute__((noinline))

// Progress of an iteration, into a buffer that is thrown away.
double shown(const double *x) {
  char line[128];
  double v = x[0];
  int length = 0;
  for (int i = 0; i < 5; ++i) {
    v = v - (v * v - x[1]) / (2 * v);
    length += snprintf(line, sizeof line, "step %d: value %.3f of %s", i, v, "five");
  }
  return v * x[1] + (length > 0 ? v : 0);
}
FUNCTIONAL(shown, 2)

// A logger of one's own, as programs have them. That it is inactive must be
// said, because it is given active values.
static int messages;
__attribute__((annotate("enzyme_inactive"))) NOINLINE static void logMessage(const char *format, ...) {
  char text[256];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  messages += text[0] != 0;
}
double logged(const double *x) {
  double sum = 0, scale = 1;
  for (int i = 0; i < 4; ++i) {
    sum += scale * x[i];
    scale *= 0.5 * sum;
    logMessage("%d: sum %g, scale %g", i, sum, scale);
    if (sum > 100)
      logMessage("too large: %f", sum);
  }
  return sum * scale;
}
FUNCTIONAL(logged, 4)

// Integers through an ellipsis choose among active values.
NOINLINE static int sumOf(int n, ...) {
  va_list list;
  va_start(list, n);
  int sum = 0;
  for (int i = 0; i < n; ++i)
    sum += va_arg(list, int);
  va_end(list);
  return sum;
}
double chosen(const double *x) {
  double r = 1;
  for (int i = 0; i < 4; ++i)
    r = r * x[sumOf(3, i, 1, i * 2) % 4] + x[sumOf(1, i)] * sumOf(2, i, 5);
  return r;
}
FUNCTIONAL(chosen, 4)

// To a stream.
double streamed(const double *x) {
  FILE *sink = fopen("/dev/null", "w");
  double product = 1;
  for (int i = 0; i < 3; ++i) {
    product *= x[i] + product;
    fprintf(sink, "%s %g\n", "product", product);
    fputs("next", sink);
    fputc('\n', sink);
  }
  fflush(sink);
  fclose(sink);
  return product * product;
}
FUNCTIONAL(streamed, 3)

// A text is made from active values and only its length and digits are used,
// which are integers.
double digits(const double *x) {
  char text[64];
  sprintf(text, "%d", (int)(x[0] * 1000) / 1000);
  double v = atoi(text) + x[1];
  size_t n = strlen(text);
  return v * x[0] * n + strtol("17", 0, 10) * x[1];
}
FUNCTIONAL(digits, 2, .low = 2.1, .high = 2.9)
