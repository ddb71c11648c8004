// A `static` variable with active values whose address the differentiated function
// leaves in memory that is passed to it, or that goes through it to one without a body:
// that one may change it.
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O0 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O0 -DRESULT -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DPARAMETER -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O0 -DFIELD -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: %clang -O1 -DELSEWHERE -c -fpass-plugin=%plugin %s -o %t.o
// CHECK: error: no derivative of 'external': its body is not in this module [missing-body]

extern int enzyme_dup;
double __enzyme_autodiff(void *, ...);

void external(void);
static double state;
__attribute__((noinline)) static void leave(double **slot, double *v) { *slot = v; }

typedef struct {
  long last;
  double *place;
} Context;
void give(double *);
static void ignore(double *v) {}
__attribute__((noinline)) static double *place(void) { return &state; }
__attribute__((noinline)) static void pass(double *v, void (*to)(double *)) { to(v); }
__attribute__((noinline)) static void leaveField(double **slot, Context *c) {
  if (c->last)
    *slot = c->place;
}

#ifdef RESULT
static double f(double x) {
  *place() = x * x;
  external();
  return *place();
}
int main(void) {
  give(place());
  return __enzyme_autodiff((void *)f, 2.0) != 4;
}
#elif defined(PARAMETER)
static double f(double x) {
  state = x * x;
  pass(&state, ignore);
  external();
  return state;
}
int main(void) {
  pass(&state, give);
  return __enzyme_autodiff((void *)f, 2.0) != 4;
}
#else
static double f(double x, double **slot) {
  state = x * x;
#ifdef ELSEWHERE
  double *local;
  slot = &local;
#endif
#ifdef FIELD
  Context c = {1};
  c.place = &state;
  leaveField(slot, &c);
#else
  leave(slot, &state);
#endif
  external();
  return state;
}
double slope(double x, double **slot, double **dslot) {
  return __enzyme_autodiff((void *)f, x, enzyme_dup, slot, dslot);
}
#endif
