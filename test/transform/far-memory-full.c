// Where there is no room for the shadow of memory that a global variable led to, the
// program stops with a message.
// RUN: %clang -O1 -fpass-plugin=%plugin %s -o %t
// RUN: not --crash %t 2>&1 | FileCheck %s
// CHECK: linkgrad: stopped in a derivative: there is no room for the shadow

#include <stdlib.h>
#include <sys/resource.h>

void __enzyme_autodiff(void *, ...);
static double *buffer;
enum { Count = 1 << 25, Page = 512 };

static double f(const double *x) {
  for (int i = 0; i < Count; i += Page)
    buffer[i] = *x * *x;
  return buffer[Page] + buffer[Count - Page];
}

int main(void) {
  buffer = malloc(Count * sizeof *buffer);
  // Room for the tape of the loop, but not for as much again.
  struct rlimit limit = {400 << 20, 400 << 20};
  if (!buffer || setrlimit(RLIMIT_AS, &limit))
    return 1;
  double x = 3, dx = 0;
  __enzyme_autodiff((void *)f, &x, &dx);
  return dx != 12;
}
