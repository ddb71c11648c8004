// Integers that are calculated from the bits of doubles, and are left in a global
// variable of which another function makes doubles: refused, wherever in it they are.
// DEFINE: %{way} =
// DEFINE: %{refused} = not %clang -w -c -fpass-plugin=%plugin -DWAY=%{way} %s -o %t.o 2>&1
// DEFINE: %{levels} = %{refused} -O0 | FileCheck %s && %{refused} -O2 | FileCheck %s
// REDEFINE: %{way} = 1
// RUN: %{levels}
// REDEFINE: %{way} = 2
// RUN: %{levels}
// REDEFINE: %{way} = 3
// RUN: %{levels}
// REDEFINE: %{way} = 4
// RUN: %{levels}
// REDEFINE: %{way} = 5
// RUN: %{levels}
// REDEFINE: %{way} = 6
// RUN: %{levels}
// RUN: %clang -O0 -DWAY=0 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O2 -DWAY=0 -fpass-plugin=%plugin %s -o %t && %t
// CHECK: error: a float is made from integer arithmetic on the bits of an active float [unsupported-instruction]
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

double __enzyme_autodiff(void *, ...);

#define NOINLINE __attribute__((noinline))

NOINLINE static uint64_t twice(double x) {
  uint64_t bits;
  memcpy(&bits, &x, 8);
  return bits + ((uint64_t)1 << 52);
}
NOINLINE static double number(const uint64_t *bits) {
  double x;
  memcpy(&x, bits, 8);
  return x;
}

#if WAY == 0 // A hash, and what was calculated for it: nothing is made of its bits.
static struct {
  uint64_t key;
  double input, value;
} cache[4];
static uint64_t hash;
static int found;
NOINLINE static void put(double x) {
  hash = (hash ^ twice(x)) * 0x9E3779B97F4A7C15;
  hash = hash >> 7 | hash << 57;
}
static double get1(double x) {
  unsigned i = hash % 4;
  if (cache[i].key == hash && cache[i].input == x) {
    ++found;
    return cache[i].value;
  }
  cache[i].key = hash, cache[i].input = x;
  return cache[i].value = x * x;
}
static double f(double x) {
  hash = 1;
  put(x);
  double a = get1(x);
  hash = 1;
  put(x);
  return a * get1(x);
}
int main(void) {
  return __enzyme_autodiff((void *)f, 1.5) != 4 * 1.5 * 1.5 * 1.5 || found != 1;
}
#else
#if WAY == 1
static uint64_t bits;
NOINLINE static void put(double x) { bits = twice(x); }
NOINLINE static double get(void) { return number(&bits); }
#elif WAY == 2 // By an index, and moved on.
static uint64_t many[4], last;
NOINLINE static void put(double x) {
  for (int i = 0; i < 4; ++i)
    many[i] = twice(x) + i;
}
NOINLINE static void move(void) { last = many[2]; }
static double get(void) {
  move();
  return number(&last);
}
#elif WAY == 3 // By a result.
static uint64_t bits;
NOINLINE static void put(double x) { bits = twice(x); }
NOINLINE static uint64_t fetch(void) { return bits; }
static double get(void) {
  uint64_t b = fetch();
  return number(&b);
}
#elif WAY == 4 // Where a variable leads to.
static uint64_t *bits;
NOINLINE static void put(double x) {
  bits = malloc(sizeof *bits);
  *bits = twice(x);
}
NOINLINE static double get(void) { return number(bits); }
#elif WAY == 5 // Beside a double.
static struct {
  double scale;
  uint64_t bits;
} s;
NOINLINE static void put(double x) { s.scale = x, s.bits = twice(x); }
NOINLINE static double get(void) { return number(&s.bits) * s.scale; }
#elif WAY == 6 // In halves.
static uint32_t low, high;
NOINLINE static void put(double x) { low = twice(x), high = twice(x) >> 32; }
NOINLINE static double get(void) {
  uint64_t b = (uint64_t)high << 32 | low;
  return number(&b);
}
#endif
static double f(double x) {
  put(x);
  return get();
}
double d(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
