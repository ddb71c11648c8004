// Pointers to active memory that are moved word by word: their shadows would stay where
// they are. Refused, whether the function that does it is inlined or not. A union with
// an integer that is moved is none.
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -g -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DHALVES -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// CHECK: error: {{.*}}'move' moves pointers in pieces, as integers [unsupported-instruction]
// RUN: not %clang -O1 -DINLINED -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=INLINED %s
// INLINED: error: a part of the address of active memory is used as a number [unknown-type]
// RUN: %clang -O1 -DUNION -fpass-plugin=%plugin %s -o %t && %t

extern int enzyme_dup;
double __enzyme_autodiff(void *, ...);

typedef union {
  double *place;
  unsigned words[2];
} Value;
#ifndef INLINED
__attribute__((noinline))
#endif
static void move(unsigned *to, unsigned *from, int n) {
#if defined(HALVES)
  to[0] = from[0];
  to[4] = from[4];
  to[1] = from[1];
#elif defined(UNION)
  to[1] = from[1];
#else
  for (int i = 0; i < n; ++i) {
    unsigned t = to[i];
    to[i] = from[i];
    from[i] = t;
  }
#endif
}

static double f(double *x) {
  double u = x[0] * x[1], v = x[1] * x[2];
  Value p[3], q[3];
  p[0].place = &u;
  q[0].place = &v;
#ifdef UNION
  q[1].words[1] = 7;
  move(p[1].words, q[1].words, 2);
#else
  move(p[0].words, q[0].words, x[0] > 9 ? 1 : 2);
#endif
  return *p[0].place * x[0]; // v * x[0], with UNION u * x[0]
}

int main(void) {
  double x[3] = {2, 3, 5}, dx[3] = {0};
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx);
  return !(dx[0] == 12 && dx[1] == 4 && dx[2] == 0);
}
