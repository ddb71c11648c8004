// Structs with names in arrays of characters beside the floats. That they are text is
// seen where functions of strings get them; how long they are, types (here of local
// variables) or -g tell.
// RUN: %check %s %t -g
// RUN: %check %s %t -DLOCAL --skip=valgrind --skip=sanitize
// RUN: %check %s %t -DLOCAL -fno-strict-aliasing --skip=valgrind --skip=sanitize --skip=-O3
//
// Room for other things may look the same, and its first byte may be used. It is not
// taken for text.
// RUN: not %clang -g -O1 -DROOM -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: error: byte 9 of the 24 bytes behind {{.*}}: nothing tells [unknown-type]
// CHECK-NEXT: in function: rotate

#include "../Inputs/check.h"
#define NOINLINE __attribute__((noinline))

#ifdef ROOM
typedef struct {
  int kind, unused;
  char data[16];
} Any;

NOINLINE static void rotate(Any *a) {
  if (a->data[0] != 1)
    return;
  Any first = a[0];
  a[0] = a[1];
  a[1] = first;
}

void derivative(Any *a, Any *da) {
  __enzyme_autodiff((void *)rotate, enzyme_dup, a, da);
}
#else

// A list of variables, and formulas that name them.
typedef struct Variable {
  char name[8];
  double value;
  struct Variable *next;
} Variable;

typedef struct {
  Variable *first;
  int count;
  char title[12];
  double scale;
} Table;

NOINLINE static double *find(Table *t, const char *name) {
  for (Variable *v = t->first; v; v = v->next)
    if (!strcmp(v->name, name))
      return &v->value;
  Variable *v = malloc(sizeof *v);
  strcpy(v->name, name);
  v->value = 0;
  v->next = t->first;
  t->first = v;
  t->count++;
  return &v->value;
}

static double evaluate(Table *t, const char **formula) {
  char c = *(*formula)++;
  if (c >= 'a') {
    char name[2] = {c, 0};
    return *find(t, name) * t->scale;
  }
  if (c >= '0')
    return c - '0';
  double a = evaluate(t, formula), b = evaluate(t, formula);
  return c == '+' ? a + b : c == '*' ? a * b : a - b;
}

static double formula(const double *x) {
  Table t = {0, 0, "variables", x[0]};
  *find(&t, "a") = x[0];
  *find(&t, "b") = x[1] * x[1];
  *find(&t, "c") = x[2];
  *find(&t, "a") += x[1];
  const char *text = "+*ab-*c2*ca";
  double result = evaluate(&t, &text) * t.count + strlen(t.title);
  while (t.first) {
    Variable *next = t.first->next;
    free(t.first);
    t.first = next;
  }
  return result;
}
FUNCTIONAL(formula, 3)

// Structs of such, by value.
typedef struct {
  char name[16];
  double mass, place[2];
  int letters;
} Body;

NOINLINE static void set(Body *b, const char *name, double m, double x, double y) {
  strncpy(b->name, name, sizeof b->name - 1);
  b->name[15] = 0;
  b->mass = m;
  b->place[0] = x;
  b->place[1] = y;
  b->letters = strlen(name);
}

static double energy(const Body *b, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    for (int j = i + 1; j < n; ++j) {
      double x = b[i].place[0] - b[j].place[0], y = b[i].place[1] - b[j].place[1];
      sum += b[i].mass * b[j].mass / sqrt(x * x + y * y + 1) *
             (b[i].name[0] == 'm' ? 2 : b[j].letters);
    }
  return sum;
}

static double exchanged(const double *x) {
  Body b[3];
  set(&b[0], "sun", x[0], x[1], x[2]);
  set(&b[1], "moon", x[1], x[2], x[0]);
  set(&b[2], "earth", x[2], x[0], x[1]);
  Body first = b[0];
  b[0] = b[2];
  b[2] = first;
  return energy(b, 3) + b[0].mass * x[0];
}
FUNCTIONAL(exchanged, 3)

#ifndef LOCAL
NOINLINE static Body make(const char *name, double m, double x) {
  Body b;
  set(&b, name, m, x, x * m);
  return b;
}

static int byName(const void *a, const void *b) {
  return strcmp(((const Body *)a)->name, ((const Body *)b)->name);
}

static double sorted(const double *x) {
  Body *b = malloc(3 * sizeof *b);
  b[0] = make("sun", x[0], x[1]);
  b[1] = make("moon", x[1], x[2]);
  b[2] = make("earth", x[2], x[0]);
  qsort(b, 3, sizeof *b, byName);
  double result = energy(b, 3) + b[0].mass * x[0];
  free(b);
  return result;
}
FUNCTIONAL(sorted, 3)
#endif

static double printed(const double *x) {
  Body b[2];
  char text[40];
  for (int i = 0; i < 2; ++i) {
    snprintf(b[i].name, sizeof b[i].name, "body %d", i);
    b[i].mass = x[i];
    b[i].place[0] = x[i] * x[2];
    b[i].place[1] = x[2];
    b[i].letters = 6;
  }
  Body first = b[0];
  b[0] = b[1];
  b[1] = first;
  snprintf(text, sizeof text, "%s and %s", b[0].name, b[1].name);
  return energy(b, 2) * strlen(text) + b[0].mass * x[0];
}
FUNCTIONAL(printed, 3)
#endif
