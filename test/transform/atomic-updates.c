// Atomic updates but sums are refused where they put an active value into memory,
// even if nothing else does. Sums in loops that exchange bits are sums only if what
// is added is the same in all rounds.
// RUN: not %clang -O1 -DMULTIPLY -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DGLOBAL -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DSWAP -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O0 -DBITS -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DBITS -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DVARIES -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// CHECK: error: atomic update of active memory [unsupported-instruction]

double __enzyme_autodiff(void *, ...);

static _Atomic double global;

static double f(double x) {
#ifdef MULTIPLY
  _Atomic double cell = 2;
  cell *= x;
  return cell;
#elif defined(GLOBAL)
  global = 2;
  global *= x;
  return global;
#elif defined(SWAP)
  double cell = 3, given = x * x, old;
  __atomic_exchange(&cell, &given, &old, __ATOMIC_SEQ_CST);
  return cell;
#elif defined(BITS)
  double cell = -x * x;
  __atomic_fetch_and((long *)&cell, ~(1l << 63), __ATOMIC_RELAXED);
  return cell;
#elif defined(VARIES)
  double old = 1, cell = 1, sum;
  do
    sum = old + x * old;
  while (!__atomic_compare_exchange(&cell, &old, &sum, 0, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED));
  return cell;
#endif
}
double d(double x) { return __enzyme_autodiff((void *)f, x); }
