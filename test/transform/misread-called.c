// A function that is called through a pointer moves pointers word by word, or copies
// unions that it takes for doubles: the program stops there. With memory that is what
// the function takes it for, it goes on.
// RUN: %clang -O1 -w -DPIECES -fpass-plugin=%plugin %s -o %t.1
// RUN: not --crash %t.1 2>&1 | FileCheck --check-prefix=PIECES %s
// PIECES: error: {{.*}}'move' moves pointers in pieces, as integers [unsupported-instruction]
// RUN: %clang -O1 -w -DPIECES -DFORWARD -fpass-plugin=%plugin %s -o %t.2
// RUN: not --crash %t.2 2>&1 | FileCheck --check-prefix=PIECES %s
// RUN: %clang -O1 -w -DGUESS -fpass-plugin=%plugin %s -o %t.3
// RUN: not --crash %t.3 2>&1 | FileCheck --check-prefix=GUESS %s
// GUESS: error: {{.*}}'copy' copies bytes that it takes for floats, as an index runs over
// RUN: %clang -O1 -w -fpass-plugin=%plugin %s -o %t.4 && %t.4
#include <math.h>
#include <string.h>

double __enzyme_autodiff(void *, double);
double __enzyme_fwddiff(void *, double, double);

typedef union {
  double number, *place;
  unsigned words[2];
} Value;

static void move(unsigned *to, unsigned *from, int n) {
  for (int i = 0; i < n; ++i) {
    unsigned t = to[i];
    to[i] = from[i];
    from[i] = t;
  }
}
static void add(unsigned *to, unsigned *from, int n) {
  for (int i = 0; i < n; ++i)
    to[i] += from[i];
}
static void (*volatile moves[2])(unsigned *, unsigned *, int) = {move, add};

typedef struct {
  double numbers[3];
  Value values[3];
} Values;
static double copy(Values *to, Values *from, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += to->numbers[i] *= 2;
  memmove(to->values, from->values, n * sizeof to->values[0]);
  return sum;
}
static double count(Values *to, Values *from, int n) { return n; }
static double (*volatile copies[2])(Values *, Values *, int) = {copy, count};

static double f(double x) {
  double u = x * x, v = x;
#if defined(PIECES)
  Value a[2] = {{.place = &u}, {.place = &v}};
  moves[0](a[0].words, a[1].words, 2);
  return *a[0].place + 3 * *a[1].place;
#elif defined(GUESS)
  Values a, b;
  for (int i = 0; i < 3; i++) {
    a.numbers[i] = x, b.numbers[i] = 1;
    a.values[i].place = &u, b.values[i].place = &v;
  }
  return copies[0](&a, &b, x > 100 ? 2 : 3) * *a.values[1].place;
#else
  unsigned order[2] = {0, 1};
  moves[0](order, order + 1, 1);
  Values a, b;
  for (int i = 0; i < 3; i++)
    a.numbers[i] = b.numbers[i] = b.values[i].number = x;
  return u * order[0] + copies[0](&a, &b, 3) + a.values[2].number; // x^2 + 7 x
#endif
}

int main(void) {
  double x = 1.5, slope = 2 * x + 7;
#ifdef FORWARD
  return !(fabs(__enzyme_fwddiff((void *)f, x, 1) - slope) < 1e-12);
#endif
  return !(fabs(__enzyme_autodiff((void *)f, x) - slope) < 1e-12 &&
           fabs(__enzyme_fwddiff((void *)f, x, 1) - slope) < 1e-12);
}
