// A function without a body does not know a static variable. But it may call a
// function of the program that changes it: by its name, by its address, or because
// it knows the address of the variable.
// RUN: not %clang -O1 -DBY_NAME -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O0 -DBY_NAME -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DBY_ADDRESS -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DBY_TABLE -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DBY_VARIABLE -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DRESULT -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// CHECK: error: no derivative of '{{advance|measure}}': its body is not in this module [missing-body]
// CHECK: note: called here: {{.*}}'f' calls '{{advance|measure}}'
//
// Nobody outside can: what calls the function that does it is `main`, or not
// exported. Functions of the C library know nothing of the program.
// RUN: %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o
// RUN: %clang -O0 -c -fpass-plugin=%plugin %s -o %t.o
// RUN: %clang -O1 -DBY_NAME -DLIBRARY -c -fpass-plugin=%plugin %s -o %t.o
#include <stdlib.h>
double __enzyme_autodiff(void *, ...);
void advance(void);
double measure(void);
static double position;
__attribute__((noinline)) static void twice(void) { position *= 2; }

#ifdef BY_NAME
static void indirectly(void) { twice(); }
void move(void) { indirectly(); }
#endif
#ifdef BY_TABLE
void (*const table[])(void) = {twice};
#endif
#ifdef RESULT
double where(void) { return position; }
#endif

#ifdef LIBRARY
static int order(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}
#endif

static double f(double x) {
  position = x * x;
#ifdef LIBRARY
  int numbers[] = {3, 1, 2};
  qsort(numbers, 3, sizeof *numbers, order);
#elif defined(RESULT)
  return measure();
#else
  advance();
#endif
  return position * x;
}
double d(double x) { return __enzyme_autodiff((void *)f, x); }

void tell(void (*)(void));
void show(double *);
int main(void) {
  twice();
#ifdef BY_ADDRESS
  tell(twice);
#endif
#ifdef BY_VARIABLE
  show(&position);
#endif
  return d(1) != 3;
}
