// A struct with a number and a pointer that is loaded as one vector of doubles,
// as LLVM does for Eigen's structs that are aligned for AVX: the lane with the
// pointer is a pointer. RUN: %check %s %t

#include "../Inputs/check.h"

typedef double Lanes __attribute__((vector_size(32)));
struct Scaled {
  double scale, unused;
  double *values;
  double offset;
} __attribute__((aligned(32)));

__attribute__((noinline)) static double sum(const struct Scaled *s) {
  Lanes lanes;
  double *values;
  memcpy(&lanes, s, sizeof lanes);
  double bits = lanes[2];
  memcpy(&values, &bits, sizeof values);
  return lanes[0] * (values[0] + values[1] * values[2]) + lanes[3] * values[0];
}

double scaled(const double *x) {
  double copies[3] = {x[0] * x[0], x[1], x[2] * x[3]};
  struct Scaled s = {x[1], 0, copies, x[3]};
  return sum(&s);
}
FUNCTIONAL(scaled, 4)
