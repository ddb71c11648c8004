// Members of a derived class may lie in what is padding for a function that sees
// the base only.
// RUN: %clangxx -O0 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clangxx -O0 -g -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clangxx -O2 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clangxx -O2 -g -fpass-plugin=%plugin %s -o %t && %t
#include <cstring>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

struct Base {
  double value;
  int count;
  Base(double value) : value(value), count(1) {}
};
struct Derived : Base {
  float weight;
  Derived(double value, float weight) : Base(value), weight(weight) {}
};
static_assert(sizeof(Derived) == sizeof(Base));

__attribute__((noinline)) static void assign(Derived *to, Derived *from) {
  from->value *= 2;
  from->count++;
  *to = *from;
}
__attribute__((noinline)) static void copy(Base *to, Base *from, int n) {
  from->value *= 2;
  from->count++;
  memcpy((void *)to, from, n * sizeof *to);
}
static double f(Derived *to, Derived *from) {
  assign(to, from);
  double first = to->weight * to->value;
  copy(to, from, 1);
  return first + to->weight * to->weight * to->value;
}

int main() {
  Derived to(0, 0), from(3, 5), dto(0, 0), dfrom(0, 0);
  __enzyme_autodiff((void *)f, enzyme_dup, &to, &dto, enzyme_dup, &from,
                    &dfrom);
  // 5 * 2 * 3 + 5 * 5 * 4 * 3
  return dfrom.value == 110 && dfrom.weight == 6 + 120 && dto.weight == 0 ? 0
                                                                          : 1;
}
