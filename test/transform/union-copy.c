// A function that uses one member of a union and copies the union: the others are
// never there only if no function of the request uses them. Debug info tells what
// they are; what is calculated with as an integer may be a float or a pointer all
// the same.
// RUN: not %clang -O2 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O0 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=O0 %s
// RUN: not %clang -O2 -g -DPOINTER -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=POINTER %s
// CHECK: 'increment' moves bytes as integers that are used as floats elsewhere, and inlining it does not help [unknown-type]
// POINTER: cannot tell whether this integer, stored to active memory, holds a floating-point value [unknown-type]
// O0: {{.*}}[unknown-type]
// RUN: %clang -O2 -DNUMBER -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O2 -g -DNUMBER -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O0 -g -DNUMBER -fpass-plugin=%plugin %s -o %t && %t

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

typedef struct {
  int isInteger;
  union {
    double number;
    long integer;
#ifdef POINTER
    double *place;
#endif
  };
} Value;

__attribute__((noinline)) static void increment(Value *to, Value *from) {
#ifdef NUMBER
  from->number *= 2;
#else
  if (from->isInteger)
    from->integer += 3;
#endif
  *to = *from;
}
static double f(Value *to, Value *from) {
  increment(to, from);
  return to->number * to->number;
}

int main(void) {
  Value to = {0}, from = {0, {5}}, dto = {0}, dfrom = {0};
  __enzyme_autodiff((void *)f, enzyme_dup, &to, &dto, enzyme_dup, &from,
                    &dfrom);
  return dfrom.number == 40 && dto.number == 0 ? 0 : 1;
}
