// An index over floats at the beginning of a struct, and a copy whose length in
// bytes does not tell what it counts: that all are floats must not be assumed.
// RUN: not %clang -O2 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O0 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=O0 %s
// CHECK: byte 8 {{.*}}[unknown-type]
// O0: {{.*}}[unknown-type]
// A pointer in C may be to what a bigger struct begins with, in C++ it is not.
// RUN: not %clang -O2 -g -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=HEADER %s
// HEADER: byte 32 {{.*}}[unknown-type]
// RUN: %clang -x c++ -O0 -g -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -x c++ -O2 -g -fpass-plugin=%plugin %s -o %t && %t
// Lengths in doubles, and pointers that are declared to point to doubles, tell.
// RUN: %clang -O0 -DCOUNT -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O2 -DCOUNT -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O2 -DDECLARED -fpass-plugin=%plugin %s -o %t && %t
#include <string.h>

extern int enzyme_dup, enzyme_const;
void __enzyme_autodiff(void *, ...);

typedef struct {
  double a[2];
  float b;
  int n;
  double *x;
} S;

#if defined(COUNT)
typedef double T;
__attribute__((noinline)) static void copy(T *to, T *from, int n, long bytes) {
  to[n] *= 2;
  memcpy(to, from, bytes / sizeof *to * sizeof *to);
}
#elif defined(DECLARED)
typedef double T;
struct range {
  double *begin, *end;
};
__attribute__((noinline)) static void copyRange(struct range *to,
                                                struct range *from, int n) {
  to->begin[n] *= 2;
  memcpy(to->begin, from->begin, (char *)from->end - (char *)from->begin);
}
static void copy(T *to, T *from, int n, long bytes) {
  struct range t = {to, to + bytes / 8}, f = {from, from + bytes / 8};
  copyRange(&t, &f, n);
}
#else
typedef S T;
__attribute__((noinline)) static void copy(T *to, T *from, int n, long bytes) {
  to->a[n] *= 2;
  memcpy(to, from, bytes);
}
#endif

#if defined(COUNT) || defined(DECLARED)
static double f(double *to, double *from, int n, long bytes) {
  copy(to, from, n, bytes);
  return to[1] * to[1];
}
int main(int argc, char **argv) {
  double to[2] = {0}, from[2] = {3, 5}, dto[2] = {0}, dfrom[2] = {0};
  __enzyme_autodiff((void *)f, enzyme_dup, to, dto, enzyme_dup, from, dfrom,
                    argc, sizeof to * argc);
  return dfrom[1] == 10 && dto[1] == 0 ? 0 : 1;
}
#else
static double f(S *to, S *from, int n, long bytes) {
  copy(to, from, n, bytes);
  return to->b * to->b + to->x[0] * to->x[0];
}
int main(int argc, char **argv) {
  double x = 3, dx = 0;
  S to = {{0}, 0, 0, 0}, from = {{0}, 5, 1, &x};
  S dto = {{0}, 0, 0, 0}, dfrom = {{0}, 0, 0, &dx};
  __enzyme_autodiff((void *)f, enzyme_dup, &to, &dto, enzyme_dup, &from, &dfrom,
                    argc, sizeof to * argc);
  return dfrom.b == 10 && dx == 6 && dto.b == 0 ? 0 : 1;
}
#endif
