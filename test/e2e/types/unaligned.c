// Floats at odd places: packed structs, a stream of bytes with a header, copies
// between aligned and unaligned memory, arrays that overlap a header.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <stdint.h>

#define NOINLINE __attribute__((noinline))

#pragma pack(push, 1)
struct header {
  uint8_t kind;
  double scale;
  uint16_t count;
  float values[3];
};
#pragma pack(pop)

NOINLINE static double sum(const struct header *h) {
  double s = 0;
  for (int i = 0; i < h->count; ++i)
    s += h->values[i] * h->scale * (h->kind + i);
  return s;
}
double packed(const double *x) {
  struct header h[2];
  for (int k = 0; k < 2; ++k) {
    h[k].kind = k + 1;
    h[k].scale = x[k] * x[3];
    h[k].count = 3 - k;
    for (int i = 0; i < 3; ++i)
      h[k].values[i] = x[i] * 2;
  }
  struct header copy = h[1];
  copy.scale += sum(&h[0]);
  return sum(&copy) * sum(&h[1]);
}
FUNCTIONAL(packed, 4, .step = 1e-3, .tolerance = 1e-4, .precision = 1e-6)

// A message: one byte that says how many doubles follow it, without alignment.
NOINLINE static int encode(char *to, const double *v, int n) {
  to[0] = n;
  for (int i = 0; i < n; ++i)
    memcpy(to + 1 + i * sizeof *v, v + i, sizeof *v);
  return 1 + n * sizeof *v;
}
NOINLINE static double decode(const char *from) {
  int n = from[0];
  double s = 0, v;
  for (int i = 0; i < n; ++i) {
    memcpy(&v, from + 1 + i * sizeof v, sizeof v);
    s = s * 0.7 + v * v;
  }
  return s;
}
double messages(const double *x) {
  char stream[64];
  double scaled[3] = {x[0] * x[1], x[1], x[2] * 3};
  int end = encode(stream, scaled, 3);
  encode(stream + end, x, 2);
  return decode(stream) * decode(stream + end);
}
FUNCTIONAL(messages, 3)

typedef double Loose __attribute__((aligned(1)));
void shifted(const double *x, double *y) {
  char room[5 * sizeof(double) + 3];
  Loose *p = (Loose *)(room + 3);
  for (int i = 0; i < 5; ++i)
    p[i] = x[i];
  for (int i = 1; i < 5; ++i)
    p[i] *= p[i - 1];
  double aligned[5];
  memcpy(aligned, p, sizeof aligned);
  for (int i = 0; i < 5; ++i)
    y[i] = aligned[i] + p[4 - i] * y[i];
}
MAP(shifted, 5, 5)
