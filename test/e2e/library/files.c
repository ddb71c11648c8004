// Files in the middle of active code: a log that is written and closed, a checkpoint of
// integers that is read back, temporary files, positions; the clock and random numbers.
// RUN: %check %s %t

#define _GNU_SOURCE
#include "../Inputs/check.h"
#include <sys/time.h>
#include <time.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static void progress(FILE *to, int step, double value) {
  fprintf(to, "%4d %12.5e\n", step, value);
  if (ferror(to))
    abort();
}
double logged(const double *x) {
  FILE *log = tmpfile();
  double v = x[0];
  for (int i = 0; i < 4; ++i) {
    v = 0.5 * (v + x[1] / v);
    progress(log, i, v);
  }
  long length = ftell(log);
  rewind(log);
  int lines = 0;
  for (int c; (c = fgetc(log)) != EOF;)
    lines += c == '\n';
  fclose(log);
  return v * lines + x[0] * (length > 50);
}
FUNCTIONAL(logged, 2)

// A permutation that went through a file.
double permuted(const double *x) {
  int order[4] = {2, 0, 3, 1}, back[4] = {0};
  FILE *f = tmpfile();
  fwrite(order, sizeof *order, 4, f);
  fseek(f, 0, SEEK_SET);
  for (int i = 0; i < 4; ++i) {
    char word[sizeof(int)];
    for (int b = 0; b < (int)sizeof word; ++b)
      word[b] = getc(f);
    memcpy(&back[i], word, sizeof word);
  }
  fclose(f);
  double s = 1;
  for (int i = 0; i < 4; ++i)
    s = s * x[back[i]] + x[i];
  return s;
}
FUNCTIONAL(permuted, 4)

// Monte Carlo with numbers that are the same in each run.
double sampled(const double *x) {
  srand(7);
  double s = 0;
  for (int i = 0; i < 16; ++i) {
    double u = rand() / (RAND_MAX + 1.0), v = rand() / (RAND_MAX + 1.0);
    double z = sqrt(-2 * log(u + 1e-9)) * cos(2 * M_PI * v);
    double end = x[0] * exp((x[1] - x[2] * x[2] / 2) + x[2] * z);
    s += end > 1 ? end - 1 : 0;
  }
  return s / 16;
}
FUNCTIONAL(sampled, 3)

double timed(const double *x) {
  struct timeval before, after;
  struct timespec t;
  gettimeofday(&before, 0);
  clock_gettime(CLOCK_MONOTONIC, &t);
  double v = x[0] * x[0];
  gettimeofday(&after, 0);
  if (difftime(after.tv_sec, before.tv_sec) < 0 || t.tv_nsec < 0)
    v = 0;
  return v * x[1];
}
FUNCTIONAL(timed, 2)
