// A derivative that is asked for while another one runs, by code that is not seen
// or by a pointer that leads back, leaves the shadows of global variables as they
// were; also if it is left by an exception. (That `inner` leaves the variables as they
// were, too, only the program knows: `callBack` is marked as inactive.)
// RUN: %clangxx -O2 -DNATIVE -c %s -o %t.native.o
// RUN: %clangxx -O0 -fpass-plugin=%plugin %s %t.native.o -o %t.0 && %t.0
// RUN: %clangxx -O2 -fpass-plugin=%plugin %s %t.native.o -o %t.2 && %t.2
extern "C" __attribute__((annotate("enzyme_inactive"))) void callBack(int);
#ifdef NATIVE
void inner(int);
void callBack(int which) { inner(which); }
#else
#include <cmath>

double __enzyme_autodiff(void *, double);
double __enzyme_fwddiff(void *, double, double);

static double state, table[300], *place;
static double slopes[4];

__attribute__((noinline)) static void set(double x) {
  state = x * x;
  table[299] = x * state;
}
static double product(double x) {
  set(x);
  return state * table[299];
}
static double throws(double x) {
  set(x);
  if (state > 3)
    throw 1;
  return state;
}
static double other[1];
static double placed(double x) {
  place = other;
  *place = x * x;
  return *place;
}

static double reverse() { return __enzyme_autodiff((void *)product, 2); }
static double forward() { return __enzyme_fwddiff((void *)product, 2, 1); }
static double reversePlaced() { return __enzyme_autodiff((void *)placed, 2); }
static double thrown() {
  try {
    return __enzyme_fwddiff((void *)throws, 2, 1);
  } catch (int) {
    return -1;
  }
}
static double (*const asked[])() = {reverse, forward, reversePlaced, thrown};

void inner(int which) {
  double oldState = state, oldEntry = table[299], *oldPlace = place;
  slopes[which] = asked[which]();
  state = oldState, table[299] = oldEntry, place = oldPlace;
}

// x^5 in several ways.
static double outer(double x) {
  set(x);
  callBack(0);
  callBack(1);
  callBack(3);
  return state * table[299];
}
static double outerPlaced(double x) {
  double memory = x * x;
  place = &memory;
  callBack(2);
  *place *= x;
  return *place * x * x;
}

// Hooks lead back to the derivative that is running.
static int depth;
static double deeper;
static void again() {
  double oldState = state, oldEntry = table[299];
  extern double hooked(double);
  deeper = __enzyme_fwddiff((void *)hooked, 2, 1);
  state = oldState, table[299] = oldEntry;
}
void (*volatile hook)() = again;
__attribute__((noinline)) static void callHook() { hook(); }
void *__enzyme_inactivefn[] = {(void *)callHook};
double hooked(double x) {
  set(x);
  if (depth++ < 2)
    callHook();
  return state * table[299];
}

static bool differs(double is, double x) {
  return std::fabs(is - 5 * x * x * x * x) > 1e-9;
}

int main() {
  const double x = 1.5;
  bool wrong = differs(__enzyme_fwddiff((void *)outer, x, 1), x) ||
               differs(__enzyme_autodiff((void *)outer, x), x) ||
               differs(slopes[0], 2) || differs(slopes[1], 2) || slopes[3] != -1;
  wrong |= differs(__enzyme_fwddiff((void *)outerPlaced, x, 1), x) ||
           differs(__enzyme_autodiff((void *)outerPlaced, x), x) || slopes[2] != 4;
  wrong |= differs(__enzyme_fwddiff((void *)hooked, x, 1), x) || depth != 3 ||
           differs(deeper, 2);
  return wrong;
}
#endif
