// A copy that reads one member of a union becomes a load and a store of that member's
// type. If the other member is there, neither its adjoint nor its shadow pointer can
// follow in reverse mode: the derivative stops. (The adjoint was lost, and what is read
// through the pointer had another's shadow, or none.) Forward mode is right, and so is
// reverse mode where the member that was read is there.
// RUN: %clang -O1 -fpass-plugin=%plugin %s -o %t && %t 2 && not --crash %t 1 2>&1 | FileCheck %s
// RUN: %clang -O3 -g -fpass-plugin=%plugin %s -o %t && %t 2 && not --crash %t 1 2>&1 | FileCheck %s
// RUN: not %clang -O0 -g -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=INTEGER %s
// RUN: %clang -O1 -DNUMBER -fpass-plugin=%plugin %s -o %t && %t 0 && not --crash %t 1 2>&1 | FileCheck --check-prefix=NUMBER %s
// With debug information the union is copied as memory, if LLVM does not pass it as one
// of its members: then each member may be there.
// RUN: %clang -O3 -g -DNUMBER -fpass-plugin=%plugin %s -o %t && %t 0 && %t 1 && %t 2 && %t 3
// RUN: %clang -O1 -g -fpass-plugin=%plugin %s -o %t && %t 0 && %t 1 && %t 2 && %t 3
// CHECK: linkgrad: stopped in a derivative: {{.*}}error: a union of a pointer and an active float is moved as the pointer [unknown-type]
// CHECK-NEXT: in function:
// CHECK: help: copy its members one by one
// INTEGER: error: cannot tell whether this integer, stored to active memory, holds a floating-point value [unknown-type]
// NUMBER: linkgrad: stopped in a derivative: {{.*}}error: a union of a pointer and a float is moved as the float [unknown-type]
#include <math.h>
#include <stdlib.h>

typedef struct {
  long tag;
  union {
    double number;
    double *place;
  };
} Value;

extern int enzyme_dup, enzyme_const;
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

#define NOINLINE __attribute__((noinline))
NOINLINE static double get(const Value *v) { return v->tag ? *v->place : v->number; }
NOINLINE static void setNumber(Value *v, double x) { v->tag = 0, v->number = x; }
NOINLINE static void setPlace(Value *v, double *x) { v->tag = 1, v->place = x; }
NOINLINE static double move(Value *to, const Value *from) {
  Value copy = *from;
#ifdef NUMBER
  double result = copy.tag ? 0 : copy.number;
#else
  double result = copy.tag ? *copy.place : 0;
#endif
  *to = copy;
  return result;
}

// The first \p places values are places, and are moved.
static double f(const double *x, int places, int moved) {
  Value *v = malloc(4 * sizeof *v);
  double y = x[1] * x[1], sum = 0;
  for (int i = 0; i < 4; ++i)
    if (i < places)
      setPlace(&v[i], &y);
    else
      setNumber(&v[i], x[0] * x[i & 1]);
  for (int i = 0; i < moved; ++i)
    sum += move(&v[3 - i], &v[i]) * x[0];
  for (int i = 0; i < 4; ++i)
    sum += (i + 1) * get(&v[i]);
  free(v);
  return sum;
}

static int wrong(double a, double b) { return !(fabs(a - b) < 1e-6); }

int main(int argc, char **argv) {
  int places = atoi(argv[1]), moved = 2;
  for (int k = 0; k < 2; ++k) {
    double x[2] = {0.7, 1.3}, up[2] = {0.7, 1.3}, down[2] = {0.7, 1.3};
    double dx[2] = {0, 0}, tangent[2] = {k == 0, k == 1};
    up[k] += 1e-5, down[k] -= 1e-5;
    double slope = (f(up, places, moved) - f(down, places, moved)) / 2e-5;
    if (wrong(__enzyme_fwddiff((void *)f, enzyme_dup, x, tangent, enzyme_const, places, enzyme_const, moved), slope))
      return 1;
    __enzyme_autodiff((void *)f, enzyme_dup, x, dx, enzyme_const, places, enzyme_const, moved);
    if (wrong(dx[k], slope))
      return 2;
  }
  return 0;
}
