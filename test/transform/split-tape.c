// A sweep that is given a tape which is not its own, a reverse sweep after a forward
// one, and memory that is too small for a tape stop the program or the build.
// RUN: %clang -O1 -w -fpass-plugin=%plugin %s -o %t -lm
// RUN: %t && not --crash %t other 2>&1 | FileCheck --check-prefix=OTHER %s
// RUN: not --crash %t forward other 2>&1 | FileCheck --check-prefix=FORWARD %s
// RUN: not --crash %t used - - 2>&1 | FileCheck --check-prefix=USED %s
// RUN: not --crash %t small 9 2>&1 | FileCheck --check-prefix=SMALL %s
// RUN: not %clang -O1 -w -DCONSTANT -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=SMALL %s
// OTHER: error: the tape that the reverse sweep of g(dup) -> active was given is not its own, or a forward sweep used it
// OTHER-SAME: [argument-type]
// OTHER: help: call __enzyme_augmentfwd with the same function, markers and width
// FORWARD: error: the tape that the forward sweep of g(dup) -> active was given is not its own [argument-type]
// USED: error: the tape that the reverse sweep of f(dup) -> active was given is not its own, or a forward sweep used it [argument-type]
// SMALL: error: 'enzyme_allocated' gives less than the {{[0-9]+}} bytes that the tape takes [bad-marker]
// SMALL: help: ask __enzyme_augmentsize how many are needed
#include <math.h>
#include <stdlib.h>
int enzyme_dup, enzyme_allocated, enzyme_tape, enzyme_nofree;
void *__enzyme_augmentfwd(void *, ...);
double __enzyme_augmentfwd_own(void *, ...);
void __enzyme_reverse(void *, ...);
double __enzyme_fwdsplit(void *, ...);
static double f(const double *x) { return sin(x[0]) * x[1]; }
static double g(const double *x) { return x[0] * x[1]; }

int main(int argc, char **argv) {
  double x[2] = {1, 2}, d[2] = {0, 0};
#ifdef CONSTANT
  size_t size = 9;
#else
  size_t size = argc == 3 ? atoi(argv[2]) : 0;
#endif
  if (argc == 3 && argv[1][0] == 'f')
    return __enzyme_fwdsplit((void *)g, enzyme_dup, x, d,
                             __enzyme_augmentfwd((void *)f, enzyme_dup, x, d)) > 1;
  if (argc == 4) {
    void *tape = __enzyme_augmentfwd((void *)f, enzyme_dup, x, d);
    for (int k = 0; k < 2; ++k) // A second forward sweep is welcome.
      if (__enzyme_fwdsplit((void *)f, enzyme_nofree, enzyme_dup, x, d, tape) != 0)
        return 0;
    __enzyme_reverse((void *)f, enzyme_dup, x, d, 1.0, tape);
    return 0;
  }
  if (argc == 3)
    return __enzyme_augmentfwd_own((void *)f, enzyme_allocated, size, enzyme_tape,
                                   malloc(size), enzyme_dup, x, d) > 1;
  void *tape = __enzyme_augmentfwd((void *)f, enzyme_dup, x, d);
  __enzyme_reverse((void *)f, enzyme_dup, x, d, 1.0, tape);
  if (argc > 1)
    __enzyme_reverse((void *)g, enzyme_dup, x, d, 1.0,
                     __enzyme_augmentfwd((void *)f, enzyme_dup, x, d));
  return fabs(d[1] - sin(1)) > 1e-12;
}
