// Static memory of which functions give pieces away: a pool, buffers that take
// turns, one that is returned in a struct and one behind a pointer to a
// function. RUN: %check %s %t

#include "../Inputs/check.h"

static double pool[64];
static int used;

static __attribute__((noinline)) double *taken(int n) {
  double *p = pool + used;
  used += n;
  return p;
}

double pools(const double *x) {
  double sum = 0;
  used = 0;
  for (int i = 0; i < 3; i++) {
    double *w = taken(4);
    w[i] = x[i] * (i + 1);
    w[3] = w[i] * x[0];
    sum += w[i] * w[3];
  }
  return sum + pool[3] * pool[11];
}
FUNCTIONAL(pools, 3)

static double even[3], odd[3];

static __attribute__((noinline)) double *buffer(int step) {
  return step % 2 ? odd : even;
}

double turns(const double *x) {
  for (int i = 0; i < 3; i++)
    buffer(0)[i] = x[i];
  for (int step = 0; step < 4; step++) {
    const double *from = buffer(step);
    double *to = buffer(step + 1);
    for (int i = 0; i < 3; i++)
      to[i] = from[i] * from[(i + 1) % 3] + 0.5 * x[i];
  }
  return buffer(0)[0] * buffer(0)[1] + buffer(1)[2];
}
FUNCTIONAL(turns, 3)

struct Slice {
  double *begin;
  long length;
};
static double table[8];

static __attribute__((noinline)) struct Slice slice(long at, long length) {
  return (struct Slice){table + at, length};
}
static __attribute__((noinline)) double *whole(void) { return table; }

double slices(const double *x) {
  double *(*volatile get)(void) = whole;
  struct Slice a = slice(1, 3), b = slice(3, 3);
  for (long i = 0; i < a.length; i++)
    a.begin[i] = x[i] * x[i];
  for (long i = 1; i < b.length; i++)
    b.begin[i] = b.begin[i - 1] * x[i];
  get()[0] = x[2] * table[4];
  return table[0] * table[5] + table[1] * table[2];
}
FUNCTIONAL(slices, 3)
