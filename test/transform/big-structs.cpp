// A copy of structs that are too big to be described, of which the function
// runs over a table of pointers: that is not all that they hold. Rows of a
// matrix, however long, are floats throughout.
// RUN: not %clangxx -O1 -g -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clangxx -O0 -g -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: %clangxx -DROWS -O1 -g -fpass-plugin=%plugin -c %s -o %t.o
// RUN: %clangxx -DROWS -O1 -fpass-plugin=%plugin -c %s -o %t.o

#include <cstring>

extern int enzyme_dup, enzyme_const;
void __enzyme_autodiff(void *, ...);

#ifdef ROWS
double f(double (*p)[1000], double (*q)[1000], int n, int i) {
  q[n - 1][i] *= 2;
  memcpy(p, q, n * sizeof *p);
  return p[0][i] * p[n - 1][i];
}
void df(double (*p)[1000], double (*dp)[1000], double (*q)[1000],
          double (*dq)[1000]) {
#else
struct Values {
  double first[5], second[3];
  float third;
};
struct Group : Values {
  Values values[3];
  int numbers[5];
};
struct Block : Values {
  Group groups[5];
  double *places[5];
};
struct Head {
  double *table[3];
  Block blocks[3];
  double last;
};
struct Big : Head {
  double a, b;
  Head more[3];
};
// CHECK: [[@LINE+4]]:3: error: byte 0 behind {{.*}} nothing tells [unknown-type]
double f(Big *p, Big *q, int n, int i) {
  double s = *p[n - i].more[0].table[i];
  q[n - i].b *= 2;
  memcpy(p, q, n * sizeof *p);
  return s * p[0].a;
}
void df(Big *p, Big *dp, Big *q, Big *dq) {
#endif
  __enzyme_autodiff((void *)f, enzyme_dup, p, dp, enzyme_dup, q, dq,
                           enzyme_const, 2, enzyme_const, 1);
}
