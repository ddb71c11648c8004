// Numbers have no shadow: where a part of the address of active memory is kept,
// handed on, or made a pointer again, nobody could follow it.
// RUN: not %clang -O1 -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck %s
// RUN: not %clang -O1 -DTAGGED -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clang -O1 -DBYTES -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clang -O1 -DARGUMENTS -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clang -O1 -DARGUMENTS -DFORWARD -c -fpass-plugin=%plugin %s -o %t.o \
// RUN:   2>&1 | FileCheck %s
// RUN: not %clang -O0 -DHALVES -fno-strict-aliasing -c -fpass-plugin=%plugin %s \
// RUN:   -o %t.o 2>&1 | FileCheck %s
// RUN: %clang -O1 -DHARMLESS -fpass-plugin=%plugin %s -o %t && %t
// A union of a float and a pointer by value is passed as the pointer.
// RUN: not %clang -O1 -DPASSED -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// RUN: not %clang -O1 -DRETURNED -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=MOVED %s
// MOVED: a union of a pointer and an active float is moved as the pointer
// MOVED-SAME: [unknown-type]
// CHECK: a part of the address of active memory is used as a number [unknown-type]
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

double __enzyme_autodiff(void *, double);
double __enzyme_fwddiff(void *, double, double);

#define NOINLINE __attribute__((noinline))
#if defined(PASSED) || defined(RETURNED)
typedef union {
  float number;
  float *place;
} Value;
NOINLINE static float passed(Value v, int isPlace) {
  return isPlace ? *v.place : v.number;
}
NOINLINE static Value returned(float number, float *place) {
  Value v;
  if (place)
    v.place = place;
  else
    v.number = number;
  return v;
}
#elif defined(TAGGED)
typedef uint64_t Kept;
NOINLINE static void keep(Kept *k, double *p) { *k = (uintptr_t)p << 16 | 3; }
NOINLINE static double get(Kept *k) {
  return *(double *)(*k >> 16) * (*k & 0xffff);
}
#elif defined(BYTES)
typedef unsigned char Kept[8];
NOINLINE static void keep(Kept *k, double *p) {
  for (int i = 0; i < 8; ++i)
    (*k)[i] = (uintptr_t)p >> 8 * i;
}
NOINLINE static double get(Kept *k) {
  uintptr_t p = 0;
  for (int i = 0; i < 8; ++i)
    p |= (uintptr_t)(*k)[i] << 8 * i;
  return *(double *)p;
}
#elif defined(HALVES)
typedef struct {
  double *place, *next;
} Kept;
NOINLINE static void keep(Kept *k, double *p) {
  k->place = p;
  k->next = p + 1;
}
NOINLINE static double get(Kept *k) {
  double first = *k->place;
  uint32_t *a = (uint32_t *)&k->place, *b = (uint32_t *)&k->next, t = *a;
  *a = *b;
  *b = t;
  return first * *k->place;
}
#elif defined(HARMLESS)
typedef struct {
  double *place;
  int aligned, bucket;
  long distance;
} Kept;
NOINLINE static void keep(Kept *k, double *p) {
  k->place = p;
  k->aligned = ((uintptr_t)p & 15) == 0;
  k->bucket = (uintptr_t)p % 61;
  k->distance = (char *)p - (char *)k;
  fprintf(stderr, "%x\n", (unsigned)(uintptr_t)p);
}
NOINLINE static double get(Kept *k) {
  return *k->place * (k->bucket == (uintptr_t)k->place % 61) *
         ((char *)k->place == (char *)k + k->distance);
}
#else
typedef struct {
  uint32_t low, high;
} Kept;
NOINLINE static void keep(Kept *k, double *p) {
  k->low = (uintptr_t)p;
  k->high = (uintptr_t)p >> 32;
}
NOINLINE static double get(Kept *k) {
  return *(double *)((uintptr_t)k->high << 32 | k->low);
}
#endif

#ifdef ARGUMENTS
NOINLINE static double both(double *p, uint32_t low, uint32_t high) {
  return *p * *(double *)((uintptr_t)high << 32 | low);
}
static double f(double x) {
  double y[2] = {x, x * x};
  return both(y, (uintptr_t)&y[1], (uintptr_t)&y[1] >> 32);
}
#elif defined(PASSED)
static double f(double x) {
  Value *v = malloc(sizeof *v);
  v->number = x * x;
  double y = passed(*v, x < 0) * x;
  free(v);
  return y;
}
#elif defined(RETURNED)
static double f(double x) {
  float y = x;
  Value *v = malloc(sizeof *v);
  *v = returned(x * x, x < 0 ? &y : 0);
  double z = v->number * x;
  free(v);
  return z;
}
#elif defined(HALVES)
static double f(double x) {
  double *y = malloc(2 * sizeof *y);
  y[0] = x * x;
  y[1] = x;
  Kept k;
  keep(&k, y);
  double z = get(&k);
  free(y);
  return z;
}
#else
static double f(double x) {
  double y[2] = {x * x, x};
  Kept k;
  keep(&k, &y[x < 0]);
  return get(&k) * x;
}
#endif

int main(void) {
#ifdef FORWARD
  return __enzyme_fwddiff((void *)f, 2, 1) != 12;
#else
  return __enzyme_autodiff((void *)f, 2) != 12;
#endif
}
