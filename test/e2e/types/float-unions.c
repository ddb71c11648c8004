// Unions of a float and a pointer that are used as the one and then as the other.
// What is left of a shadow pointer is no adjoint, whatever its bits are as a float.
// (Addresses are random: without the journal of transform/UnionMemory.h about every
// other run fails.)
// RUN: %check %s %t
// RUN: %check -DSPLIT %s %t.split --skip=-O0 --skip=-O2 --skip=-O3
// RUN: %check -DLONG %s %t.long --skip=-O0 --skip=-O1 --skip=-O3 --skip=sanitize
#include "../Inputs/check.h"

#ifdef LONG
typedef long double Number;
#else
typedef float Number;
#endif
typedef union {
  Number number;
  Number *place;
} Value;
#define FLOAT .step = 1e-2, .tolerance = 1e-2, .precision = 1e-4

#define NOINLINE __attribute__((noinline))
NOINLINE static void setNumber(Value *v, Number x) { v->number = x; }
NOINLINE static Number getNumber(Value *v) { return v->number; }
NOINLINE static void setPlace(Value *v, Number *p) { v->place = p; }
NOINLINE static Number getPlace(Value *v) { return *v->place; }

// Places, then numbers; then places again, which are copied; then numbers.
static double turns(const double *x) {
  Number y[4] = {x[0], x[1], x[0] * x[1], 1}, sum = 0;
  Value *v = malloc(4 * sizeof *v);
  for (int k = 0; k < 4; ++k) {
    for (int i = 0; i < 4; ++i)
      setPlace(&v[i], &y[(i + k) % 4]);
    for (int i = 0; i < 4; i += 2) {
      sum = (sum + getPlace(&v[i]) * getPlace(&v[i + 1])) / 2;
      setNumber(&v[i], sum * y[1]);
      sum += getNumber(&v[i]);
      setPlace(&v[i], v[i + 1].place);
      sum = (sum - getPlace(&v[i])) / 2;
    }
    for (int i = 0; i < 4; ++i)
      setNumber(&v[i], y[i] * (k + 1));
    y[k] = getNumber(&v[k]) * getNumber(&v[(k + 1) % 4]) / 4;
  }
  free(v);
  return sum + y[2] * y[3];
}
FUNCTIONAL(turns, 2, FLOAT)

// An array of places is copied as a whole into one of numbers.
NOINLINE static void copy(Value *to, const Value *from, long n) {
  for (long i = 0; i < n; ++i)
    to[i].place = from[i].place;
}
#ifdef __OPTIMIZE__ // Else the bytes that are copied may be either.
static double copied(const double *x) {
  long n = x[0] > 100 ? 2 : 3;
  Number y[3] = {x[0], x[1], x[0] * x[1]}, sum = 0;
  Value *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);
  for (int k = 0; k < 3; ++k) {
    for (int i = 0; i < n; ++i) {
      setPlace(&a[i], &y[(i + k) % 3]);
      setNumber(&b[i], y[i] * k);
      sum += getNumber(&b[i]) * getPlace(&a[i]);
    }
    copy(b, a, n);
    for (int i = 0; i < n; ++i) {
      setNumber(&a[i], y[i] * y[i]);
      sum += getNumber(&a[i]) * getPlace(&b[i]);
    }
    y[k] *= sum * (Number)0.125;
  }
  free(a);
  free(b);
  return sum;
}
FUNCTIONAL(copied, 2, FLOAT)
#endif

// A machine with a stack of numbers and variables.
typedef struct {
  Value value;
  int isPlace;
} Entry;
NOINLINE static void push(Entry *stack, int *size, Number x) {
  stack[*size].isPlace = 0;
  stack[(*size)++].value.number = x;
}
NOINLINE static void pushVariable(Entry *stack, int *size, Number *p) {
  stack[*size].isPlace = 1;
  stack[(*size)++].value.place = p;
}
NOINLINE static Number pop(Entry *stack, int *size) {
  Entry *e = &stack[--*size];
  return e->isPlace ? *e->value.place : e->value.number;
}
NOINLINE static Number run(const char *code, Number *variables) {
  Entry stack[8];
  int size = 0;
  for (; *code; ++code) {
    if (*code >= 'a') {
      pushVariable(stack, &size, &variables[*code - 'a']);
    } else if (*code >= '0') {
      push(stack, &size, *code - '0');
    } else {
      Number b = pop(stack, &size), a = pop(stack, &size);
      push(stack, &size, *code == '*' ? a * b : *code == '+' ? a + b : a - b);
    }
  }
  return pop(stack, &size);
}
static double machine(const double *x) {
  Number variables[3] = {x[0], x[1], x[2]};
  return run("ab*c+a2*bc*-*ab*abc+*-+", variables);
}
FUNCTIONAL(machine, 3, FLOAT)
