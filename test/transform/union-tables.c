// Unions of a pointer and a number in the caller's memory, of which some function knows
// the numbers, or the pointers, by an index only, and others the rest at fixed places.
// The seed of what becomes a number in the end is not lost where a pointer was before.
// The same where a function reaches too much memory for all to be known of it.
// RUN: %clang -O0 -DNumber=double -fpass-plugin=%plugin %s -o %t.d0 && %t.d0
// RUN: %clang -O2 -DNumber=double -fpass-plugin=%plugin %s -o %t.d2 && %t.d2
// RUN: %clang -O1 -DNumber=float -fpass-plugin=%plugin %s -o %t.f1 && %t.f1
#include <math.h>

extern int enzyme_dup, enzyme_const;
void __enzyme_autodiff(void *, ...);

typedef union {
  Number number;
  Number *place;
} Value;
#define NOINLINE __attribute__((noinline))

NOINLINE static void setPlaces(Value *v, Number *x, int n) {
  for (int i = 0; i < n; i++)
    v[i].place = &x[i];
}
NOINLINE static Number sum(Value *v, int n) {
  Number sum = 0;
  for (int i = 0; i < n; i++)
    sum += *v[i].place;
  return sum;
}
NOINLINE static void setNumbers(Value *v, Number s, int n) {
  for (int i = 0; i < n; i++)
    v[i].number = s * (i + 1);
}

static void indexedPlaces(Number *x, Value *out, int n) {
  setPlaces(out, x, n);
  out[1].number = sum(out, n) * x[1];
}
static void indexedNumbers(Number *x, Value *out, int n) {
  out[1].place = &x[0];
  out[2].place = &x[2];
  setNumbers(out, (*out[1].place + *out[2].place) * x[1], n);
}

struct Block {
  Number *places[256];
  Value value;
};
struct Blocks {
  struct Block *block[9];
};
#define ROW4(i) USE(i) USE(i + 1) USE(i + 2) USE(i + 3)
#define ROW16(i) ROW4(i) ROW4(i + 4) ROW4(i + 8) ROW4(i + 12)
#define ROW64(i) ROW16(i) ROW16(i + 16) ROW16(i + 32) ROW16(i + 48)
#define ROW256(j) t = b->block[j]; ROW64(0) ROW64(64) ROW64(128) ROW64(192)
#define USE(i) count += t->places[i] == x;
NOINLINE static void fill(Number *x, struct Blocks *b, Number s, int n) {
  b->block[0]->value.number = s;
  if (n > 100) {
    struct Block *t;
    int count = 0;
    ROW256(0) ROW256(1) ROW256(2) ROW256(3) ROW256(4)
    ROW256(5) ROW256(6) ROW256(7) ROW256(8)
    x[2] = count;
  }
}
NOINLINE static Number get(struct Blocks *b) { return *b->block[0]->value.place; }
static void farReaching(Number *x, struct Blocks *b, int n) {
  b->block[0]->value.place = &x[1];
  fill(x, b, get(b) * x[0] * x[1], n);
}

static int differs(const Number *dx, double a, double b, double c) {
  return !(fabs(dx[0] - a) < 1e-4 && fabs(dx[1] - b) < 1e-4 && fabs(dx[2] - c) < 1e-4);
}

int main(void) {
  Number x[3] = {1, 2, 3}, dx[3] = {0}, dy[3] = {0}, dz[3] = {0};
  Value out[3] = {{0}}, dout[3] = {{0}, {1}}, more[3] = {{0}}, dmore[3] = {{0}, {1}, {2}};
  __enzyme_autodiff((void *)indexedPlaces, enzyme_dup, x, dx, enzyme_dup, out, dout,
                    enzyme_const, 3);
  __enzyme_autodiff((void *)indexedNumbers, enzyme_dup, x, dy, enzyme_dup, more, dmore,
                    enzyme_const, 3);
  struct Block block = {0}, dblock = {0};
  struct Blocks blocks = {{&block}}, dblocks = {{&dblock}};
  dblock.value.number = 1;
  __enzyme_autodiff((void *)farReaching, enzyme_dup, x, dz, enzyme_dup, &blocks, &dblocks,
                    enzyme_const, 3);
  return differs(dx, 2, 8, 2) | 2 * differs(dy, 16, 32, 16) | 4 * differs(dz, 4, 4, 0);
}
