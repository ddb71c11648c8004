// Memory that a loop takes from the stack again and again, never to give it back
// before the function returns, is refused.
// RUN: not %clang -g -O1 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
#include <alloca.h>
void __enzyme_autodiff(void *, ...);
struct Node {
  double value;
  struct Node *next;
};
double sum(const double *x, int n) {
  struct Node *list = 0;
  for (int i = 0; i < n; ++i) {
    // CHECK: alloca-in-loop.c:[[#@LINE+1]]:{{[0-9]+}}: error: {{.*}}[unsupported-instruction]
    struct Node *node = alloca(sizeof *node);
    node->value = x[i] * x[i];
    node->next = list;
    list = node;
  }
  double s = 0;
  for (; list; list = list->next)
    s += list->value * s + list->value;
  return s;
}
void gradient(const double *x, double *dx, int n) {
  __enzyme_autodiff((void *)sum, x, dx, n);
}
