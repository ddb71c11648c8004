// memcpy, memmove (overlapping), memset: whole, parts, of structs, by a length
// that is computed.
// RUN: %check %s %t

#include "../Inputs/check.h"

void copies(const double *x, double *y) {
  double a[6], b[6];
  memcpy(a, x, sizeof a);
  for (int i = 0; i < 6; ++i)
    a[i] *= x[5 - i];
  memcpy(b, a, 3 * sizeof *a);
  memcpy(b + 3, x, 3 * sizeof *x);
  memcpy(y, b, sizeof b);
  y[0] *= a[5];
}
MAP(copies, 6, 6)

void moves(double *x) {
  memmove(x + 1, x, 5 * sizeof *x);
  x[0] = x[3] * x[3];
  memmove(x, x + 2, 4 * sizeof *x);
  x[5] += x[0];
  memmove(x + 3, x + 3, 2 * sizeof *x);
}
INPLACE(moves, 6)

void fills(const double *x, double *y) {
  double a[4] = {x[0], x[1], x[2], x[3]};
  y[0] = a[0] * a[1];
  memset(a, 0, 2 * sizeof *a);
  y[1] = a[0] * a[1] + a[2];
  a[1] = x[3] * a[2];
  memset(a + 2, 0, sizeof *a);
  y[2] = a[1] + a[2] * a[3];
  memset(y + 3, 0, sizeof *y);
}
MAP(fills, 4, 4)

static void copyN(double *to, const double *from, unsigned long n) {
  memcpy(to, from, n * sizeof *to);
}
double lengths(const double *x) {
  double s = 0;
  for (unsigned long n = 0; n < 7; ++n) {
    double t[6] = {1, 1, 1, 1, 1, 1};
    copyN(t, x, n);
    for (int i = 0; i < 6; ++i)
      s += t[i] * t[5 - i] * x[n % 6];
  }
  return s;
}
FUNCTIONAL(lengths, 6)

struct Item {
  double value;
  int key;
  float weight;
  const char *name;
};
double structCopies(const double *x) {
  struct Item items[3], shuffled[3];
  for (int i = 0; i < 3; ++i) {
    items[i].value = x[i];
    items[i].key = i * 7 % 3;
    items[i].weight = 0.5f;
    items[i].name = "item";
  }
  for (int i = 0; i < 3; ++i)
    memcpy(&shuffled[items[i].key], &items[i], sizeof *items);
  memcpy(items, shuffled, sizeof items);
  double s = 0;
  for (int i = 0; i < 3; ++i)
    s = s * items[i].value + items[i].value * items[i].key * items[i].weight +
        items[i].name[0];
  return s;
}
FUNCTIONAL(structCopies, 3)

// A ring of states, copied on every step.
void history(const double *x, double *y) {
  double past[3][4], now[4];
  memcpy(now, x, sizeof now);
  for (int k = 0; k < 3; ++k)
    memcpy(past[k], x, sizeof now);
  for (int step = 0; step < 8; ++step) {
    double *oldest = past[step % 3];
    for (int i = 0; i < 4; ++i)
      now[i] = 0.5 * now[i] + 0.4 * sin(now[(i + 1) % 4]) * oldest[i];
    memcpy(oldest, now, sizeof now);
  }
  memcpy(y, now, sizeof now);
}
MAP(history, 4, 4)

// Four at a time, as loops over vectors become copies, and the others. A table in
// which some index runs over doubles has as many as are counted.
static void blocks(const double *x, double *y, int n) {
  double *all = malloc(n * sizeof *all);
  memcpy(all, x, (n & ~3) * sizeof *all);
  for (int i = n & ~3; i < n; ++i)
    all[i] = x[i];
  for (int i = 0; i < n; ++i)
    y[i] = all[i] * all[n - 1 - i];
  free(all);
}
static int seven = 7;
void inBlocks(const double *x, double *y) { blocks(x, y, seven); }
MAP(inBlocks, 7, 7)
static void packets(const double *x, double *y, int n) {
  double *all = malloc(n * sizeof *all);
  if (n > 3)
    memcpy(all, x, ((n * 8L - 8) & -32) + 32); // What LLVM makes of such a loop.
  for (int i = 0; i < n; ++i)
    y[i] = all[i] * all[n - 1 - i];
  free(all);
}
static int eight = 8;
void inPackets(const double *x, double *y) { packets(x, y, eight); }
MAP(inPackets, 8, 8)

void changeSizes(int by) { seven += by, eight += by; } // Nobody knows them.
