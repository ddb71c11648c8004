// Control flow that no structured statement makes: goto into loops, loops with
// two entries, state machines, Duff's device.
// RUN: %check %s %t

#include "../Inputs/check.h"

double twoEntries(const double *x) {
  double s = x[0];
  int n = 0;
  if (x[1] > 1)
    goto middle;
top:
  s = s * x[1] + 0.1;
middle:
  s += sin(s) * x[2];
  if (++n < 7)
    goto top;
  return s;
}
FUNCTIONAL(twoEntries, 3)

double crossing(const double *x) {
  double a = x[0], b = x[1];
  int n = 0;
  if (a > b)
    goto second;
first:
  a = a * 0.9 + b * b * 0.1;
  if (++n > 10)
    goto out;
  if (a > 1.0)
    goto first;
second:
  b = b * a * 0.5 + 0.4;
  if (++n > 12)
    goto out;
  if (b > 0.9)
    goto second;
  goto first;
out:
  return a * b;
}
FUNCTIONAL(crossing, 2)

double machine(const double *x) {
  double v = x[0];
  int state = 0;
  for (int step = 0; step < 25; ++step)
    switch (state) {
    case 0:
      v = v * x[1];
      state = v > 1 ? 1 : 2;
      break;
    case 1:
      v = 1 / (v + 0.5);
      state = 3;
      break;
    case 2:
      v += x[2] * v;
      state = v > 2 ? 0 : 1;
      break;
    case 3:
      v = sin(v) + 0.2;
      state = step % 3;
      break;
    }
  return v;
}
FUNCTIONAL(machine, 3)

double duff(const double *x) {
  double s = 0.1;
  int count = 11, n = (count + 3) / 4, i = 0;
  switch (count % 4) {
    do {
    case 0:
      s += x[i++] * s + 0.1;
    case 3:
      s += x[i++] * s + 0.1;
    case 2:
      s *= x[i++];
    case 1:
      s += x[i++] * x[0];
    } while (--n > 0);
  }
  return s;
}
FUNCTIONAL(duff, 11)

// An irreducible cycle inside a loop, with memory written on the way.
void irreducibleMemory(double *x) {
  for (int k = 0; k < 4; ++k) {
    int i = k;
    if (x[k] > 1)
      goto in;
    do {
      x[i] *= x[(i + 1) & 3];
    in:
      x[(i + 2) & 3] += 0.1 * x[i] * x[i];
      i = (i + 1) & 3;
    } while (i != k && x[i] < 3);
  }
}
INPLACE(irreducibleMemory, 4)

double backwards(const double *x) {
  double s = 1;
  int i = 0;
  goto test;
again:
  s = s * x[i] + x[0];
  ++i;
test:
  if (i < 4)
    goto again;
  if (s > 100)
    return 0;
  return s;
}
FUNCTIONAL(backwards, 4)
