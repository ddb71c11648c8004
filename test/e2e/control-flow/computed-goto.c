// Computed gotos: a threaded interpreter, labels in a variable, a table of
// differences of labels, a jump that an active comparison chooses.
// RUN: %check %s %t

#include "../Inputs/check.h"

// Direct threading: each operation jumps to the next.
double interpreter(const double *x) {
  enum { PUSH, ADD, MUL, SINE, LOOP, END };
  static const unsigned char code[] = {PUSH, 0, PUSH, 1, MUL,  PUSH, 2,    ADD,  SINE, PUSH,
                                       3,    MUL, PUSH, 0, ADD, LOOP, 12, PUSH, 1,    MUL, END};
  static const void *const labels[] = {&&push, &&add, &&mul, &&sine, &&loop, &&end};
  const unsigned char *at = code;
  double stack[8];
  int top = 0, rounds = 0;
#define NEXT goto *labels[*at++]
  NEXT;
push:
  stack[top++] = x[*at++];
  NEXT;
add:
  --top;
  stack[top - 1] += stack[top];
  NEXT;
mul:
  --top;
  stack[top - 1] *= stack[top];
  NEXT;
sine:
  stack[top - 1] = sin(stack[top - 1]);
  NEXT;
loop:
  at = rounds++ < 2 ? at + 1 - *at : at + 1;
  NEXT;
end:
  return stack[0] * stack[0] + rounds;
#undef NEXT
}
FUNCTIONAL(interpreter, 4)

// Labels as values of a variable.
double machine(const double *x) {
  void *next = &&first;
  double a = x[0], b = x[1];
  int n = 0;
again:
  if (++n > 9)
    return a * b;
  goto *next;
first:
  a = a * 0.9 + b * 0.3;
  next = a > 1 ? &&second : &&third;
  goto again;
second:
  b = sin(a * b);
  next = &&first;
  goto again;
third:
  a *= 1 + b;
  next = b > 0.6 ? &&first : &&second;
  goto again;
}
FUNCTIONAL(machine, 2)

// Differences of labels, as position-independent code has them. The sanitizer
// would hand labels to its messages.
__attribute__((no_sanitize("pointer-overflow"))) double offsets(const double *x) {
  static const int table[] = {&&zero - &&zero, &&one - &&zero, &&two - &&zero};
  double s = 0.1;
  for (int i = 0; i < 7; ++i) {
    goto *(&&zero + table[(i * i + 2) % 3]);
  zero:
    s += x[0] * s;
    continue;
  one:
    s = s * s + x[1];
    continue;
  two:
    s -= x[2];
  }
  return s;
}
FUNCTIONAL(offsets, 3)
