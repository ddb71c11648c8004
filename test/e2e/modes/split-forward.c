// Split forward mode: an augmented primal fills a tape, and a forward sweep moves
// tangents along the path that is there, without the primal's memory.
// RUN: %check %s %t

#define SPLIT
#define OWN_CHECKS
#include "../Inputs/check.h"

extern int enzyme_tape, enzyme_allocated;
int enzyme_tape, enzyme_allocated, enzyme_nofree;
size_t __enzyme_augmentsize(void *, ...);
double __enzyme_augmentfwd_own(void *, ...);
double __enzyme_fwddiff_number(void *, ...);
double __enzyme_reverse_number(void *, ...);

// Loops of unknown length inside each other, with two ways out of one of them.
double paths(const double *x) {
  double s = 0, product = 1;
  for (double t = 0.1; t < 4; t += 0.3 * x[0] + 0.05) {
    double u = x[1];
    for (int k = 0; k < 9; ++k) {
      u = u * 0.75 + t * x[2];
      if (u > 2)
        break;
      switch (k % 4) {
      case 0:
        s += sin(u);
        break;
      case 2:
        product *= 1 + 0.1 * u;
        // fall through
      case 3:
        s -= t * u;
      }
    }
    while (u > 0.5 && s < 50) {
      u -= 0.25 * x[0];
      s += u * u;
      if (s > 40)
        return s * product;
    }
  }
  return s * product + x[1];
}
FUNCTIONAL(paths, 3)

// Recursion of two functions, called in a loop: tapes in tapes.
static double even(const double *x, int n, double by);
__attribute__((noinline)) static double odd(const double *x, int n, double by) {
  double *own = (double *)malloc(sizeof *own);
  *own = n > 0 ? even(x, n - 1, by * 0.5) * x[n % 3] : by;
  double result = sin(*own) + by * by;
  free(own);
  return result;
}
__attribute__((noinline)) static double even(const double *x, int n, double by) {
  return n > 0 ? odd(x, n - 1, by + x[0]) * by : x[2];
}
double mutual(const double *x) {
  double s = 0;
  for (double t = x[0]; t < 6; t += x[1] + 0.5)
    s += even(x, (int)t + 2, 0.1 * t);
  return s;
}
FUNCTIONAL(mutual, 3)

// Memory that begins as zero, is filled, and copied with the pointers in it.
struct node {
  double value;
  struct node *next;
  double weight[3];
};
static struct node *make(int n, const double *x) {
  struct node *head = NULL;
  for (int i = 0; i < n; ++i) {
    struct node *one = (struct node *)calloc(1, sizeof *one);
    one->weight[i % 3] += x[i % 3];
    one->value = one->weight[0] + one->weight[1] * x[0];
    one->next = head;
    head = one;
  }
  return head;
}
void lists(const double *x, double *y) {
  struct node *head = make(5, x), copies[5];
  int n = 0;
  for (struct node *p = head; p; p = p->next) {
    copies[n] = *p;
    copies[n].weight[1] *= copies[n].value + x[1];
    if (n > 0)
      copies[n - 1].next = &copies[n];
    ++n;
  }
  memset(&head->value, 0, sizeof head->value);
  y[0] = y[1] = 0;
  for (struct node *p = copies; p; p = p->next)
    y[0] += p->value * p->weight[1] + p->weight[2];
  for (struct node *p = head; p;) {
    struct node *next = p->next;
    y[1] += p->value * p->weight[0] + p->weight[1];
    free(p);
    p = next;
  }
}
MAP(lists, 3, 2)

// Elements move up and down within one array.
void shifts(double *x) {
  for (int k = 0; k < 3; ++k) {
    memmove(x + 1, x, 4 * sizeof *x);
    x[0] = x[4] * x[2];
    memmove(x, x + 2, 2 * sizeof *x);
    for (int i = 0; i < 5; ++i)
      x[i] += 0.1 * sin(x[i]);
  }
}
INPLACE(shifts, 5)

// A variable of the program's that keeps values.
static double kept[2];
__attribute__((noinline)) static void keep(double v) {
  kept[1] = kept[0];
  kept[0] = v * v;
}
double global(const double *x) {
  double s = 0;
  for (int i = 0; i < 4; ++i) {
    keep(x[i % 2] + s);
    s += kept[0] * (i > 0 ? kept[1] : 1);
  }
  return s;
}
FUNCTIONAL(global, 2, .low = 0.2, .high = 0.4)

static double product(double x, float y, double by) { return sin(x) * y * y * by; }

/// Parameters by value have their tangents behind them, the result gives one.
static void scalars(void) {
  void *tape = __enzyme_augmentfwd((void *)product, 0.5, 1.5f, enzyme_const, 3.0);
  for (int k = 0; k < 3; ++k)
    EXPECT(__enzyme_fwdsplit_number((void *)product, enzyme_nofree, 0.5, 1.0 * k,
                                    1.5f, 2.0f, enzyme_const, 3.0, tape),
           3 * (cos(0.5) * 2.25 * k + sin(0.5) * 3 * 2));
  __enzyme_fwdsplit((void *)product, 0.5, 2.0, 1.5f, 0.0f, enzyme_const, 3.0, tape);
}

/// Other tangents each time, the last time a reverse sweep before them.
static void otherTangents(void) {
  double x[3] = {0.75, 0.5, 0.25}, d[3], gradient[3] = {0, 0, 0}, at[3];
  memcpy(at, x, sizeof x);
  void *tape = __enzyme_augmentfwd((void *)paths, enzyme_dup, x, gradient);
  memset(x, 0, sizeof x);
  __enzyme_reverse((void *)paths, enzyme_nofree, enzyme_dup, x, gradient, 1.0, tape);
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 3; ++k)
      d[k] = k == i;
    EXPECT(__enzyme_fwdsplit_number((void *)paths, enzyme_nofree, enzyme_dup, x, d,
                                    tape),
           gradient[i]);
    EXPECT(__enzyme_fwddiff_number((void *)paths, enzyme_dup, at, d), gradient[i]);
  }
  __enzyme_fwdsplit((void *)paths, enzyme_dup, x, d, tape);
}

static void ownMemory(void) {
  double x[3] = {0.75, 0.5, 0.25}, d[3] = {1, -2, 0.5};
  double expected = __enzyme_fwddiff_number((void *)mutual, enzyme_dup, x, d);
  size_t size = __enzyme_augmentsize((void *)mutual, enzyme_dup);
  char *memory = (char *)malloc(size + 8);
  double y = __enzyme_augmentfwd_own((void *)mutual, enzyme_allocated, size,
                                     enzyme_tape, memory + 8, enzyme_dup, x, d);
  EXPECT(y, mutual(x));
  EXPECT(__enzyme_fwdsplit_number((void *)mutual, enzyme_allocated, size,
                                  enzyme_tape, memory + 8, enzyme_dup, x, d),
         expected);
  free(memory);
}

static void ownChecks(void) {
  scalars();
  otherTangents();
  ownMemory();
}
