// A state machine of gotos, an automaton by a table, an interpreter of a stack
// machine and a calculator for text: which code runs is decided by data.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

double machine(const double *x) {
  double a = x[0], b = x[1];
  int steps = 0;
start:
  if (a > b)
    goto shrink;
  a = a * 1.5 + 0.1;
  if (++steps > 9)
    goto done;
  goto start;
shrink:
  b += a * 0.3;
  a = sqrt(a) * x[2];
  ++steps;
  if (b > 3)
    goto swap;
  goto start;
swap: {
  double t = a;
  a = b * 0.25;
  b = t;
}
  if (steps < 12)
    goto shrink;
done:
  return a * b + steps;
}
FUNCTIONAL(machine, 3)

// Instructions of a stack machine.
enum { PUSH, ADD, MUL, DUP, SIN, JUMP_IF_SMALL, HALT };
NOINLINE static double run(const int *code, const double *constants) {
  double stack[8];
  int sp = 0, pc = 0;
  for (int budget = 0; budget < 60; ++budget)
    switch (code[pc++]) {
    case PUSH:
      stack[sp++] = constants[code[pc++]];
      break;
    case ADD:
      --sp, stack[sp - 1] += stack[sp];
      break;
    case MUL:
      --sp, stack[sp - 1] *= stack[sp];
      break;
    case DUP:
      stack[sp] = stack[sp - 1], ++sp;
      break;
    case SIN:
      stack[sp - 1] = sin(stack[sp - 1]);
      break;
    case JUMP_IF_SMALL:
      pc = stack[sp - 1] < 4 ? code[pc] : pc + 1;
      break;
    case HALT:
      return stack[sp - 1];
    }
  return stack[0];
}
double interpreted(const double *x) {
  static const int code[] = {PUSH, 0, DUP, PUSH, 1, MUL, ADD, JUMP_IF_SMALL, 2, DUP, SIN, PUSH, 2, MUL, ADD, HALT};
  return run(code, x) * x[0];
}
FUNCTIONAL(interpreted, 3)

// A calculator: numbers are given by letters, which are active.
struct text {
  const char *at;
  const double *values;
};
static double sum(struct text *t);
static double factor(struct text *t) {
  if (*t->at == '(') {
    ++t->at;
    double v = sum(t);
    ++t->at;
    return v;
  }
  if (*t->at == '-') {
    ++t->at;
    return -factor(t);
  }
  if (*t->at >= '0' && *t->at <= '9')
    return *t->at++ - '0';
  return t->values[*t->at++ - 'a'];
}
static double product(struct text *t) {
  double v = factor(t);
  while (*t->at == '*' || *t->at == '/')
    if (*t->at++ == '*')
      v *= factor(t);
    else
      v /= factor(t);
  return v;
}
static double sum(struct text *t) {
  double v = product(t);
  while (*t->at == '+' || *t->at == '-')
    if (*t->at++ == '+')
      v += product(t);
    else
      v -= product(t);
  return v;
}
double calculated(const double *x) {
  struct text t = {"(a+2*b)/(c-4)*-a+b*(a-b/3)", x}, u = {"a/(b+1)", x};
  return sum(&t) * sum(&u);
}
FUNCTIONAL(calculated, 3)
