// Active memory that a caller sees only through callees: written behind
// pointers that are read from memory, returned, exchanged, or kept in structs.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

struct Box {
  double *data;
  long n;
};

// `b` itself is only read; what is written lies behind a pointer in it.
NOINLINE static void put(const struct Box *b, int i, double v) { b->data[i] = v; }
NOINLINE static double get(const struct Box *b, int i) { return b->data[i]; }
double behindPointer(const double *x) {
  double room[3] = {1, 1, 1};
  struct Box b = {room, 3};
  put(&b, 0, x[0] * x[0]);
  put(&b, 2, x[1] * get(&b, 0));
  return get(&b, 2) * room[0] + get(&b, 1);
}
FUNCTIONAL(behindPointer, 2)

// A pointer into an argument is returned and written through.
NOINLINE static double *at(double *p, int i) { return p + i; }
double returned(const double *x) {
  double room[3] = {1, 2, 3};
  *at(room, 1) = x[0] * x[1];
  *at(room, 0) *= *at(room, 1);
  return room[0] * room[1] + *at(room, 2) * x[0];
}
FUNCTIONAL(returned, 2)

NOINLINE static double *choose(double *a, double *b, int first) { return first ? a : b; }
double chosen(const double *x) {
  double a = x[0], b = x[1];
  for (int i = 0; i < 4; ++i) {
    double *p = choose(&a, &b, i & 1);
    *p = *p * a + 0.1 * b;
  }
  return a * b;
}
FUNCTIONAL(chosen, 2)

// Pointers are exchanged in memory.
NOINLINE static void exchange(double **p, double **q) {
  double *t = *p;
  *p = *q;
  *q = t;
}
double exchanged(const double *x) {
  double a[2] = {x[0], x[1]}, b[2] = {x[1] * x[1], 0.5};
  double *now = a, *next = b;
  for (int i = 0; i < 5; ++i) {
    next[0] = now[0] * now[1];
    next[1] = now[1] + 0.3 * now[0];
    exchange(&now, &next);
  }
  return now[0] + next[1];
}
FUNCTIONAL(exchanged, 2)

// Memory gets its pointer in one callee, its value in another.
struct Link {
  struct Link *next;
  double *value;
};
NOINLINE static void connect(struct Link *a, struct Link *b) { a->next = b; }
NOINLINE static void attach(struct Link *a, double *v) { a->value = v; }
NOINLINE static void raise(const struct Link *a, double by) { *a->next->value += by; }
double connected(const double *x) {
  double value = x[1];
  struct Link a = {0, 0}, b = {0, 0};
  connect(&a, &b);
  attach(&b, &value);
  raise(&a, x[0] * x[0]);
  return value * value;
}
FUNCTIONAL(connected, 2)

// A callee reads what its caller overwrites afterwards.
NOINLINE static double cubes(const double *p, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += p[i] * p[i] * p[i];
  return s;
}
void overwrittenAfter(double *x) {
  for (int i = 0; i < 4; ++i) {
    double s = cubes(x, 4);
    x[i] = s * 0.1;
  }
}
INPLACE(overwrittenAfter, 4)

// Two levels down, and the write is in a callee too, through another pointer.
NOINLINE static double deep(const double *p, int n) { return cubes(p, n) * cubes(p + 1, n - 1); }
NOINLINE static void change(double *p, double v) { p[1] = v * p[0]; }
double twoLevels(const double *x) {
  double room[3] = {x[0], x[1], x[0] * x[1]}, s = 0;
  double *alias = room + 1;
  for (int i = 0; i < 3; ++i) {
    s += deep(room, 3);
    change(alias, 0.01 * s);
  }
  return s + room[2];
}
FUNCTIONAL(twoLevels, 2)

// The callee gets one pointer twice: its reads follow its own writes.
NOINLINE static void update(double *to, const double *from) {
  to[0] += from[0] * from[1];
  to[1] = to[0] * from[1] * from[0];
}
void sameTwice(double *x) {
  update(x, x + 1);
  update(x, x);
  update(x + 1, x);
}
INPLACE(sameTwice, 3)

// The trip count and the indices of a callee come from memory that changes.
NOINLINE static double indexed(const double *p, const int *index, const int *count) {
  double s = 1;
  for (int i = 0; i < *count; ++i)
    s *= p[index[i]] + s;
  return s;
}
double changingIndices(const double *x) {
  int index[3] = {0, 1, 2}, count = 1;
  double s = 0;
  for (int round = 0; round < 3; ++round) {
    s += indexed(x, index, &count);
    index[round] = (index[round] + 1) % 3;
    ++count;
  }
  count = -1;
  return s;
}
FUNCTIONAL(changingIndices, 3)
