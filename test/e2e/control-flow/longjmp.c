// setjmp and longjmp: beside derivatives, in functions that are inactive, and out of
// the primal. A setjmp in the differentiated function is refused.
// RUN: %check %s %t --skip=valgrind --skip=sanitize
// RUN: not %clang -DINSIDE -w -O1 -g -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clang -DINSIDE -w -O0 -g -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: longjmp.c:[[#]]:{{.*}}error: this call returns twice: a derivative cannot follow longjmp back to it [unsupported-control-flow]
// CHECK: help: call setjmp outside of the differentiated function

#define OWN_CHECKS
#include "../Inputs/check.h"
#include <setjmp.h>

static jmp_buf place;

// Inactive: how many times it takes.
__attribute__((noinline)) static int tries(int n) {
  jmp_buf here;
  volatile int count = 0;
  if (setjmp(here) < n) {
    ++count;
    longjmp(here, count);
  }
  return count;
}
double inactive(const double *x) {
  double s = 0;
  for (int i = 0; i < 3; ++i)
    s += x[i] * x[0] * tries(i + 1);
  return s;
}
FUNCTIONAL(inactive, 3)

// Leaves the primal for good, where that is asked for.
double leaves(const double *x) {
  double s = sin(x[0]) * x[1];
  if (s > 10)
    longjmp(place, 1);
  return s * s;
}
FUNCTIONAL(leaves, 2)

#ifdef INSIDE
double inside(const double *x) {
  volatile double y = x[0];
  if (setjmp(place) == 0) {
    y = x[0] * x[1];
    if (x[1] > 1)
      longjmp(place, 1);
  }
  return y * x[1];
}
FUNCTIONAL(inside, 2)
#endif

static void ownChecks(void) {
  double x[2] = {1, 100}, d[2] = {1, 1};
  volatile int jumps = 0;
  if (setjmp(place) == 0)
    __enzyme_autodiff((void *)leaves, enzyme_dup, x, d);
  else
    ++jumps;
  if (setjmp(place) == 0)
    __enzyme_fwddiff((void *)leaves, enzyme_dup, x, d);
  else
    ++jumps;
  EXPECT(jumps, 2);
  EXPECT(d[0], 1);
}
