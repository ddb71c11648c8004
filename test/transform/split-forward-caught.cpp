// Split forward mode is refused where the tape does not say whether a call threw; the
// reverse sweep of the same pair is there.
// RUN: %clangxx -O1 -w -c -fpass-plugin=%plugin %s -o %t.o
// RUN: not %clangxx -O1 -w -DFORWARD -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: split forward mode behind a call whose exception is caught is not supported [unsupported-request]
// CHECK: note: while making the forward sweep of f(double)(active) -> active
// CHECK: help: use __enzyme_fwddiff
extern "C" {
void *__enzyme_augmentfwd(void *, ...);
double __enzyme_fwdsplit(void *, ...);
double __enzyme_reverse(void *, ...);
}
void mayThrow();
double f(double x) {
  try {
    mayThrow();
    return x * x;
  } catch (int) {
    return 2 * x;
  }
}
double both(double x) {
  void *tape = __enzyme_augmentfwd((void *)f, x);
#ifdef FORWARD
  return __enzyme_fwdsplit((void *)f, x, 1.0, tape);
#else
  return __enzyme_reverse((void *)f, x, 1.0, tape);
#endif
}
