// Switches: sparse and dense, with fall-through, over states, in loops with
// continue, around loops, with ranges, on characters, as Duff's device.
// RUN: %check %s %t

#include "../Inputs/check.h"

// A recursive-descent calculator over text with named variables.
struct Parser {
  const char *at;
  const double *x;
};
static double sum(struct Parser *p);
static double factor(struct Parser *p) {
  switch (*p->at) {
  case '(': {
    p->at++;
    double v = sum(p);
    p->at++;
    return v;
  }
  case '-':
    p->at++;
    return -factor(p);
  case 's':
    p->at++;
    return sin(factor(p));
  case 'r':
    p->at++;
    return sqrt(factor(p));
  case '0' ... '9': {
    double v = 0;
    for (; *p->at >= '0' && *p->at <= '9'; p->at++)
      v = 10 * v + (*p->at - '0');
    return v;
  }
  default:
    return p->x[*p->at++ - 'a'];
  }
}
static double product(struct Parser *p) {
  double v = factor(p);
  for (;;) {
    switch (*p->at) {
    case '*':
      p->at++;
      v *= factor(p);
      continue;
    case '/':
      p->at++;
      v /= factor(p);
      continue;
    }
    return v;
  }
}
static double sum(struct Parser *p) {
  double v = product(p);
  while (*p->at == '+' || *p->at == '-') {
    char sign = *p->at++;
    double w = product(p);
    v = sign == '+' ? v + w : v - w;
  }
  return v;
}
void calculator(const double *x, double *y) {
  static const char *const formulas[] = {"a*(b+s(c*d))-2/a", "r(a*a+b*b)*-c+10*d/(3+a)", "s(s(a+b)*c)/d-a*b*c*d"};
  for (int i = 0; i < 3; ++i) {
    struct Parser p = {formulas[i], x};
    y[i] = sum(&p);
  }
}
MAP(calculator, 4, 3)

// States with memory, left from inside.
double protocol(const double *x) {
  enum { IDLE, RAMP, HOLD = 40, DECAY = 1000, DONE = -7 } state = IDLE;
  double level = 0, total = 0, left = x[0];
  for (int step = 0; step < 40; ++step) {
    switch (state) {
    case IDLE:
      level = 0.1 * x[1];
      state = RAMP;
      break;
    case RAMP:
      level += x[2] * (1.5 - level);
      if (level > 1) {
        state = HOLD;
        continue;
      }
      break;
    case HOLD:
      left -= 0.2 * level;
      if (left > 0)
        break;
      state = DECAY;
      // falls through
    case DECAY:
      level *= 0.5 + 0.1 * x[1];
      if (level < 0.05)
        state = DONE;
      break;
    case DONE:
      return total * level;
    }
    total += level * level;
  }
  return total;
}
FUNCTIONAL(protocol, 3)

// Loop and switch interleaved.
static void device(double *to, const double *from, int count, double scale) {
  int n = (count + 3) / 4;
  switch (count % 4) {
  case 0:
    do {
      *to++ += scale * *from++;
    case 3:
      *to++ += scale * *from++;
    case 2:
      *to++ -= scale * *from++;
    case 1:
      *to++ += scale * *from++ * *from;
    } while (--n > 0);
  }
}
void duff(const double *x, double *y) {
  for (int i = 0; i < 10; ++i)
    y[i] = x[i] * x[(i + 3) % 10];
  for (int count = 4; count < 9; ++count)
    device(y, x, count, x[9] / count);
}
MAP(duff, 10, 10)

// Piecewise functions, chosen by an active value that is made an integer.
double spline(const double *x) {
  double r = 0;
  for (int i = 0; i < 6; ++i) {
    double t = x[i] * 4, f = t - floor(t);
    double a = x[(i + 1) % 6], b = x[(i + 2) % 6];
    switch ((int)floor(t)) {
    case 2:
      r += a * f * f;
      break;
    case 3:
      r += a + b * f;
      break;
    case 4:
      r *= 1 + f * a;
      // falls through
    case 5:
      r -= f * b;
      break;
    default:
      r = r + a * b * f;
    }
  }
  return r;
}
FUNCTIONAL(spline, 6)
