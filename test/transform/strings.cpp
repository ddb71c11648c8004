// A string next to active values that grows out of line: its shadow would keep the
// old pointer, and free it.
// RUN: not %clangxx -g -O1 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clangxx -g -O1 -DFORWARD -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
#include <string>
void __enzyme_autodiff(void *, ...), __enzyme_fwddiff(void *, ...);
struct Named {
  std::string name;
  double value;
};
static double twice(Named *n) {
  // CHECK: basic_string.{{.*}}: error: 'std::{{.*}}basic_string{{.*}}' changes a string that lies in memory with a shadow [unsupported-call]
  // CHECK: help: keep strings apart from active values
  n->name += "some more text that does not fit";
  return n->value * n->value;
}
void derivative(Named *n, Named *d) {
#ifdef FORWARD
  __enzyme_fwddiff((void *)twice, n, d);
#else
  __enzyme_autodiff((void *)twice, n, d);
#endif
}
