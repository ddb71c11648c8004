// The reverse sweep needs as many threads as the region had, or stops.
// RUN: %clang -O1 -w -fopenmp -fpass-plugin=%plugin %s -o %t -lm
// RUN: not --crash %t 2>&1 | FileCheck %s
// CHECK: linkgrad: stopped in a derivative: the reverse sweep of a parallel region was given another number of threads than the region had
// CHECK-NOT: derivative

#include <omp.h>
#include <stdio.h>
extern int enzyme_dup, enzyme_tape;
void *__enzyme_augmentfwd(void *, ...);
void __enzyme_reverse(void *, ...);

void squares(double *x) {
#pragma omp parallel for num_threads(3)
  for (int i = 0; i < 8; ++i)
    x[i] *= x[i];
}

int main(void) {
  double x[8] = {1, 2, 3, 4}, dx[8] = {1, 1, 1, 1};
  void *tape = __enzyme_augmentfwd((void *)squares, enzyme_dup, x, dx);
  // Where regions are not nested, one inside of another has one thread.
  omp_set_max_active_levels(1);
#pragma omp parallel num_threads(2)
#pragma omp single
  __enzyme_reverse((void *)squares, enzyme_dup, x, dx, enzyme_tape, tape);
  puts("derivative");
  return 0;
}
