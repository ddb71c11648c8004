// Global variables that are reached by what pointers lead to: functions that are
// called through pointers, and addresses of variables in local tables.
// RUN: %check %s %t

#include "../Inputs/check.h"

static double state;
double visible[3];
static double left, right;

__attribute__((noinline)) static void set(double x) {
  state = x * x;
  visible[1] = state * x;
}
__attribute__((noinline)) static double get(void) { return state * sin(visible[1]); }
__attribute__((noinline)) static double getOther(void) { return 2 * state + visible[1]; }

void (*setter)(double) = set;
double (*getter)(void) = get;
static double (*const getters[])(void) = {get, getOther};
struct operations {
  void (*set)(double);
  double (*get)(void);
};
struct operations table = {set, getOther};
struct operations *operations = &table;
int which = 1;

double readThrough(const double *x) {
  set(x[0] * x[1]);
  return getter() * x[0];
}
FUNCTIONAL(readThrough, 2)

double writeThrough(const double *x) {
  setter(x[0] * x[1]);
  return get() + visible[1];
}
FUNCTIONAL(writeThrough, 2)

double bothThrough(const double *x) {
  operations->set(x[0] + x[1]);
  return operations->get() * getters[which]();
}
FUNCTIONAL(bothThrough, 2)

// A callback that only a caller of the differentiated function names.
static double callback(double (*f)(void), double x) {
  setter(x);
  return f();
}
double withCallback(const double *x) { return callback(getters[which], x[0]) * callback(getter, x[1]); }
FUNCTIONAL(withCallback, 2)

// LLVM stores both addresses at once.
double bothPlaces(const double *x) {
  double *places[2];
  places[0] = &left, places[1] = &right;
  left = x[0], right = x[1];
  *places[which] *= x[0];
  return left * left * right + *places[1 - which];
}
FUNCTIONAL(bothPlaces, 2)

// And copies an address as an integer.
struct place {
  double *at;
};
double copied(const double *x) {
  struct place places[3];
  memset(places, 0, sizeof places);
  places[2].at = &right;
  for (int i = 0; i < which; ++i)
    places[i] = places[2];
  right = x[0] * x[1];
  double *at = places[(int)(x[0] * 0.01)].at;
  *at += x[1];
  return right * right;
}
FUNCTIONAL(copied, 2, .low = 0.1, .high = 1.5)
