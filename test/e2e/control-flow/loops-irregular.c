// Loops of shapes that compilers do not like: entered in the middle, left from two
// levels at once, continued from inside a switch, with a counter that runs both ways,
// do-while in for, Duff's device, a loop that never runs.
// RUN: %check %s %t

#include "../Inputs/check.h"

double middle(const double *x) {
  double s = x[0];
  int i = 0;
  if (x[1] > 1)
    goto inside;
  for (; i < 6; ++i) {
    s = s * x[1] + 0.2;
  inside:
    s = sin(s) + x[2] * i;
  }
  return s;
}
FUNCTIONAL(middle, 3)

double levels(const double *x) {
  double s = 0;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) {
      for (int k = 0; k < 3; ++k) {
        s += x[i] * x[j] * (k + 1) * 0.1;
        if (s > 2.5)
          goto out;
        if (x[k] > x[j])
          goto next;
      }
      s *= 0.95;
    }
  next:
    s += x[i] * s;
  }
out:
  return s * x[0];
}
FUNCTIONAL(levels, 4)

double duff(const double *x) {
  const double *p = x;
  double s = 1;
  int n = 7, rounds = (n + 3) / 4;
  switch (n % 4) {
  case 0:
    do {
      s = s * 0.9 + *p++;
    case 3:
      s = s * *p++;
    case 2:
      s = s + sin(*p++);
    case 1:
      s = s / *p++;
    } while (--rounds > 0);
  }
  return s;
}
FUNCTIONAL(duff, 7)

// Up and down again until they meet.
double meeting(const double *x) {
  double v[8], s = 0;
  memcpy(v, x, sizeof v);
  int low = 0, high = 7;
  while (low < high) {
    switch ((v[low] > 1) + 2 * (v[high] > 1)) {
    case 0:
      ++low;
      continue;
    case 1: {
      double t = v[low];
      v[low] = v[high] * x[0], v[high] = t;
    } // falls through
    case 2:
      --high;
      break;
    case 3:
      s += v[low] * v[high];
      ++low;
      --high;
      break;
    }
    s = 0.5 * s + v[low];
  }
  return s * v[3] + v[4] * v[0];
}
FUNCTIONAL(meeting, 8)

void nested(double *x) {
  for (int i = 5; i > 0; i -= 2) {
    int j = i;
    do {
      x[j] = x[j - 1] * x[j];
      if (x[j] < 0.5)
        break;
    } while (--j > 0);
    for (int k = 9; k < j; ++k)
      x[k] = 0; // never
    while (x[i] > 1.5)
      x[i] *= 0.7;
  }
}
INPLACE(nested, 6)
