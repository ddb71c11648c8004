// Unions of a float and a pointer that are pointers when the derivative begins, and
// floats later: what their shadows hold then is no seed. And unions of which a
// function sees one side only, many calls deep.
// RUN: %clang -O0 -fpass-plugin=%plugin %s -o %t.0 && %t.0
// RUN: %clang -O1 -g -fpass-plugin=%plugin %s -o %t.1 && %t.1
// RUN: %clang -O2 -fpass-plugin=%plugin %s -o %t.2 && %t.2
// RUN: not %clang -O1 -DNumber=_Float16 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: a float is stored, in a parallel region or with 16 bits, where a pointer
// CHECK-SAME: may be from before the derivative
// CHECK-SAME: [unsupported-instruction]
#include <math.h>
#include <string.h>
#include <sys/mman.h>

extern int enzyme_dup, enzyme_const;
double __enzyme_autodiff(void *, ...);
void *__enzyme_augmentfwd(void *, ...);
void __enzyme_reverse(void *, ...);

#ifndef Number
#define Number float
#endif
typedef union {
  Number number;
  Number pair[2];
  Number *place;
} Value;
#define NOINLINE __attribute__((noinline))
NOINLINE static void setNumber(Value *v, Number x) { v->number = x; }
NOINLINE static Number getNumber(Value *v) { return v->number; }
NOINLINE static void setPlace(Value *v, Number *p) { v->place = p; }
NOINLINE static Number getPlace(Value *v) { return *v->place; }

static void given(const Number *x, Value *v, int n) {
  for (int i = 0; i < n; ++i) {
    Number a = 1;
    if (x[i] > 2) // The others are pointers, too, but nobody looks.
      a = getPlace(&v[i]);
    if (i == 3)
      setPlace(&v[i], v[0].place);
    setNumber(&v[i], a * x[i]);
    v[i].pair[1] = x[i];
    v[i].number = getNumber(&v[i]) * getNumber(&v[i]) * v[i].pair[1];
  }
}

static double summed(const Number *x, Value *v, int n) {
  double sum = 0;
  given(x, v, n);
  for (int i = 0; i < n; ++i)
    sum += v[i].number;
  return sum;
}

// Each of these only hands on.
#define DEEPER(NAME, NEXT, RESULT, TYPE)                                       \
  NOINLINE static RESULT NAME(Value *v, TYPE x, int n) {                       \
    return n < 0 ? 0 : NEXT(v, x, n - 1);                                      \
  }
NOINLINE static int number6(Value *v, Number x, int n) {
  return v->number = x, n;
}
DEEPER(number5, number6, int, Number)
DEEPER(number4, number5, int, Number)
DEEPER(number3, number4, int, Number)
DEEPER(number2, number3, int, Number)
DEEPER(number1, number2, int, Number)
NOINLINE static int place6(Value *v, Number *p, int n) {
  return v->place = p, n;
}
DEEPER(place5, place6, int, Number *)
DEEPER(place4, place5, int, Number *)
DEEPER(place3, place4, int, Number *)
DEEPER(place2, place3, int, Number *)
DEEPER(place1, place2, int, Number *)
NOINLINE static Number get6(Value *v, int isPlace, int n) {
  return isPlace ? *v->place : v->number;
}
DEEPER(get5, get6, Number, int)
DEEPER(get4, get5, Number, int)
DEEPER(get3, get4, Number, int)
DEEPER(get2, get3, Number, int)
DEEPER(get1, get2, Number, int)

static double deep(Number *x, Value *v) {
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    number1(v, x[0] * (i + 1), 9);
    sum += get1(v, 0, 9);
    place1(v, &x[i & 1], 9);
    sum += get1(v, 1, 9);
  }
  return sum; // 12 x[0] + 2 x[1]
}

static int differs(double is, double should) {
  return !(fabs(is - should) <= 1e-5 * fabs(should));
}

/// Where the low half of an address is a great number as a float.
static void *memory(int page) {
  void *hint = (void *)(0x104e6f0000 + page * 4096l);
  return mmap(hint, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
              -1, 0);
}

int main(void) {
  Number x[4] = {1, 2, 3, 4}, *m = memory(0), *dm = memory(1);
  int wrong = 0;
  for (int isSplit = 0; isSplit < 2; ++isSplit) {
    Number dx[4] = {0};
    Value v[4], dv[4];
    for (int i = 0; i < 4; ++i) {
      m[i] = 5 + i, dm[i] = 0;
      v[i].place = &m[i], dv[i].place = &dm[i];
    }
    if (isSplit) {
      void *tape = __enzyme_augmentfwd((void *)given, enzyme_dup, x, dx,
                                       enzyme_dup, v, dv, enzyme_const, 4);
      for (int i = 0; i < 4; ++i)
        dv[i].pair[0] = 1, dv[i].pair[1] = 0;
      __enzyme_reverse((void *)given, enzyme_dup, x, dx, enzyme_dup, v, dv,
                       enzyme_const, 4, tape);
    } else {
      __enzyme_autodiff((void *)summed, enzyme_dup, x, dx, enzyme_dup, v, dv,
                        enzyme_const, 4);
    }
    for (int i = 0; i < 4; ++i) { // v[i] = a * a * x[i] * x[i] * x[i]
      double a = i < 2 ? 1 : m[i];
      wrong |= differs(dx[i], 3 * a * a * x[i] * x[i]) |
               differs(dm[i], i < 2 ? 0 : 2 * m[i] * x[i] * x[i] * x[i]);
    }
  }

  Value v = {0}, dv = {0};
  memcpy(m, x, sizeof x);
  memset(dm, 0, sizeof x);
  __enzyme_autodiff((void *)deep, enzyme_dup, m, dm, enzyme_dup, &v, &dv);
  return wrong | 2 * (differs(dm[0], 12) | differs(dm[1], 2));
}
