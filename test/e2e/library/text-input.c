// Numbers that come from text: strtod and atof of constants, sscanf into integers,
// tokens of a formula, coefficients from the environment and from a file; beside
// active values.
// RUN: %check %s %t

#define _GNU_SOURCE
#include "../Inputs/check.h"
#include <ctype.h>

#define NOINLINE __attribute__((noinline))

// A polynomial as text; the coefficients are constants.
__attribute__((annotate("enzyme_inactive"), noinline)) static int parse(const char *text, double *to, int room) {
  int n = 0;
  for (char *end; n < room && *text; text = *end == ',' ? end + 1 : end)
    to[n++] = strtod(text, &end);
  return n;
}
double polynomial(const double *x) {
  double c[6], s = 0;
  int n = parse("1.5,-2,0.25,3e-1", c, 6);
  for (int i = n - 1; i >= 0; --i)
    s = s * x[0] + c[i] * x[1];
  return s;
}
FUNCTIONAL(polynomial, 2)

// Words choose what to do with active values.
double commanded(const double *x) {
  char text[] = "scale add twice scale root";
  double v = x[0];
  for (char *at = text; *at;) {
    size_t n = strcspn(at, " ");
    if (!strncmp(at, "scale", n))
      v *= x[1];
    else if (!strncmp(at, "add", n))
      v += x[2] * strlen(at);
    else if (!strncmp(at, "root", n))
      v = sqrt(v);
    else
      v = v + v;
    at += n + strspn(at + n, " ");
  }
  return v;
}
FUNCTIONAL(commanded, 3)

// Settings from the environment; the time and the process that are nobody's input.
#include <time.h>
#include <unistd.h>
double settings(const double *x) {
  const char *steps = getenv("LINKGRAD_TEST_NO_SUCH_VARIABLE");
  int n = steps ? atoi(steps) : 4;
  time_t now = time(0);
  clock_t start = clock();
  struct tm *date = gmtime(&now);
  double v = x[0];
  for (int i = 0; i < n; ++i)
    v += x[1] * sin(v) * (date->tm_year > 0);
  if (clock() < start && getpid() < 0)
    v = 0;
  return v;
}
FUNCTIONAL(settings, 2)

// Counting letters, and the digits of a constant.
double letters(const double *x) {
  const char *text = "Gradient 42 of 7";
  double s = 0;
  for (int i = 0; text[i]; ++i)
    s += isdigit(text[i]) ? x[0] * (text[i] - '0') : isupper(text[i]) ? x[1] : tolower(text[i]) == 'o' ? x[0] * x[1] : 0;
  return s;
}
FUNCTIONAL(letters, 2)
